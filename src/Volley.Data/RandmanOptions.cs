namespace Volley.Data;

/// <summary>The shape of a <see cref="Randman"/> task. The defaults are the embedded quick start.</summary>
/// <remarks>With the defaults but 400 training samples a class, softmax regression on spike times reached 98.7 % of the test samples, a net
/// without memory 37 %, anything on counts 10 %; a 50-128-128-10 net of cAdLIF neurons reached 99.4 % in 8 epochs over all of them. On a manifold of
/// dimension 1 with 50 steps the net without memory reached 87 %, from spikes that coincide: hence two dimensions and 100 steps.</remarks>
public sealed record RandmanOptions
{
    /// <summary>Number of manifolds, one a class.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Input units, each of which fires once a sample.</summary>
    public int Units { get; init; } = 50;

    /// <summary>Time steps of a sample, at most 65 536.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Dimension of the manifolds, 1 … 8.</summary>
    public int Dimension { get; init; } = 2;

    /// <summary>Smoothness α &gt; 0: the amplitude of the k-th harmonic falls as k^−α. There are 10^(3 / α) of them (at most 1000),
    /// so α = 1 takes about thirty times as long to generate as α = 2.</summary>
    public double Alpha { get; init; } = 2;

    /// <summary>Training samples a class.</summary>
    public int TrainPerClass { get; init; } = 1000;

    /// <summary>Validation samples a class.</summary>
    public int ValidPerClass { get; init; } = 100;

    /// <summary>Test samples a class.</summary>
    public int TestPerClass { get; init; } = 200;

    /// <summary>Draws the manifolds and the points on them.</summary>
    public ulong Seed { get; init; } = 1;
}
