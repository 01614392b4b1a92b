using System.Runtime.InteropServices;

namespace Volley.Cli.Bench;

/// <summary>The dense product of OpenBLAS, to be compared with ours; nothing else uses it.</summary>
internal static partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";

    /// <summary>Whether this machine has it (Debian: libopenblas0-openmp).</summary>
    public static bool Available { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>C[m, n] = op(A)·op(B), row-major.</summary>
    public static void Multiply(int threads, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, bool transposeA, bool transposeB)
    {
        SetThreads(threads);
        Sgemm(101, transposeA ? 112 : 111, transposeB ? 112 : 111, m, n, k, 1, in MemoryMarshal.GetReference(a), transposeA ? m : k,
            in MemoryMarshal.GetReference(b), transposeB ? k : n, 0, ref MemoryMarshal.GetReference(c), n);
    }

    [DllImport(Library, EntryPoint = "openblas_set_num_threads")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern void SetThreads(int threads);

    [DllImport(Library, EntryPoint = "cblas_sgemm")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern void Sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, in float a, int lda, in float b, int ldb, float beta, ref float c, int ldc);
}
