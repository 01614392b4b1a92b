namespace Volley.Kernels;

public static unsafe partial class SpikeGemm
{
    // Times of SpikeBits.Expand + Gemm over Multiply, and of Gemm over WeightGradient, one thread, AVX-512 (Xeon, family 6 model 167, 2 MiB L2):
    //   shape                 10 %       20 %       30 %       40 %
    //   2000 x 140 -> 256   3.7, 3.4   2.6, 1.9   1.8, 1.4   1.3, 1.1
    //   2000 x 256 -> 256   5.6, 4.1   3.5, 2.0   1.8, 1.4   1.2, 1.0
    //   1500 x 512 -> 512   4.6, 3.8   3.2, 1.5   1.8, 1.5   1.5, 1.4
    //   4000 x 256 -> 20    2.7, 2.4   2.7, 1.4   2.1, 1.2   1.6, 0.9
    private const int WideOutputs = 64;
    private const double WideDensity = 0.35, NarrowDensity = 0.3;

    // Times of Gemm with a transposed second operand over InputGradient, measured likewise; inputs 256 (512 for 512 outputs):
    //   outputs    1 %    2 %    5 %   10 %   20 %
    //        20    0.7    1.3    0.5    0.4    0.2
    //        64    1.7    1.1    1.1    0.6    0.5
    //       128    2.6    1.9    1.4    1.0    0.8
    //       256    3.4    2.9    1.9    1.4    1.1
    //       512    4.7    2.9    2.8    1.7    1.3
    // What it saves grows with the outputs; what it costs to find the supported elements and to place them does not.
    private const double SupportPerOutput = 0.0005, MostSupport = 0.12;
    private const int LeastOutputs = 48;

    /// <summary>Whether <see cref="Multiply"/> and <see cref="WeightGradient"/> are faster than the dense products of the expanded spikes
    /// when <paramref name="density"/> of the elements are spikes.</summary>
    public static bool PrefersEvents(double density, int outputs) => density < (outputs < WideOutputs ? NarrowDensity : WideDensity);

    /// <summary>Whether <see cref="InputGradient"/> is faster than the dense product when <paramref name="density"/> of the elements are supported.</summary>
    public static bool PrefersSupport(double density, int outputs) => outputs >= LeastOutputs && density < Math.Min(MostSupport, SupportPerOutput * outputs);
}
