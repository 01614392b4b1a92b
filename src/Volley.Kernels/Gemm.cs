namespace Volley.Kernels;

/// <summary>The dense product C = A·B of row-major matrices.</summary>
/// <remarks>
/// Every element of C is one chain of fused multiply-adds over k in ascending order that starts from +0 or, when accumulating, from C; the bias is
/// added last. Blocking, vector width and threads change no bit. Allocates no managed memory in the steady state: what is packed lies in a native
/// buffer that each thread keeps. C must not overlap A or B.
/// </remarks>
public static unsafe class Gemm
{
    /// <summary>C[m, n] = op(A)[m, k]·op(B)[k, n] + bias[n]; with <paramref name="accumulate"/> C[m, n] += instead.</summary>
    /// <param name="transposeA">A is stored [k, m] and op(A) is its transpose.</param>
    /// <param name="transposeB">B is stored [n, k] and op(B) is its transpose.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a size is negative.</exception>
    public static void Multiply(
        Cpu cpu, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k,
        bool transposeA = false, bool transposeB = false, bool accumulate = false, ReadOnlySpan<float> bias = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (a.Length != (long)m * k)
            throw new ArgumentException($"A has {a.Length} elements, expected {m} x {k}.", nameof(a));
        if (b.Length != (long)k * n)
            throw new ArgumentException($"B has {b.Length} elements, expected {k} x {n}.", nameof(b));
        if (c.Length != (long)m * n)
            throw new ArgumentException($"C has {c.Length} elements, expected {m} x {n}.", nameof(c));
        CheckBias(bias, n);
        fixed (float* pa = a, pb = b, pc = c, pBias = bias)
        {
            Run(cpu, new GemmOperands
            {
                A = pa,
                ARow = transposeA ? 1 : k,
                AStep = transposeA ? m : 1,
                B = pb,
                BRow = transposeB ? k : n,
                BLayout = transposeB ? GemmLayout.Transposed : GemmLayout.Plain,
                C = pc,
                CRow = n,
                M = m,
                N = n,
                K = k,
                Accumulate = accumulate,
                Bias = pBias,
            });
        }
    }

    /// <summary>C[m, n] = A[m, k]·B[k, n] + bias[n] with B packed; with <paramref name="accumulate"/> C[m, n] += instead. Row i of A starts at
    /// i·<paramref name="lda"/> and row i of C at i·<paramref name="ldc"/>, so a time step of [B, T, N] can be read and written where it lies.</summary>
    /// <remarks>May be called inside a body of <see cref="Rows.For"/>; it then runs on the calling thread alone.</remarks>
    /// <param name="lda">Floats from one row of A to the next, at least k.</param>
    /// <param name="ldc">Floats from one row of C to the next, at least n.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <exception cref="ArgumentException">A span is shorter than the sizes ask for, or a size is out of range.</exception>
    public static void Multiply(
        Cpu cpu, ReadOnlySpan<float> a, int lda, PackedMatrix b, Span<float> c, int ldc, int m,
        bool accumulate = false, ReadOnlySpan<float> bias = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfLessThan(lda, b.K);
        ArgumentOutOfRangeException.ThrowIfLessThan(ldc, b.N);
        if (m > 0 && a.Length < (m - 1L) * lda + b.K)
            throw new ArgumentException($"A has {a.Length} elements, expected {m} rows of {b.K}, {lda} apart.", nameof(a));
        if (m > 0 && c.Length < (m - 1L) * ldc + b.N)
            throw new ArgumentException($"C has {c.Length} elements, expected {m} rows of {b.N}, {ldc} apart.", nameof(c));
        CheckBias(bias, b.N);
        fixed (float* pa = a, pc = c, pBias = bias)
        {
            Run(cpu, new GemmOperands
            {
                A = pa,
                ARow = lda,
                AStep = 1,
                B = b.Pointer,
                BLayout = GemmLayout.Packed,
                C = pc,
                CRow = ldc,
                M = m,
                N = b.N,
                K = b.K,
                Accumulate = accumulate,
                Bias = pBias,
            });
        }
        GC.KeepAlive(b);
    }

    private static void Run(Cpu cpu, GemmOperands operands)
    {
        var work = new GemmWork(cpu, operands);
        cpu.Dispatch(ref work);
    }

    private static void CheckBias(ReadOnlySpan<float> bias, int n)
    {
        if (!bias.IsEmpty && bias.Length != n)
            throw new ArgumentException($"The bias has {bias.Length} elements, expected {n}, or none.", nameof(bias));
    }
}
