namespace Volley.Kernels;

public static unsafe partial class Convolution
{
    // Times on spikes, dense over event-driven, one thread, AVX-512 (EPYC, 1 MiB L2), `volley bench conv`; output, gradient of the weights:
    //   shape                          10 %       20 %       30 %       40 %
    //   4096 x 32, 32->32, 3         1.1, 1.4   0.8, 0.9   0.7, 0.7   0.6, 0.6
    //   1024 x 32, 128->128, 3       3.2, 3.3   1.7, 1.7   1.0, 1.2   0.7, 0.8
    //   8 x 32x32, 256->256, 3x3     2.3, 3.0   1.2, 1.6   0.8, 1.1   0.5, 0.8
    //   64 x 6x6, 512->512, 3x3      2.2, 4.8   1.1, 2.4   0.6, 1.5   0.5, 1.1
    // Rows of weights that do not fit the second-level cache together cost more to pick.
    private const int WideOutputs = 64, CachedWeights = 256 * 1024;
    private const double NarrowOutput = 0.12, WideOutput = 0.3, UncachedOutput = 0.22, NarrowGradient = 0.18, WideGradient = 0.33;

    /// <summary>Whether <see cref="Forward(Cpu, SpikeMatrix, ReadOnlySpan{float}, Span{float}, ConvolutionCall, bool, ReadOnlySpan{float})"/> is faster with events when
    /// <paramref name="density"/> of the elements are spikes.</summary>
    public static bool PrefersEvents(double density, ConvolutionCall call) =>
        call.Groups == 1 && density < (call.Outputs < WideOutputs ? NarrowOutput : call.WeightCount > CachedWeights ? UncachedOutput : WideOutput);

    /// <summary>Whether <see cref="WeightGradient(Cpu, SpikeMatrix, ReadOnlySpan{float}, Span{float}, ConvolutionCall, bool)"/> is.</summary>
    public static bool PrefersEventGradient(double density, ConvolutionCall call) =>
        call.Groups == 1 && density < (call.Outputs < WideOutputs ? NarrowGradient : WideGradient);
}
