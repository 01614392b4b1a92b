namespace Volley.Kernels;

/// <summary>C[M, N] (= or +=) A[M, K]·B[K, N] (+ Bias[N]), as pointers and steps; steps count floats.</summary>
internal unsafe struct GemmOperands
{
    /// <summary>Element (i, p) of A lies at A + i·ARow + p·AStep; one of the two steps is 1.</summary>
    public float* A;
    public nint ARow, AStep;

    /// <summary>B with rows BRow apart, its transpose, or all of B packed (<see cref="GemmPack"/>).</summary>
    public float* B;
    public nint BRow;
    public GemmLayout BLayout;

    public float* C;
    public nint CRow;
    public int M, N, K;
    public bool Accumulate;

    /// <summary>Null where there is none.</summary>
    public float* Bias;
}

/// <summary>How B lies in memory.</summary>
internal enum GemmLayout
{
    Plain,
    Transposed,
    Packed,
}
