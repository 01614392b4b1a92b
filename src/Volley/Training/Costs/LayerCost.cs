namespace Volley.Training.Costs;

/// <summary>What one layer costs. Counts are of one sample, on average over those that were evaluated.</summary>
public sealed record LayerCost
{
    /// <summary>Path and kind of the layer.</summary>
    public required string Layer { get; init; }

    /// <summary>Learned values.</summary>
    public long Parameters { get; init; }

    /// <summary>Bytes of learned values and of running statistics, as float32.</summary>
    public long FootprintBytes { get; init; }

    /// <summary>Weights of synapses.</summary>
    public long Weights { get; init; }

    /// <summary>Those of them that are 0.</summary>
    public long ZeroWeights { get; init; }

    /// <summary>The part of the weights that are 0, rounded to 4 decimals; null for a layer without synapses.</summary>
    public double? ConnectionSparsity => Fraction.Of(ZeroWeights, Weights) is { } sparsity ? Math.Round(sparsity, 4) : null;

    /// <summary>Outputs of a layer that fires: neurons times steps; 0 for another layer.</summary>
    public double Activations { get; init; }

    /// <summary>Those of them that are not 0.</summary>
    public double Spikes { get; init; }

    /// <summary>The part of the outputs that are 0; null for a layer that does not fire.</summary>
    public double? ActivationSparsity => Fraction.Of(Activations - Spikes, Activations);

    /// <summary>Additions of a weight: an input that is 1 or −1 met a weight that is not 0.</summary>
    public double EffectiveAcs { get; init; }

    /// <summary>Multiply-adds: an input of another size met a weight that is not 0, or one in a step with such an input.</summary>
    public double EffectiveMacs { get; init; }

    /// <summary>Operations if no input and no weight were 0.</summary>
    public double Dense { get; init; }

    /// <summary>Changes of a membrane potential from step to step, and every neuron's first step.</summary>
    public double MembraneUpdates { get; init; }

    /// <summary>Multiply-adds on potentials and states of parallel neurons and state-space layers, step after step; of a layer that cannot stream, over the whole sequence.
    /// Not NeuroBench's.</summary>
    public double NeuronMacs { get; init; }

    /// <summary>The same if the whole sequence is computed at once, as in training: each output a sum over inputs. Not NeuroBench's.</summary>
    public double SequenceMacs { get; init; }
}

/// <summary>Parts of a whole.</summary>
internal static class Fraction
{
    /// <summary>Null where there is nothing to be a part of.</summary>
    public static double? Of(double part, double whole) => whole == 0 ? null : part / whole;
}
