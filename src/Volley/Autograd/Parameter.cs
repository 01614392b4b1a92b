using Volley.Tensors;

namespace Volley.Autograd;

/// <summary>Something that is learned: a value, its gradient, and hints for the optimiser.</summary>
/// <param name="name">The name within its module, such as "weight"; a model puts the module's path before it.</param>
/// <param name="value">The initial value, which the parameter owns from then on.</param>
public sealed class Parameter(string name, Tensor value)
{
    public string Name { get; } = name;

    public Tensor Value { get; } = value;

    /// <summary>What backward passes added up since it was last cleared.</summary>
    public Tensor Gradient { get; } = Tensor.Zeros(value.Shape);

    /// <summary>The learning rate is multiplied by this.</summary>
    public float RateScale { get; init; } = 1;

    /// <summary>Parameters of a group may have a learning rate and a schedule of their own, instead of <see cref="RateScale"/>; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>False for what weight decay must leave alone: biases, normalisation, time constants, delays.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>After each step the optimiser projects the value into this box; null for no bounds.</summary>
    public (float Min, float Max)? Box { get; init; }

    public override string ToString() => $"{Name} {Value.Shape}";
}
