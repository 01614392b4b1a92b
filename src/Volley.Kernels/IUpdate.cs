using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>What an optimiser does with one parameter; what is constant in a step are its fields.</summary>
internal interface IUpdate
{
    /// <summary>Numbers kept for each parameter: 0, 1 or 2.</summary>
    static abstract int States { get; }

    void Apply<L>(ref L value, L gradient, ref L first, ref L second) where L : struct, IVectorLane<L>;
}
