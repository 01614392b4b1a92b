using System.Globalization;
using System.Runtime.InteropServices;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Nn.StateSpace;

namespace Volley.Cli.Runs;

/// <summary>Looks at what layers learned over time: weights of parallel neurons, impulse responses of state-space layers.</summary>
internal static class LearnedOverTime
{
    /// <summary>A matrix of more steps is averaged down to this many rows.</summary>
    private const int LargestMatrix = 128;

    /// <summary>A longer impulse response is cut.</summary>
    private const int LongestKernel = 1024;

    /// <summary>The weight matrices of parallel neurons with a weight for each pair of steps.</summary>
    /// <param name="before">The model as it was drawn.</param>
    /// <param name="after">The same model, trained.</param>
    public static IReadOnlyList<LearnedWeights> Matrices(Model before, Model after) =>
    [
        .. Pairs<ParallelNeuronLayer>(before, after).Where(pair => pair.After.Steps is not null).Select(pair =>
        {
            int steps = pair.After.Steps!.Value, every = (steps + LargestMatrix - 1) / LargestMatrix, size = (steps + every - 1) / every;
            return new LearnedWeights(pair.After.ToString(), steps, size, Pool(pair.Before, pair.After, steps, every, size), Pool(pair.After, pair.After, steps, every, size));
        }),
    ];

    /// <summary>What is one row over time: weights of sliding neurons, thresholds of the others, impulse responses.</summary>
    /// <param name="before">The model as it was drawn.</param>
    /// <param name="after">The same model, trained.</param>
    /// <param name="steps">Steps of the longest sample.</param>
    public static IReadOnlyList<LearnedCurve> Curves(Model before, Model after, int steps)
    {
        var curves = new List<LearnedCurve>();
        foreach ((ParallelNeuronLayer first, ParallelNeuronLayer last) in Pairs<ParallelNeuronLayer>(before, after))
        {
            if (last is SlidingPsnLayer)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"weights (threshold {-first.Bias.Value.Data[0]:0.###} → {-last.Bias.Value.Data[0]:0.###})");
                curves.Add(new LearnedCurve(last.ToString(), name, "steps ago", [new LearnedLine("", Backwards(first), Backwards(last))]));
            }
            else
            {
                curves.Add(new LearnedCurve(last.ToString(), "threshold", "time step", [new LearnedLine("", Thresholds(first), Thresholds(last))]));
            }
        }
        foreach ((DiagonalStateSpace first, DiagonalStateSpace last) in Pairs<DiagonalStateSpace>(before, after))
            curves.Add(Responses(first, last, Math.Min(steps, LongestKernel)));
        return curves;
    }

    private static IEnumerable<(T Before, T After)> Pairs<T>(Model before, Model after)
        where T : Module => before.Modules.OfType<T>().Zip(after.Modules.OfType<T>());

    /// <summary>Means over squares of the matrix; outside of the band of a closed mask there is nothing, before training either.</summary>
    private static byte[] Pool(ParallelNeuronLayer layer, ParallelNeuronLayer trained, int steps, int every, int size)
    {
        int order = trained is MaskedPsnLayer { Lambda: 1 } masked ? masked.Order : 0;
        ReadOnlySpan<float> weights = layer.Weight.Value.Data;
        var pooled = new float[size * size];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                (double sum, int count) = (0, 0);
                for (int t = row * every; t < Math.Min(steps, (row + 1) * every); t++)
                {
                    for (int s = column * every; s < Math.Min(steps, (column + 1) * every); s++)
                    {
                        sum += order > 0 && (s > t || t - s >= order) ? 0 : weights[t * steps + s];
                        count++;
                    }
                }
                pooled[row * size + column] = (float)(sum / count);
            }
        }
        return MemoryMarshal.AsBytes<float>(pooled).ToArray();
    }

    private static double[] Backwards(ParallelNeuronLayer layer)
    {
        double[] weights = Numbers(layer.Weight.Value.Data);
        Array.Reverse(weights);
        return weights;
    }

    private static double[] Thresholds(ParallelNeuronLayer layer) => [.. Numbers(layer.Bias.Value.Data).Select(bias => -bias)];

    /// <summary>Of the channels with the shortest, the middle and the longest step Δ after training.</summary>
    private static LearnedCurve Responses(DiagonalStateSpace before, DiagonalStateSpace after, int steps)
    {
        double[] sizes = after.StepSizes();
        int[] order = [.. Enumerable.Range(0, sizes.Length).OrderBy(h => sizes[h]).ThenBy(h => h)];
        int[] channels = [.. new[] { order[0], order[order.Length / 2], order[^1] }.Distinct()];
        float[] first = before.Kernels(steps), last = after.Kernels(steps);
        return new LearnedCurve(after.ToString(), "impulse response", "steps", [.. channels.Select(h => new LearnedLine(
            string.Create(CultureInfo.InvariantCulture, $"channel {h}, Δ {sizes[h]:G2}"), Numbers(first.AsSpan(h * steps, steps)), Numbers(last.AsSpan(h * steps, steps))))]);
    }

    private static double[] Numbers(ReadOnlySpan<float> values)
    {
        var numbers = new double[values.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = double.IsFinite(values[i]) ? double.Parse(values[i].ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;
        return numbers;
    }
}
