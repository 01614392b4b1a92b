namespace Volley.Nn;

/// <summary>How the output sequence [B, T, C] becomes one score a class [B, C]. Steps behind a sample's length do not count.</summary>
public enum ReadoutKind
{
    /// <summary>Σₜ softmax(y[t]): sparch and DCLS-Delays.</summary>
    SumSoftmax,

    /// <summary>Mean over time.</summary>
    Mean,

    /// <summary>Maximum over time; the first arg-max gets the gradient.</summary>
    Max,

    /// <summary>The last step that counts.</summary>
    Last,

    /// <summary>Σₜ y[t]: the number of spikes of a spiking output.</summary>
    SpikeCount,

    /// <summary>y[t] at every step, [B, T, C]: a decision a step, for data with a label a step.</summary>
    EachStep,
}
