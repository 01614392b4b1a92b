using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>Potentials become spike bits.</summary>
internal static unsafe class PsnThreshold
{
    /// <summary>Bit i is Θ(h[i] + bias), with Θ(0) = 1; whole words of h are read, and what lies behind the last neuron is 0.</summary>
    /// <param name="support">Which |h + bias| are at most <paramref name="supportWidth"/>, like bits; null when that is not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<L>(float* h, float bias, int count, ulong* bits, ulong* support, float supportWidth) where L : struct, IVectorLane<L>
    {
        L shift = L.Of(bias), reach = L.Of(supportWidth), zero = L.Of(0f), one = L.Of(1f);
        for (int i = 0; i < count; i += 64)
        {
            ulong word = 0, near = 0;
            for (int lane = 0; lane < 64; lane += L.Count)
            {
                L distance = L.Load(h + i + lane) + shift;
                word |= (ulong)L.PositiveBits(L.IfGreaterOrEqual(distance, zero, one, zero)) << lane;
                if (support is not null)
                    near |= (ulong)L.PositiveBits(L.IfGreater(L.Abs(distance), reach, zero, one)) << lane;
            }
            // The columns behind the last neuron may fire, where a threshold is not positive; the padding of a row is 0.
            ulong mask = count - i >= 64 ? ulong.MaxValue : (1UL << (count - i)) - 1;
            bits[i / 64] = word & mask;
            if (support is not null)
                support[i / 64] = near & mask;
        }
    }
}
