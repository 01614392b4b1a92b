using System.Numerics;
using Volley.Training;

namespace Volley.Data;

/// <summary>Reads samples and checks what comes: a data set may be the user's own, and kernels index weights by the spikes they are given.</summary>
internal static class SampleReader
{
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static void Values(IDataset dataset, int index, Span<float> sample)
    {
        dataset.ReadValues(index, sample);
        if (Problem(sample, dataset.Info.Units) is { } problem)
            throw Broken(dataset, index, problem);
    }

    /// <exception cref="InvalidDataException">A bit beyond the units is set.</exception>
    public static void Spikes(IDataset dataset, int index, Span<ulong> sample)
    {
        dataset.ReadSpikes(index, sample);
        if (Problem(sample, dataset.Info.Units) is { } problem)
            throw Broken(dataset, index, problem);
    }

    /// <exception cref="InvalidDataException">A label is none of the classes.</exception>
    public static void StepLabels(IDataset dataset, int index, Span<int> labels)
    {
        dataset.ReadStepLabels(index, labels);
        int bad = labels.IndexOfAnyExceptInRange(Batch.NoLabel, dataset.Info.Classes - 1);
        if (bad >= 0)
            throw Broken(dataset, index, $"has label {labels[bad]} at step {bad}, not one of the classes 0 … {dataset.Info.Classes - 1} nor {Batch.NoLabel} for none");
    }

    public static InvalidDataException Broken(IDataset dataset, int index, string problem) => new($"Sample {index} of '{dataset.Info.Name}' {problem}.");

    /// <summary>What is wrong with values; null where nothing is.</summary>
    public static string? Problem(ReadOnlySpan<float> sample, int units)
    {
        if (AllFinite(sample))
            return null;
        int at = 0;
        while (float.IsFinite(sample[at]))
            at++;
        return $"has the value {sample[at]} at step {at / units}, unit {at % units}; values must be finite";
    }

    /// <summary>What is wrong with spikes; null where nothing is.</summary>
    public static string? Problem(ReadOnlySpan<ulong> sample, int units)
    {
        int words = SpikeWords.Per(units), last = units & 63;
        if (last == 0)
            return null;
        for (int i = words - 1; i < sample.Length; i += words)
        {
            if (sample[i] >> last != 0)
                return $"has a spike behind its {units} units at step {i / words}";
        }
        return null;
    }

    // 0 · x is 0 for finite x and NaN for the rest; NaN stays in the sum.
    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        var sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += new Vector<float>(values[i..]) * Vector<float>.Zero;
        float sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
            sum += values[i] * 0;
        return sum == 0;
    }
}
