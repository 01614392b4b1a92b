using Volley.Kernels;

namespace Volley.Data;

/// <summary>Ways to divide a data set. Each is a pure function of the labels and the seed.</summary>
public static class Splits
{
    /// <summary>The share of the training part that is held out for validation unless the caller says otherwise.</summary>
    public const double DefaultValidFraction = 0.1;

    /// <summary>A view of the samples named by <paramref name="indices"/>, in that order.</summary>
    public static IDataset Subset(this IDataset dataset, params ReadOnlySpan<int> indices) => new Subset(dataset, indices);

    /// <summary>A view of <paramref name="count"/> samples from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The samples are not all there.</exception>
    public static IDataset Slice(this IDataset dataset, int start, int count)
    {
        if (start < 0 || count < 0 || start > dataset.Count - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"Samples {start} … {start + (long)count - 1} were asked for; '{dataset.Info.Name}' has {dataset.Count}.");
        }
        return new Subset(dataset, [.. Enumerable.Range(start, count)]);
    }

    /// <summary>Holds out a share of the samples, the same share of every class.</summary>
    /// <returns>The samples kept and the samples held out, both in the order of <paramref name="dataset"/>; no sample is in both.</returns>
    /// <param name="dataset">The training part; never the test part.</param>
    /// <param name="fraction">0 ≤ fraction &lt; 1 of the samples, rounded; any fraction above 0 holds out at least one sample and keeps at least one.</param>
    /// <param name="seed">Chooses which samples.</param>
    public static (IDataset Train, IDataset Valid) HoldOut(this IDataset dataset, double fraction = DefaultValidFraction, ulong seed = 1) =>
        HoldOut(dataset, fraction, new Rng(seed).Fork("volley.data.valid"));

    /// <summary>The same for a test part, with draws of its own.</summary>
    internal static (IDataset Train, IDataset Test) HoldOutTest(this IDataset dataset, double fraction, ulong seed) =>
        HoldOut(dataset, fraction, new Rng(seed).Fork("volley.data.test"));

    private static (IDataset Kept, IDataset Held) HoldOut(IDataset dataset, double fraction, Rng random)
    {
        if (!(fraction >= 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"fraction is {fraction}; expected 0 ≤ fraction < 1.");
        int held = (int)Math.Round(fraction * dataset.Count);
        if (fraction > 0)
            held = Math.Clamp(held, Math.Clamp(dataset.Count - 1, 0, 1), Math.Max(0, dataset.Count - 1));
        bool[] chosen = Choose(dataset, held, random);
        return (Where(dataset, chosen, false), Where(dataset, chosen, true));
    }

    /// <summary>At most <paramref name="limit"/> samples, each class with its share, in the order of <paramref name="dataset"/>.</summary>
    /// <param name="dataset">Where the samples come from.</param>
    /// <param name="limit">How many to keep, at least 1; all are kept where there are no more.</param>
    /// <param name="seed">Chooses which samples.</param>
    public static IDataset Limit(this IDataset dataset, int limit, ulong seed = 1)
    {
        Check.Positive(limit, nameof(limit));
        return limit >= dataset.Count
            ? dataset
            : Where(dataset, Choose(dataset, limit, new Rng(seed).Fork("volley.data.limit")), true);
    }

    /// <summary>Train, validation and test from the two official parts: the validation part is taken from <paramref name="train"/> first,
    /// so that it is the same with and without a limit; then what is left is limited. Test stays whole unless the options name its first samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer samples than <see cref="SplitOptions.First"/> asks for.</exception>
    public static DatasetSplits Divide(IDataset train, IDataset test, SplitOptions? options = null)
    {
        options ??= new SplitOptions();
        (IDataset kept, IDataset valid) = options.First is { } first
            ? (train.Slice(0, first.Train), train.Slice(first.Train, first.Valid))
            : train.HoldOut(options.ValidFraction, options.Seed);
        IDataset tested = options.First is { } f ? test.Slice(0, f.Test) : test;
        return new DatasetSplits(options.Limit is { } limit ? kept.Limit(limit, options.Seed) : kept, valid, tested);
    }

    // Each class gives its exact share rounded down; the samples still missing come one each from the classes with the largest
    // remainders, the lower label first among equals.
    private static bool[] Choose(IDataset dataset, int wanted, Rng random)
    {
        int classes = dataset.Info.Classes;
        var members = new List<int>[classes];
        for (int c = 0; c < classes; c++)
            members[c] = [];
        for (int i = 0; i < dataset.Count; i++)
            members[dataset.Label(i)].Add(i);

        var shares = new int[classes];
        var remainders = new long[classes];
        int given = 0;
        for (int c = 0; c < classes; c++)
        {
            (long share, remainders[c]) = Math.DivRem((long)wanted * members[c].Count, Math.Max(1, dataset.Count));
            given += shares[c] = (int)share;
        }
        foreach (int c in Enumerable.Range(0, classes).OrderByDescending(c => remainders[c]).Take(wanted - given))
            shares[c]++;

        var chosen = new bool[dataset.Count];
        for (int c = 0; c < classes; c++)
        {
            var order = new int[members[c].Count];
            random.Fork(c).Permutation(order);
            foreach (int i in order.AsSpan(0, shares[c]))
                chosen[members[c][i]] = true;
        }
        return chosen;
    }

    private static Subset Where(IDataset dataset, bool[] chosen, bool value) =>
        new(dataset, [.. Enumerable.Range(0, dataset.Count).Where(i => chosen[i] == value)]);
}
