namespace Volley.Plots;

/// <summary>What a layer costs for one test sample, on average; NaN where a layer has no such thing.</summary>
public sealed record LayerCosts(string Layer)
{
    public double Parameters { get; init; }

    /// <summary>Of parameters and running statistics.</summary>
    public double Bytes { get; init; }

    /// <summary>The part of the weights that are 0.</summary>
    public double ConnectionSparsity { get; init; } = double.NaN;

    /// <summary>The part of the outputs that are 0.</summary>
    public double ActivationSparsity { get; init; } = double.NaN;

    /// <summary>Additions of a weight because of a spike.</summary>
    public double Additions { get; init; }

    /// <summary>Multiply-adds of inputs that are no spikes.</summary>
    public double MultiplyAdds { get; init; }

    /// <summary>Operations of the synapses if nothing were 0.</summary>
    public double Dense { get; init; }

    /// <summary>Changes of membrane potentials.</summary>
    public double MembraneUpdates { get; init; }

    /// <summary>Multiply-adds of the neurons' own steps.</summary>
    public double NeuronMultiplyAdds { get; init; }

    /// <summary>Multiply-adds of layers that see whole sequences.</summary>
    public double SequenceMultiplyAdds { get; init; }
}

/// <summary>What a network costs for one test sample.</summary>
/// <param name="LowNanojoules">Energy of the arithmetic with small integers.</param>
/// <param name="HighNanojoules">Energy of the arithmetic with 32-bit floats.</param>
public sealed record RunCost(IReadOnlyList<LayerCosts> Layers, double LowNanojoules, double HighNanojoules);
