using Volley.Kernels.StateSpace;

namespace Volley.Nn.StateSpace;

/// <summary>How a diagonal state-space layer is made; the defaults are those of Stan and Rhodes 2024.</summary>
public sealed record StateSpaceOptions
{
    /// <summary>N, real states a channel: N/2 complex modes. Even.</summary>
    public int States { get; init; } = 64;

    /// <summary>Where A starts.</summary>
    public StateSpaceInit Init { get; init; } = StateSpaceInit.Inverse;

    /// <summary>How Δ discretises A and B.</summary>
    public Discretization Discretization { get; init; } = Discretization.Bilinear;

    /// <summary>Whether a second kernel reads backward in time. Such a layer cannot stream.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Δ starts log-uniform between these, as a fraction of A's unit of time.</summary>
    public (double Min, double Max) StepRange { get; init; } = (0.001, 0.1);

    /// <summary>Sets of (A, B) that channels share: channel h uses set h mod <see cref="Sets"/>. 0 for one a channel.</summary>
    public int Sets { get; init; }

    /// <summary>The learning rate of A and B, as a factor of the base rate.</summary>
    public float StateRate { get; init; } = 0.1f;

    /// <summary>The learning rate of log Δ, as a factor of the base rate.</summary>
    public float StepRate { get; init; } = 1;
}
