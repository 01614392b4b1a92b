namespace Volley.Nn.Monitoring;

/// <summary>Names of what can be recorded of a layer, beside the states of a neuron, which bear the names that its kernel gives them ("V", "W").</summary>
public static class Quantity
{
    /// <summary>What the layer fired: 1, or −1 for a negative spike of a ternary layer.</summary>
    public const string Spikes = "spikes";

    /// <summary>What came into neurons; what a layer of synapses, with delays or without, sends on.</summary>
    public const string Current = "current";

    /// <summary>The membrane potential at the threshold test, charged and not yet reset: the state V of a neuron model (its first, where none is named so), H of
    /// parallel neurons, what a threshold without state compares.</summary>
    public const string Membrane = "membrane";

    /// <summary>u − θ: where it exceeds 0 (or reaches it, as the layer's convention says) the neuron fires.</summary>
    public const string Distance = "distance";

    /// <summary>Those that do not depend on the model of a neuron.</summary>
    internal static IReadOnlyList<string> OfAnyLayer { get; } = [Spikes, Membrane, Distance, Current];
}
