using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A network with its contract: what goes in, what comes out, and how the output over time becomes a score a class.</summary>
public sealed class Model
{
    /// <param name="name">The network's name.</param>
    /// <param name="root">Maps [B, T, units] to [B, T, classes].</param>
    /// <param name="units">Size of the input's last axis.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="readout">How the output over time becomes scores.</param>
    /// <exception cref="ArgumentException">The sizes of the layers do not fit each other; the message names the layer.</exception>
    public Model(string name, Module root, int units, int classes, ReadoutKind readout)
    {
        (Name, Root, Units, Classes, Readout) = (name, root, units, classes, readout);
        var parameters = new List<NamedParameter>();
        var buffers = new List<NamedTensor>();
        var modules = new List<Module>();
        Visit(root, "", parameters, buffers, modules);
        (Parameters, Buffers, Modules) = (parameters, buffers, modules);
        int outputs = root.OutputUnits(units);
        if (outputs != classes)
            throw new ArgumentException($"The network ends with {outputs} units, but there are {classes} classes.", nameof(root));
    }

    public string Name { get; }

    public Module Root { get; }

    /// <summary>Size of the input's last axis.</summary>
    public int Units { get; }

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

    /// <summary>Number of learned values; running statistics do not count.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Parameter.Value.Shape.Count);

    /// <summary>Runs a batch. <paramref name="input"/> is [B, T, units].</summary>
    public Prediction Forward(Tape tape, Signal input)
    {
        if (input.Shape.Last != Units)
            throw new ArgumentException($"The model {Name} takes {Units} units on the last axis, not {input.Shape.Last}.", nameof(input));
        Signal sequence = Root.Forward(tape, Padding.Cleared(tape, input));
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
