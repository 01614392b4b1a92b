using Volley.Kernels;
using Volley.Kernels.Delays;

namespace Volley.Nn.Monitoring;

/// <summary>The fan-outs of the library's synapses.</summary>
internal static class FanOuts
{
    /// <summary>Of a matrix [inputs, outputs].</summary>
    public static FanOut OfRows(ReadOnlySpan<float> weight, int outputs)
    {
        int[] counts = NonZero(weight, outputs);
        return new FanOut(counts.Length, counts, [.. Enumerable.Repeat(outputs, counts.Length)]) { Weights = Weights(weight) };
    }

    /// <summary>Of a matrix [inputs, outputs] that is made of weights which are counted already.</summary>
    public static FanOut OfNoWeights(ReadOnlySpan<float> made, int outputs)
    {
        int[] counts = NonZero(made, outputs);
        return new FanOut(counts.Length, counts, [.. Enumerable.Repeat(outputs, counts.Length)]);
    }

    /// <summary>Of a feedback [N, N] that is seen a step later: nothing comes of a spike in the last step.</summary>
    public static FanOut Returning(ReadOnlySpan<float> weight, int neurons) =>
        new(neurons, [.. new int[neurons], .. NonZero(weight, neurons)], [.. new int[neurons], .. Enumerable.Repeat(neurons, neurons)]) { Weights = Weights(weight) };

    /// <summary>Of synapses with whole delays: one tap each, as long as it arrives.</summary>
    /// <param name="weight">[C, I, O].</param>
    /// <param name="delays">[C, I, O] steps.</param>
    public static FanOut Late(ReadOnlySpan<float> weight, ReadOnlySpan<int> delays, DelayCall call)
    {
        int[] effective = new int[call.Taps * call.Inputs], dense = new int[effective.Length];
        for (int s = 0; s < delays.Length; s++)
        {
            int at = delays[s] * call.Inputs + s / call.Outputs % call.Inputs;
            dense[at]++;
            effective[at] += weight[s] != 0 ? 1 : 0;
        }
        return Accumulated(effective, dense, weight, call);
    }

    /// <summary>Of synapses whose weights are spread over taps: each tap that is not 0.</summary>
    /// <param name="taps">[⌈O/16⌉, I, K, 16].</param>
    /// <param name="weight">[C, I, O], what they are made of.</param>
    public static FanOut Spread(ReadOnlySpan<float> taps, ReadOnlySpan<float> weight, DelayCall call)
    {
        int[] effective = new int[call.Taps * call.Inputs], dense = new int[effective.Length];
        Array.Fill(dense, call.Outputs);
        for (int i = 0; i < taps.Length; i++)
        {
            int tap = i / 16 % call.Taps, input = i / 16 / call.Taps % call.Inputs;
            effective[tap * call.Inputs + input] += taps[i] != 0 ? 1 : 0;
        }
        return Accumulated(effective, dense, weight, call);
    }

    /// <summary>Of a convolution: the outputs that each element of a step is seen by.</summary>
    /// <param name="weight">[kernel height, kernel width, inputs / groups, outputs].</param>
    public static FanOut Windows(ReadOnlySpan<float> weight, ConvolutionCall call)
    {
        int[] counts = NonZero(weight, call.GroupOutputs);
        int[] effective = new int[call.Height * call.Width * call.Inputs], dense = new int[effective.Length];
        for (int oy = 0; oy < call.OutputHeight; oy++)
        {
            for (int ox = 0; ox < call.OutputWidth; ox++)
                AddWindow(counts, call, oy * call.StrideHeight - call.PadHeight, ox * call.StrideWidth - call.PadWidth, effective, dense);
        }
        return new FanOut(effective.Length, effective, dense) { Weights = Weights(weight) };
    }

    /// <summary>Adds what the inputs in one window meet.</summary>
    /// <param name="counts">Weights that are not 0 [taps, inputs / groups, groups].</param>
    private static void AddWindow(int[] counts, in ConvolutionCall call, int top, int left, int[] effective, int[] dense)
    {
        for (int ky = 0; ky < call.KernelHeight; ky++)
        {
            for (int kx = 0; kx < call.KernelWidth; kx++)
            {
                int y = top + ky, x = left + kx;
                if ((uint)y >= (uint)call.Height || (uint)x >= (uint)call.Width)
                    continue;
                int element = (y * call.Width + x) * call.Inputs, row = (ky * call.KernelWidth + kx) * call.GroupInputs;
                for (int c = 0; c < call.Inputs; c++)
                {
                    effective[element + c] += counts[(row + c % call.GroupInputs) * call.Groups + c / call.GroupInputs];
                    dense[element + c] += call.GroupOutputs;
                }
            }
        }
    }

    /// <summary>From what each delay has to what all delays up to it have.</summary>
    private static FanOut Accumulated(int[] effective, int[] dense, ReadOnlySpan<float> weight, DelayCall call)
    {
        for (int i = call.Inputs; i < effective.Length; i++)
        {
            effective[i] += effective[i - call.Inputs];
            dense[i] += dense[i - call.Inputs];
        }
        return new FanOut(call.Inputs, effective, dense, call.Extra) { Weights = Weights(weight) };
    }

    /// <summary>How many of each run of numbers are not 0.</summary>
    private static int[] NonZero(ReadOnlySpan<float> values, int run)
    {
        var counts = new int[values.Length / run];
        for (int i = 0; i < values.Length; i++)
            counts[i / run] += values[i] != 0 ? 1 : 0;
        return counts;
    }

    private static (long All, long Zero) Weights(ReadOnlySpan<float> weight)
    {
        long zero = 0;
        foreach (float w in weight)
            zero += w == 0 ? 1 : 0;
        return (weight.Length, zero);
    }
}
