using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Softmax of short rows, the step inside losses and readouts.</summary>
/// <remarks>Works on blocks of 16 elements; the last block of a row goes through a copy that is filled up with −∞, whose exponential is 0,
/// so a row of 20 classes costs two vectors and not one vector and four scalars.</remarks>
public static unsafe class Softmax
{
    /// <summary>y[r, c] = e^(x[r, c] − max_r) / Σ_c e^(x[r, c] − max_r); y may be x.</summary>
    /// <remarks>x, y: [rows, classes].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, Span<float> y, int rows, int classes)
    {
        Check.Length(x, (long)rows * classes, nameof(x));
        Check.Length(y, (long)rows * classes, nameof(y));
        fixed (float* px = x, py = y)
        {
            var body = new Width(cpu, px, py, rows, classes);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>The floats that <see cref="Row"/> needs for a row: whole blocks of 16.</summary>
    internal static int Padded(int classes) => (classes + 15) & ~15;

    /// <summary>y[0 … Padded) = softmax of x[0 … classes), 0 behind it; returns largest and sum with Σ eˣ = e^largest·sum. y must not be x.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static (float Largest, float Sum) Row<L>(float* x, float* y, int classes) where L : struct, IVectorLane<L>
    {
        float* parts = stackalloc float[16];
        int padded = Padded(classes);
        new ReadOnlySpan<float>(x, classes).CopyTo(new Span<float>(y, classes));
        new Span<float>(y + classes, padded - classes).Fill(float.NegativeInfinity);
        L most = L.Of(double.NegativeInfinity);
        for (int i = 0; i < padded; i += L.Count)
            most = L.Max(most, L.Load(y + i));
        L.Store(parts, most);
        float largest = parts[0];
        for (int i = 1; i < L.Count; i++)
            largest = parts[i] > largest ? parts[i] : largest; // a NaN that is missed here is found in the sum

        // 16 virtual lanes and a fixed tree, as in RowFold; here the elements are made on the way.
        for (int lane = 0; lane < 16; lane += L.Count)
        {
            L sums = L.Of(0);
            for (int i = lane; i < padded; i += 16)
            {
                L e = LaneMath.Exp(L.Load(y + i) - L.Of(largest));
                L.Store(y + i, e);
                sums += e;
            }
            L.Store(parts + lane, sums);
        }
        float sum = RowFold.Join<RowFold.Sum>(parts);
        for (int i = 0; i < padded; i += L.Count)
            L.Store(y + i, L.Load(y + i) / L.Of(sum));
        return (largest, sum);
    }

    /// <summary>log Σ eˣ.</summary>
    internal static float LogSum((float Largest, float Sum) row) => row.Largest + LaneMath.Log(new F32(row.Sum)).Value;

    private struct Width(Cpu cpu, float* x, float* y, int rows, int classes) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, rows, 1 + 4096 / Math.Max(classes, 1), new Part<L>(x, y, classes));
    }

    private struct Part<L>(float* x, float* y, int classes) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            float* row = (float*)Scratch.Take(Padded(classes) * sizeof(float));
            for (int r = start; r < end; r++)
            {
                Row<L>(x + (nint)r * classes, row, classes);
                new ReadOnlySpan<float>(row, classes).CopyTo(new Span<float>(y + (nint)r * classes, classes));
            }
        }
    }
}
