using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Volley.Kernels;
using Volley.Kernels.Lanes;

namespace Volley.Cli.Bench;

/// <summary>What this machine can do at most, measured in the same run as the cases: fused multiply-adds a second, and bytes a second at a working-set size.</summary>
internal sealed class MachineLimits(Cpu cpu)
{
    private readonly Dictionary<long, double> _bandwidths = [];
    private double? _flops;

    /// <summary>FLOP/s of independent fused multiply-adds at the widest width, all threads.</summary>
    private double FlopsPerSecond => _flops ??= MeasureFlops();

    /// <summary>What the machine can do beside this work.</summary>
    public Limits For(Work work) => new(CaseResult.Significant(FlopsPerSecond / 1e9), CaseResult.Significant(BytesPerSecond(Size(work.WorkingSet)) / 1e9));

    /// <summary>The size at which bandwidth is measured for a working set: a power of 2, so that similar cases share a measurement.</summary>
    public static long Size(double workingSet) => (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(workingSet, 96 << 10, 1.5e9));

    /// <summary>Bytes a second of the triad a[i] = b[i] + s·c[i] (12 bytes an element) over arrays of this size together, all threads.</summary>
    private double BytesPerSecond(long bytes)
    {
        if (!_bandwidths.TryGetValue(bytes, out double bandwidth))
            _bandwidths[bytes] = bandwidth = MeasureBandwidth(bytes);
        return bandwidth;
    }

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
        double best = double.MaxValue;
        var sink = new float[cpu.Threads * 16];
        for (int run = 0; run < 7; run++)
        {
            long start = Stopwatch.GetTimestamp();
            Rows.For(cpu, cpu.Threads, 1, new FusedMultiplyAdds(sink, Iterations, cpu.Width));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * 12 * (int)cpu.Width * Iterations * cpu.Threads / best;
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

    private readonly struct FusedMultiplyAdds(float[] sink, int iterations, LaneWidth width) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                sink[i * 16] = width switch
                {
                    LaneWidth.Vector512 => Chains<F32x16>(),
                    LaneWidth.Vector256 => Chains<F32x8>(),
                    LaneWidth.Vector128 => Chains<F32x4>(),
                    _ => Chains<F32>(),
                };
            }
        }

        /// <summary>Twelve chains hide the latency of two units. The sum is returned so that nothing is optimised away.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private uint Chains<L>() where L : struct, IVectorLane<L>
        {
            L m = L.Of(0.999f), x = L.Of(1e-3f);
            L a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int n = 0; n < iterations; n++)
            {
                a = L.MulAdd(a, m, x);
                b = L.MulAdd(b, m, x);
                c = L.MulAdd(c, m, x);
                d = L.MulAdd(d, m, x);
                e = L.MulAdd(e, m, x);
                f = L.MulAdd(f, m, x);
                g = L.MulAdd(g, m, x);
                h = L.MulAdd(h, m, x);
                i = L.MulAdd(i, m, x);
                j = L.MulAdd(j, m, x);
                k = L.MulAdd(k, m, x);
                l = L.MulAdd(l, m, x);
            }
            return L.PositiveBits(a + b + c + d + e + f + g + h + i + j + k + l);
        }
    }
}
