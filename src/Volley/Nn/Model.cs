using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A network with its contract: what goes in, what comes out, and how the output over time becomes a score a class.</summary>
public sealed class Model
{
    /// <param name="name">The network's name.</param>
    /// <param name="root">Maps [B, T, …] to [B, T, classes].</param>
    /// <param name="input">The shape of a time step of the input: [N], or the number N by itself; [L, C]; [H, W, C].</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="readout">How the output over time becomes scores.</param>
    /// <exception cref="ArgumentException">The sizes of the layers do not fit each other; the message names the layer.</exception>
    public Model(string name, Module root, Shape input, int classes, ReadoutKind readout)
    {
        (Name, Root, InputShape, Classes, Readout) = (name, root, input, classes, readout);
        var parameters = new List<NamedParameter>();
        var buffers = new List<NamedTensor>();
        var modules = new List<Module>();
        Visit(root, "", parameters, buffers, modules);
        (Parameters, Buffers, Modules) = (parameters, buffers, modules);
        Shape output = root.OutputShape(input);
        if (output != classes)
            throw new ArgumentException($"The network ends with {(output.Rank == 1 ? $"{output.Last} units" : $"steps of shape {output}")}, but there are {classes} classes.", nameof(root));
    }

    public string Name { get; }

    public Module Root { get; }

    /// <summary>The shape of a time step of the input: [N], [L, C] or [H, W, C].</summary>
    public Shape InputShape { get; }

    /// <summary>Elements of a time step of the input.</summary>
    public int Units => InputShape.Count;

    public int Classes { get; }

    public ReadoutKind Readout { get; }

    /// <summary>The model's own description as JSON, kept in its file so that it can be rebuilt; null for a model made by hand.</summary>
    public string? Description { get; init; }

    /// <summary>What must be done to a recording before the model understands it, as JSON, kept in its file; null where sequences go in as they are.
    /// <see cref="Volley.Recipes"/> reads and writes it as <c>model.Input</c>.</summary>
    public string? InputDescription { get; set; }

    /// <summary>Every module, outermost first.</summary>
    public IReadOnlyList<Module> Modules { get; }

    /// <summary>Everything learned, with unique paths such as "1.weight".</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Running statistics, with unique paths.</summary>
    public IReadOnlyList<NamedTensor> Buffers { get; }

    /// <summary>Whether delays were learned: evaluation then rounds them to whole steps, unless asked for what training sees.</summary>
    public bool HasLearnedDelays => Modules.Any(module => module is IDelays { LearnsDelays: true });

    /// <summary>Time steps that delays make the output longer than the input.</summary>
    public int ExtraSteps => Modules.OfType<IDelays>().Sum(layer => layer.Extra);

    /// <summary>Number of learned values; running statistics do not count.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Parameter.Value.Shape.Count);

    /// <summary>Runs a batch. <paramref name="input"/> is [B, T, …] with steps of the shape <see cref="InputShape"/>; with the same number of elements along other
    /// axes, it is seen in that shape.</summary>
    public Prediction Forward(Tape tape, Signal input)
    {
        if (input.Shape.Rank < 3 || input.Shape.Step.Count != Units)
            throw new ArgumentException($"The model {Name} takes sequences [B, T, …] with steps of shape {InputShape}, {Units} units, not the shape {input.Shape}.", nameof(input));
        Signal sequence = Root.Forward(tape, Axes.SeenAs(tape, Padding.Cleared(tape, input), InputShape));
        return new Prediction(sequence, ReadoutNode.Apply(tape, Readout, sequence));
    }

    private static void Visit(Module module, string path, List<NamedParameter> parameters, List<NamedTensor> buffers, List<Module> modules)
    {
        module.Path = path;
        modules.Add(module);
        string prefix = path.Length == 0 ? "" : path + ".";
        foreach (Parameter parameter in module.Parameters)
            parameters.Add(new NamedParameter(prefix + parameter.Name, parameter));
        foreach (NamedTensor buffer in module.Buffers)
            buffers.Add(buffer with { Name = prefix + buffer.Name });
        foreach ((string name, Module child) in module.Children)
            Visit(child, prefix + name, parameters, buffers, modules);
    }
}

/// <summary>A parameter with its path in the model.</summary>
public readonly record struct NamedParameter(string Path, Parameter Parameter);

/// <summary>What a model made of a batch.</summary>
/// <param name="Sequence">The output over time [B, T, C].</param>
/// <param name="Scores">One score a class [B, C]; with <see cref="ReadoutKind.EachStep"/> one a step and class [B, T, C].</param>
public readonly record struct Prediction(Signal Sequence, Tensor Scores);
