using System.Globalization;
using System.Text;

namespace Volley.Data;

/// <summary>DVS128 Gesture (Amir et al. 2017): eleven gestures of 29 persons before a DVS128, several in each recording.</summary>
/// <remarks>A folder with <c>user01_fluorescent.aedat</c> (AEDAT 3.1), <c>user01_fluorescent_labels.csv</c> (lines <c>class,start,end</c>, classes from 1, times in
/// microseconds, the end not included), …, and the lists <c>trials_to_train.txt</c> and <c>trials_to_test.txt</c>. The test part has persons of its own, so whole
/// persons of the training part are held out for validation.</remarks>
public static class DvsGesture
{
    internal const string Name = "dvs-gesture", Files = "{recording}.aedat, {recording}_labels.csv, trials_to_train.txt and trials_to_test.txt";

    internal static readonly IReadOnlyList<string> Classes =
    [
        "hand-clap", "right-hand-wave", "left-hand-wave", "right-arm-clockwise", "right-arm-counter-clockwise", "left-arm-clockwise", "left-arm-counter-clockwise",
        "arm-roll", "air-drums", "air-guitar", "other",
    ];

    /// <summary>Reads both parts and divides the training part.</summary>
    /// <exception cref="IOException">The folder or a list is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says where.</exception>
    public static DatasetSplits Open(string folder, EventFrameOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new EventFrameOptions { Steps = 16, Size = Aedat3File.Side };
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {Files}).");
        var builder = new FrameBuilder(options, Aedat3File.Side);
        (EventFrames train, int[] persons) = Read(folder, "trials_to_train.txt", builder, options);
        (EventFrames test, _) = Read(folder, "trials_to_test.txt", builder, options);
        HashSet<int> held = GroupSplits.HeldOut(persons, options.Split, $"'{folder}' has training recordings of one person only, so that none can be held out for validation.");
        ILookup<bool, int> parts = Enumerable.Range(0, train.Count).ToLookup(i => held.Contains(persons[i]));
        IDataset kept = train.Subset([.. parts[false]]);
        return new DatasetSplits(options.Split.Limit is { } limit ? kept.Limit(limit, options.Split.Seed) : kept, train.Subset([.. parts[true]]), test)
        {
            Input = new(ClassNames: Classes),
        };
    }

    private static (EventFrames Frames, int[] Persons) Read(string folder, string list, FrameBuilder builder, EventFrameOptions options)
    {
        List<string> names = Names(folder, list);
        string[] known = [.. names.Select(Person).Distinct()];
        var bad = new BadRecordings(options.SkipBad, options.Warn);
        var samples = new List<SparseFrames>();
        var labels = new List<int>();
        var persons = new List<int>();
        foreach (string name in names)
        {
            var gestures = new List<(SparseFrames Frames, int Label)>();
            if (!bad.Check(name, () => gestures.AddRange(Gestures(Path.Combine(folder, name), builder))))
                continue;
            samples.AddRange(gestures.Select(gesture => gesture.Frames));
            labels.AddRange(gestures.Select(gesture => gesture.Label));
            persons.AddRange(Enumerable.Repeat(Array.IndexOf(known, Person(name)), gestures.Count));
        }
        bad.Report(names.Count);
        return (new EventFrames(Name, Classes, options, [.. samples], [.. labels]), [.. persons]);
    }

    private static List<string> Names(string folder, string list)
    {
        string path = Path.Combine(folder, list);
        if (!File.Exists(path))
            throw new FileNotFoundException($"'{folder}' has no {list}.", path);
        using var lines = new TextLines(path);
        var names = new List<string>();
        while (lines.NextContent())
        {
            string name = Encoding.UTF8.GetString(lines.Line).Trim();
            if (!name.EndsWith(".aedat", StringComparison.Ordinal) || name.AsSpan().ContainsAny('/', '\\') || name[0] == '.')
                throw lines.Bad("expected the name of an .aedat file");
            names.Add(name);
        }
        return names.Count > 0 ? names : throw new InvalidDataException($"'{path}' lists no recording.");
    }

    /// <summary>All gestures of a recording.</summary>
    private static List<(SparseFrames Frames, int Label)> Gestures(string path, FrameBuilder builder)
    {
        CameraEvent[] events = EventFile.ReadAedat3(path);
        string labels = path[..^".aedat".Length] + "_labels.csv";
        RegularFile.Length(labels);
        using var lines = new TextLines(labels);
        var gestures = new List<(SparseFrames Frames, int Label)>();
        while (lines.NextContent())
        {
            string[] words = Encoding.UTF8.GetString(lines.Line).Split(',');
            if (lines.Number == 1 && words[0].Trim() == "class")
                continue;
            var numbers = new long[words.Length];
            if (words.Length != 3 || Enumerable.Range(0, 3).Any(i => !long.TryParse(words[i], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out numbers[i])))
                throw lines.Bad("expected a class, a start and an end, whole numbers divided by commas");
            if (numbers[0] < 1 || numbers[0] > Classes.Count)
                throw lines.Bad($"class {numbers[0]} is not one of 1 … {Classes.Count}");
            CameraEvent[] gesture = [.. events.Where(e => e.Time >= numbers[1] && e.Time < numbers[2])];
            if (gesture.Length == 0)
                throw lines.Bad($"'{Path.GetFileName(path)}' has no event from {numbers[1]} to {numbers[2]} microseconds");
            gestures.Add((builder.Build(gesture), (int)numbers[0] - 1));
        }
        return gestures.Count > 0 ? gestures : throw new InvalidDataException($"'{labels}' has no gesture.");
    }

    /// <summary>What stands before the first underscore.</summary>
    private static string Person(string name) => name.Split('_')[0];
}
