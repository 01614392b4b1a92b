using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>A readout of one sample: y [steps, classes], at least one step, none of them padding.</summary>
internal unsafe interface IReadout
{
    /// <summary>Writes the scores [classes].</summary>
    static abstract void Forward<L>(float* y, float* scores, int steps, int classes) where L : struct, IVectorLane<L>;

    /// <summary>Writes dY [steps, classes].</summary>
    static abstract void Backward<L>(float* y, float* dScores, float* dY, int steps, int classes) where L : struct, IVectorLane<L>;
}
