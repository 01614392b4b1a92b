namespace Volley.Training.Costs;

/// <summary>What a network costs: the metrics of NeuroBench by the definitions of its code (Yik et al. 2025), and beside them what it has no rule for.</summary>
/// <remarks>Counts are of one sample, on average over those that were evaluated; padding does not count. docs/cost.md says what counts where.</remarks>
/// <param name="Samples">Samples that were evaluated.</param>
/// <param name="Layers">Layers with parameters, synapses or neurons, in the order of the network.</param>
public sealed record CostReport(long Samples, IReadOnlyList<LayerCost> Layers)
{
    /// <summary>Learned values.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Bytes of learned values and of running statistics, as float32.</summary>
    public long FootprintBytes => Layers.Sum(layer => layer.FootprintBytes);

    /// <summary>The part of all weights of synapses that are 0, rounded to 4 decimals; null without synapses.</summary>
    public double? ConnectionSparsity => Fraction.Of(Layers.Sum(layer => layer.ZeroWeights), Layers.Sum(layer => layer.Weights)) is { } sparsity ? Math.Round(sparsity, 4) : null;

    /// <summary>The part of all outputs of layers that fire that are 0; null where none fires.</summary>
    public double? ActivationSparsity => Fraction.Of(Layers.Sum(layer => layer.Activations - layer.Spikes), Layers.Sum(layer => layer.Activations));

    /// <inheritdoc cref="LayerCost.EffectiveAcs"/>
    public double EffectiveAcs => Layers.Sum(layer => layer.EffectiveAcs);

    /// <inheritdoc cref="LayerCost.EffectiveMacs"/>
    public double EffectiveMacs => Layers.Sum(layer => layer.EffectiveMacs);

    /// <inheritdoc cref="LayerCost.Dense"/>
    public double Dense => Layers.Sum(layer => layer.Dense);

    /// <inheritdoc cref="LayerCost.MembraneUpdates"/>
    public double MembraneUpdates => Layers.Sum(layer => layer.MembraneUpdates);

    /// <inheritdoc cref="LayerCost.NeuronMacs"/>
    public double NeuronMacs => Layers.Sum(layer => layer.NeuronMacs);

    /// <inheritdoc cref="LayerCost.SequenceMacs"/>
    public double SequenceMacs => Layers.Sum(layer => layer.SequenceMacs);

    /// <summary>Energy of the arithmetic of one sample.</summary>
    public EnergyRange Energy => EnergyRange.Of(EffectiveAcs, EffectiveMacs + NeuronMacs);
}

/// <summary>Energy of arithmetic alone, from the figures of a 45 nm process (Horowitz 2014): a proxy that leaves memory out, where most of the energy goes.</summary>
/// <param name="Int8Nanojoules">With 8-bit integers: 0.03 pJ an addition, 0.2 pJ a multiplication.</param>
/// <param name="Float32Nanojoules">With 32-bit floats: 0.9 pJ an addition, 3.7 pJ a multiplication.</param>
public readonly record struct EnergyRange(double Int8Nanojoules, double Float32Nanojoules)
{
    internal static EnergyRange Of(double additions, double multiplyAdds) =>
        new((0.03 * additions + 0.23 * multiplyAdds) / 1000, (0.9 * additions + 4.6 * multiplyAdds) / 1000);
}
