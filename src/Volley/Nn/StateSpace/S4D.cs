using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>A diagonal state-space layer with what makes it a layer of a deep network: activation, dropout, and a product that mixes the channels.</summary>
public sealed class S4D : Module, ICausal
{
    private readonly Chain _chain;

    private S4D(string kind, params ReadOnlySpan<(string Name, Module Module)> parts)
    {
        Kind = kind;
        Children = parts.ToArray();
        _chain = new Chain([.. Children.Select(child => child.Module)]);
        // Dropout writes the gradient of its input over that of its output.
        SpendsGradient = parts[^1].Module is Dropout;
    }

    public override string Kind { get; }

    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    /// <summary>Whether the backward pass destroys the gradient of the output.</summary>
    internal bool SpendsGradient { get; }

    /// <summary>GLU(W·drop(GELU(SSM(u))) + b): the S4D layer (Gu et al. 2022).</summary>
    public static S4D WithGelu(int units, StateSpaceOptions options, Rng random, float dropout = 0) => With(new Gelu(), units, options, random, dropout, "s4d");

    /// <summary>GLU(W·drop(Θ(SSM(u))) + b): the Binary S4D layer (Stan and Rhodes 2024). Only spikes reach the product.</summary>
    public static S4D Binary(int units, StateSpaceOptions options, Rng random, float dropout = 0, ISurrogate? surrogate = null, bool learnedThreshold = false) =>
        With(learnedThreshold ? new SpikeActivation(units, surrogate) : new SpikeActivation(surrogate), units, options, random, dropout, "binary-s4d");

    /// <summary>drop(GSU(SSM(u))): see <see cref="GatedSpikingUnit"/>.</summary>
    public static S4D Gated(int units, StateSpaceOptions options, Rng random, float dropout = 0, ISurrogate? surrogate = null)
    {
        (string, Module) core = ("ssm", DiagonalStateSpace.Create(units, options, random.Fork("ssm")));
        (string, Module) mix = ("mix", new GatedSpikingUnit(units, random.Fork("mix"), surrogate));
        return dropout > 0 ? new S4D("gsu-s4d", core, mix, ("dropout", new Dropout(dropout))) : new S4D("gsu-s4d", core, mix);
    }

    /// <summary>GLU(W·drop(activation(SSM(u))) + b) with any activation, such as a layer of spiking neurons of as many units.</summary>
    public static S4D With(Module activation, int units, StateSpaceOptions options, Rng random, float dropout = 0, string kind = "s4d")
    {
        (string, Module) core = ("ssm", DiagonalStateSpace.Create(units, options, random.Fork("ssm")));
        (string, Module) act = ("activation", activation), mix = ("mix", new GatedLinear(activation.OutputShape(units).Last, units, random.Fork("mix")) { SpendsInput = activation is Gelu });
        return dropout > 0 ? new S4D(kind, core, act, ("dropout", new Dropout(dropout)), mix) : new S4D(kind, core, act, mix);
    }

    public override Shape OutputShape(Shape step) => _chain.OutputShape(step);

    public override Signal Forward(Tape tape, Signal input) => _chain.Forward(tape, input);

    Stage ICausal.OpenStage(StageInput input) => ((ICausal)_chain).OpenStage(input);
}
