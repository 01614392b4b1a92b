using Volley.Recipes;
using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>Makes the parts of an experiment of recordings.</summary>
internal static class RecordingSet
{
    private const int ShownClasses = 5;

    /// <summary>The classes, and the recordings that belong to them.</summary>
    /// <exception cref="InvalidDataException">There are fewer than two classes, or one that is refused.</exception>
    public static (IReadOnlyList<string> Classes, List<Recording> Recordings) Classify(string name, List<Recording> recordings, RecordingOptions options)
    {
        string[] found = [.. recordings.Select(recording => recording.Class).Distinct().Order(StringComparer.Ordinal)];
        if (options.ClassNames is not { } known)
        {
            return found.Length >= 2
                ? (found, recordings)
                : throw new InvalidDataException($"'{name}' has recordings of one class only, '{Names.Shown(found[0])}'; there is nothing to tell apart.");
        }
        string[] others = [.. found.Except(known)];
        if (others.Length > 0 && options.RefuseOtherClasses)
        {
            Recording example = recordings.First(recording => recording.Class == others[0]);
            throw new InvalidDataException($"'{example.Path}' has the class '{Names.Shown(others[0])}', which is none of those that are known: {Shown(known)}.");
        }
        List<Recording> ours = [.. recordings.Where(recording => known.Contains(recording.Class))];
        return ours.Count > 0
            ? (known, ours)
            : throw new InvalidDataException($"'{name}' has no recording of the classes {Shown(known)}; there are {Shown(found)}.");
    }

    /// <summary>Divides what could be read.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="recordings">All recordings.</param>
    /// <param name="sequences">One a recording, null for a bad one; they are standardised in place.</param>
    /// <param name="options">How.</param>
    /// <param name="frontEnd">What made the sequences; null where files hold them.</param>
    public static DatasetSplits Divide(
        string name, IReadOnlyList<string> classes, IReadOnlyList<Recording> recordings, Sequence?[] sequences, RecordingOptions options, FrontEndRecipe? frontEnd = null)
    {
        int[] good = [.. Enumerable.Range(0, recordings.Count).Where(i => sequences[i] is not null)];
        Sequence[] samples = [.. good.Select(i => sequences[i]!)];
        Dictionary<string, int> index = classes.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        int[] labels = [.. good.Select(i => index[recordings[i].Class])];
        int units = samples[0].Units;
        if (options.Channels is { } channels && channels != units)
            throw new InvalidDataException($"'{name}' has recordings of {units} channels, but the recipe says {channels}.");
        bool values = samples[0].Kind == SampleKind.Values;
        InMemoryDataset all = values
            ? InMemoryDataset.FromValues(name, [.. samples.Select(sample => sample.Values)], labels, units, classes.Count, classes)
            : InMemoryDataset.FromBits(name, [.. samples.Select(sample => sample.Bits)], labels, units, classes.Count, classes);
        DatasetSplits splits = Parts(all, [.. good.Select(i => recordings[i].Part)], options);
        ChannelStatistics? statistics = Statistics(splits.Train, options);
        if (statistics is not null && statistics.Mean.Count != units)
            throw new InvalidDataException($"'{name}' has recordings of {units} channels, but the model was trained on {statistics.Mean.Count}.");
        if (statistics is not null)
        {
            foreach (Sequence sample in samples)
                statistics.Apply(sample.Values);
        }
        return splits with { Input = new InputDescription(frontEnd, statistics?.Mean, statistics?.Sd, classes) };
    }

    private static DatasetSplits Parts(InMemoryDataset all, Part?[] parts, RecordingOptions options)
    {
        IDataset train, test;
        IDataset? valid = null;
        if (parts.Contains(null))
        {
            (train, test) = all.HoldOutTest(options.TestFraction, options.Split.Seed);
        }
        else
        {
            (train, test) = (Of(Part.Train), Of(Part.Test));
            if (parts.Contains(Part.Valid))
                valid = Of(Part.Valid);
        }
        if (train.Count == 0 || test.Count == 0)
            throw new InvalidDataException($"'{all.Info.Name}' has {train.Count} recordings to train with and {test.Count} to test with; at least one of each is needed.");
        if (valid is null)
            return Splits.Divide(train, test, options.Split);
        return new DatasetSplits(options.Split.Limit is { } limit ? train.Limit(limit, options.Split.Seed) : train, valid, test);

        IDataset Of(Part part) => all.Subset([.. Enumerable.Range(0, parts.Length).Where(i => parts[i] == part)]);
    }

    private static ChannelStatistics? Statistics(IDataset train, RecordingOptions options) =>
        options.Statistics ?? (options.Standardize && train.Info.Kind == SampleKind.Values ? ChannelStatistics.Fit(train) : null);

    private static string Shown(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(ShownClasses).Select(Names.Shown)) + (classes.Count > ShownClasses ? ", …" : "");
}
