using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>A function of one element from each of two arrays; what is constant are its fields.</summary>
internal interface IElement
{
    L Apply<L>(L x, L y) where L : struct, IVectorLane<L>;
}

/// <summary>z[i] = f(x[i], y[i]) over threads and lanes: the one loop behind the elementwise kernels. z may be x or y.</summary>
internal static unsafe class ElementMap
{
    // 64 KiB of each array: enough to make a chunk worth handing out, little enough to balance the load.
    public const int Block = 16384;

    public static void Run<TElement>(Cpu cpu, TElement element, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
        where TElement : struct, IElement
    {
        fixed (float* px = x, py = y, pz = z)
        {
            var body = new Width<TElement>(cpu, element, px, py, pz, z.Length);
            cpu.Dispatch(ref body);
        }
    }

    public static int Blocks(int count) => (int)(((long)count + Block - 1) / Block);

    private struct Width<TElement>(Cpu cpu, TElement element, float* x, float* y, float* z, int count) : IWidthBody where TElement : struct, IElement
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, Blocks(count), 1, new Part<TElement, L>(element, x, y, z, count));
    }

    private struct Part<TElement, L>(TElement element, float* x, float* y, float* z, int count) : IRows
        where TElement : struct, IElement
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            TElement f = element;
            float* a = x, b = y, c = z;
            nint i = (nint)start * Block, last = Math.Min((nint)end * Block, count);
            for (; i + L.Count <= last; i += L.Count)
                L.Store(c + i, f.Apply(L.Load(a + i), L.Load(b + i)));
            for (; i < last; i++)
                F32.Store(c + i, f.Apply(F32.Load(a + i), F32.Load(b + i)));
        }
    }
}
