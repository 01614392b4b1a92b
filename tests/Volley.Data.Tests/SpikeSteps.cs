using System.Numerics;

namespace Volley.Data.Tests;

/// <summary>Views of spike samples that simple classifiers can learn from.</summary>
internal static class SpikeSteps
{
    /// <summary>The step in which each unit fires (first spike; −1 for none), [samples][units].</summary>
    public static int[][] Of(IDataset dataset)
    {
        int words = SpikeWords.Per(dataset.Info.Units);
        return [.. Enumerable.Range(0, dataset.Count).Select(i =>
        {
            var bits = new ulong[dataset.Length(i) * words];
            dataset.ReadSpikes(i, bits);
            var steps = new int[dataset.Info.Units];
            Array.Fill(steps, -1);
            for (int t = dataset.Length(i) - 1; t >= 0; t--)
            {
                for (int w = 0; w < words; w++)
                {
                    for (ulong rest = bits[t * words + w]; rest != 0; rest &= rest - 1)
                        steps[w * 64 + BitOperations.TrailingZeroCount(rest)] = t;
                }
            }
            return steps;
        })];
    }

    public static float[][] Times(IDataset dataset) =>
        [.. Of(dataset).Select(steps => steps.Select(t => 2f * t / dataset.Info.MaxSteps - 1).ToArray())];

    public static float[][] Counts(IDataset dataset)
    {
        int words = SpikeWords.Per(dataset.Info.Units);
        return [.. Enumerable.Range(0, dataset.Count).Select(i =>
        {
            var bits = new ulong[dataset.Length(i) * words];
            dataset.ReadSpikes(i, bits);
            var counts = new float[dataset.Info.Units];
            for (int k = 0; k < bits.Length; k++)
            {
                for (ulong rest = bits[k]; rest != 0; rest &= rest - 1)
                    counts[k % words * 64 + BitOperations.TrailingZeroCount(rest)]++;
            }
            return counts;
        })];
    }
}

internal static class Labels
{
    public static int[] Of(IDataset dataset) => [.. Enumerable.Range(0, dataset.Count).Select(dataset.Label)];
}
