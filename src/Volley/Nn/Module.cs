using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A part of a network: parameters, and a forward pass over whole sequences that records its own way back.</summary>
/// <remarks>A module holds nothing between calls but its parameters and running statistics: state belongs to the pass or to the stream.
/// Concrete modules are sealed.</remarks>
public abstract class Module
{
    /// <summary>Where the module sits in its model, such as "2" or "1.feedback"; empty until a model holds it.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>What it is called in messages: "dense", "cadlif".</summary>
    public abstract string Kind { get; }

    /// <summary>Parameters of this module alone.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>What is kept with the model but not learned by gradient: running statistics.</summary>
    public virtual IReadOnlyList<NamedTensor> Buffers => [];

    /// <summary>Modules inside this one, with their names.</summary>
    public virtual IReadOnlyList<(string Name, Module Module)> Children => [];

    /// <summary>Runs a whole batch of sequences [B, T, …].</summary>
    public abstract Signal Forward(Tape tape, Signal input);

    /// <summary>The shape of a time step behind this module, given that before it: [N] of a sequence, [L, C] of a one-dimensional signal, [H, W, C] of an image.</summary>
    /// <exception cref="ArgumentException">The module does not take that shape.</exception>
    public abstract Shape OutputShape(Shape step);

    /// <summary>"2-dense": how messages name this module.</summary>
    public override string ToString() => Path.Length == 0 ? Kind : $"{Path}-{Kind}";

    /// <summary>Throws unless the last axis has <paramref name="expected"/> units.</summary>
    protected void CheckUnits(int actual, int expected)
    {
        if (actual != expected)
            throw new ArgumentException($"Layer {this} takes {expected} units on the last axis, not {actual}.");
    }
}

/// <summary>A tensor with a name, kept with a model.</summary>
public sealed record NamedTensor(string Name, Tensor Value);
