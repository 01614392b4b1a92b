using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Applies an update to every parameter over threads and lanes: the one loop behind the optimisers.</summary>
internal static unsafe class UpdateMap
{
    public static void Run<TUpdate>(Cpu cpu, TUpdate update, Span<float> value, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TUpdate : struct, IUpdate
    {
        fixed (float* pv = value, pg = gradient, p1 = first, p2 = second)
        {
            var body = new Width<TUpdate>(cpu, update, pv, pg, p1, p2, value.Length);
            cpu.Dispatch(ref body);
        }
    }

    private struct Width<TUpdate>(Cpu cpu, TUpdate update, float* value, float* gradient, float* first, float* second, int count) : IWidthBody
        where TUpdate : struct, IUpdate
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, ElementMap.Blocks(count), 1, new Part<TUpdate, L>(update, value, gradient, first, second, count));
    }

    private struct Part<TUpdate, L>(TUpdate update, float* value, float* gradient, float* first, float* second, int count) : IRows
        where TUpdate : struct, IUpdate
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            TUpdate f = update;
            float* v = value, g = gradient, s1 = first, s2 = second;
            nint i = (nint)start * ElementMap.Block, last = Math.Min((nint)end * ElementMap.Block, count);
            for (; i + L.Count <= last; i += L.Count)
                One<L>(f, v + i, g + i, s1 + i, s2 + i);
            for (; i < last; i++)
                One<F32>(f, v + i, g + i, s1 + i, s2 + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void One<TLane>(TUpdate f, float* value, float* gradient, float* first, float* second) where TLane : struct, IVectorLane<TLane>
        {
            TLane v = TLane.Load(value);
            TLane a = TUpdate.States > 0 ? TLane.Load(first) : default;
            TLane b = TUpdate.States > 1 ? TLane.Load(second) : default;
            f.Apply(ref v, TLane.Load(gradient), ref a, ref b);
            TLane.Store(value, v);
            if (TUpdate.States > 0)
                TLane.Store(first, a);
            if (TUpdate.States > 1)
                TLane.Store(second, b);
        }
    }
}
