using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>What this machine can do at most, measured in the same run as the cases: fused multiply-adds a second, and bytes a second at a working-set size.</summary>
internal sealed class MachineLimits(Cpu cpu)
{
    private readonly Dictionary<long, double> _bandwidths = [];
    private double? _flops;

    /// <summary>FLOP/s of independent fused multiply-adds at the widest width, all threads.</summary>
    public double FlopsPerSecond => _flops ??= MeasureFlops();

    /// <summary>Milliseconds below which the work cannot fall.</summary>
    public double FloorMs(Floor floor)
    {
        double arithmetic = floor.Flops == 0 ? 0 : floor.Flops / FlopsPerSecond, traffic = floor.Bytes == 0 ? 0 : floor.Bytes / BytesPerSecond(floor.WorkingSet);
        return 1e3 * (floor.Sequential ? arithmetic + traffic : Math.Max(arithmetic, traffic));
    }

    /// <summary>Bytes a second of the triad a[i] = b[i] + s·c[i] (12 bytes an element) over arrays of this size together, all threads.</summary>
    public double BytesPerSecond(double workingSet)
    {
        // Rounded to a power of 2, so that similar cases share a measurement.
        long bytes = (long)BitOperationsRoundUp((ulong)Math.Clamp(workingSet, 96 << 10, 1.5e9));
        if (!_bandwidths.TryGetValue(bytes, out double bandwidth))
            _bandwidths[bytes] = bandwidth = MeasureBandwidth(bytes);
        return bandwidth;
    }

    private static ulong BitOperationsRoundUp(ulong value) => System.Numerics.BitOperations.RoundUpToPowerOf2(value);

    private double MeasureBandwidth(long bytes)
    {
        int length = (int)(bytes / 12 / 64 * 64);
        float[] a = new float[length], b = new float[length], c = new float[length];
        b.AsSpan().Fill(1);
        c.AsSpan().Fill(2);
        int chunk = Math.Max(64, (length / cpu.Threads + 63) / 64 * 64);
        int repeats = (int)Math.Clamp(20e6 / length, 1, 10_000);
        double best = double.MaxValue;
        for (int run = 0; run < 7; run++)
        {
            long start = Stopwatch.GetTimestamp();
            Rows.For(cpu, length, chunk, new Triad(a, b, c, repeats));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / repeats);
        }
        return 12.0 * length / best;
    }

    private double MeasureFlops()
    {
        const int Iterations = 2_000_000;
        int width = (int)cpu.Width;
        double best = double.MaxValue;
        var sink = new float[cpu.Threads * 16];
        for (int run = 0; run < 7; run++)
        {
            long start = Stopwatch.GetTimestamp();
            Rows.For(cpu, cpu.Threads, 1, new FusedMultiplyAdds(sink, Iterations, width));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * 12 * width * Iterations * cpu.Threads / best;
    }

    private readonly struct Triad(float[] a, float[] b, float[] c, int repeats) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            ref float ra = ref a[0], rb = ref b[0], rc = ref c[0];
            var scale = Vector512.Create(3f);
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                for (int i = start; i < end; i += 16)
                    (Vector512.LoadUnsafe(ref rb, (nuint)i) + scale * Vector512.LoadUnsafe(ref rc, (nuint)i)).StoreUnsafe(ref ra, (nuint)i);
            }
        }
    }

    private readonly struct FusedMultiplyAdds(float[] sink, int iterations, int width) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                sink[i * 16] = width == 16 ? Wide() : width == 8 ? Half() : Quarter();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float Wide()
        {
            Vector512<float> m = Vector512.Create(0.999f), x = Vector512.Create(1e-3f);
            Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int n = 0; n < iterations; n++)
            {
                a = Vector512.FusedMultiplyAdd(a, m, x);
                b = Vector512.FusedMultiplyAdd(b, m, x);
                c = Vector512.FusedMultiplyAdd(c, m, x);
                d = Vector512.FusedMultiplyAdd(d, m, x);
                e = Vector512.FusedMultiplyAdd(e, m, x);
                f = Vector512.FusedMultiplyAdd(f, m, x);
                g = Vector512.FusedMultiplyAdd(g, m, x);
                h = Vector512.FusedMultiplyAdd(h, m, x);
                i = Vector512.FusedMultiplyAdd(i, m, x);
                j = Vector512.FusedMultiplyAdd(j, m, x);
                k = Vector512.FusedMultiplyAdd(k, m, x);
                l = Vector512.FusedMultiplyAdd(l, m, x);
            }
            return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float Half()
        {
            Vector256<float> m = Vector256.Create(0.999f), x = Vector256.Create(1e-3f);
            Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int n = 0; n < iterations; n++)
            {
                a = Vector256.FusedMultiplyAdd(a, m, x);
                b = Vector256.FusedMultiplyAdd(b, m, x);
                c = Vector256.FusedMultiplyAdd(c, m, x);
                d = Vector256.FusedMultiplyAdd(d, m, x);
                e = Vector256.FusedMultiplyAdd(e, m, x);
                f = Vector256.FusedMultiplyAdd(f, m, x);
                g = Vector256.FusedMultiplyAdd(g, m, x);
                h = Vector256.FusedMultiplyAdd(h, m, x);
                i = Vector256.FusedMultiplyAdd(i, m, x);
                j = Vector256.FusedMultiplyAdd(j, m, x);
                k = Vector256.FusedMultiplyAdd(k, m, x);
                l = Vector256.FusedMultiplyAdd(l, m, x);
            }
            return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float Quarter()
        {
            Vector128<float> m = Vector128.Create(0.999f), x = Vector128.Create(1e-3f);
            Vector128<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int n = 0; n < iterations; n++)
            {
                a = Vector128.FusedMultiplyAdd(a, m, x);
                b = Vector128.FusedMultiplyAdd(b, m, x);
                c = Vector128.FusedMultiplyAdd(c, m, x);
                d = Vector128.FusedMultiplyAdd(d, m, x);
                e = Vector128.FusedMultiplyAdd(e, m, x);
                f = Vector128.FusedMultiplyAdd(f, m, x);
                g = Vector128.FusedMultiplyAdd(g, m, x);
                h = Vector128.FusedMultiplyAdd(h, m, x);
                i = Vector128.FusedMultiplyAdd(i, m, x);
                j = Vector128.FusedMultiplyAdd(j, m, x);
                k = Vector128.FusedMultiplyAdd(k, m, x);
                l = Vector128.FusedMultiplyAdd(l, m, x);
            }
            return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
        }
    }
}
