using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>A matrix B[k, n] in the order the dense product reads it, for weights that are used again and again, as in a time loop.</summary>
/// <remarks>The order is the same for every vector width. Holds (n rounded up to 16)·k floats outside the managed heap.</remarks>
public sealed unsafe class PackedMatrix : IDisposable
{
    private readonly AlignedBuffer _buffer;

    /// <summary>Room for B[<paramref name="k"/>, <paramref name="n"/>]; <see cref="Pack"/> fills it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public PackedMatrix(int k, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        (K, N) = (k, n);
        _buffer = new AlignedBuffer(GemmPack.Size(k, n) * sizeof(float));
    }

    /// <summary>Rows: the inner dimension.</summary>
    public int K { get; }

    /// <summary>Columns: the outputs.</summary>
    public int N { get; }

    internal float* Pointer => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_buffer.View<byte>(0, 0)));

    /// <summary>Copies B[k, n] or, with <paramref name="transposeB"/>, the transpose of B[n, k]. Allocates nothing; call it again when B has changed.</summary>
    /// <exception cref="ArgumentException"><paramref name="b"/> does not hold k·n floats.</exception>
    public void Pack(Cpu cpu, ReadOnlySpan<float> b, bool transposeB = false)
    {
        if (b.Length != (long)K * N)
            throw new ArgumentException($"B has {b.Length} elements, expected {K} x {N}.", nameof(b));
        if (b.IsEmpty)
            return;
        fixed (float* pb = b)
        {
            if (transposeB)
            {
                GemmPack.TransposedB(pb, K, K, N, Pointer);
            }
            else
            {
                var work = new PlainPack(pb, K, N, Pointer);
                cpu.Dispatch(ref work);
            }
        }
    }

    public void Dispose() => _buffer.Dispose();

    private readonly struct PlainPack(float* b, int k, int n, float* packed) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L> => GemmPack.B<L>(b, n, k, n, packed);
    }
}
