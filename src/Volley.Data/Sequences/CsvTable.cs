using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>Recordings in one CSV file: a row a time step of one of them, and columns that say of which.</summary>
internal sealed class CsvTable
{
    private readonly string _path;
    private readonly CsvOptions _options;
    private readonly Dictionary<string, Growing> _known = [];
    private readonly List<Growing> _all = [];

    private CsvTable(string path, CsvOptions options) => (_path, _options) = (path, options);

    /// <summary>All recordings, in the order in which they begin; one that is bad has no sequence.</summary>
    /// <exception cref="InvalidDataException">The table is bad; one sentence with line and column.</exception>
    public static (List<Recording> Recordings, Sequence?[] Sequences) Read(string path, CsvOptions options)
    {
        RegularFile.Length(path);
        var table = new CsvTable(path, options);
        table.ReadRows();
        var bad = new BadRecordings(options.SkipBad, options.Warn);
        var sequences = new Sequence?[table._all.Count];
        for (int i = 0; i < sequences.Length; i++)
        {
            Growing recording = table._all[i];
            bad.Check(recording.Id, () => sequences[i] = recording.Failure is null ? Sequence.OfValues([.. recording.Values], recording.Units) : throw recording.Failure);
        }
        bad.Report(sequences.Length);
        return ([.. table._all.Select(recording => recording.Facts)], sequences);
    }

    private void ReadRows()
    {
        using var lines = new TextLines(_path);
        var row = new CsvRow(lines);
        if (!lines.NextContent())
            throw new InvalidDataException($"'{_path}', line {lines.Number}: the file ends without a line that names the columns.");
        row.Split();
        var columns = Columns.Of(row, _options);
        long values = 0;
        while (lines.NextContent())
        {
            row.Split();
            if (row.Count <= columns.Id)
                throw lines.Bad($"there are {row.Count} columns, but {columns.Count} in the first line");
            Growing recording = RecordingOf(row, columns);
            if (recording.Failure is not null)
                continue;
            try
            {
                recording.Add(row, columns, lines);
            }
            catch (InvalidDataException failure)
            {
                recording.Failure = failure;
                // The first bad one is the end of it; the whole table need not be read for that.
                if (!_options.SkipBad)
                    return;
            }
            values += columns.Channels.Length;
            if (values > Sequence.MostBytes)
                throw lines.Bad("the table has more than 4 GB of values; cut it into a folder of files");
        }
        if (_all.Count == 0)
            throw new InvalidDataException($"'{_path}', line {lines.Number}: the file ends without a row of numbers.");
    }

    private Growing RecordingOf(CsvRow row, Columns columns)
    {
        string id = row.Text(columns.Id);
        if (_known.TryGetValue(id, out Growing? recording))
            return recording;
        recording = new Growing(id, _path, columns.Channels.Length);
        _known.Add(id, recording);
        _all.Add(recording);
        return recording;
    }

    /// <summary>A recording whose rows arrive.</summary>
    private sealed class Growing(string id, string path, int units)
    {
        public string Id { get; } = Names.Shown(id);

        public int Units { get; } = units;

        public List<float> Values { get; } = [];

        public InvalidDataException? Failure { get; set; }

        public Recording Facts { get; private set; } = new(path, "");

        public void Add(CsvRow row, Columns columns, TextLines lines)
        {
            if (row.Count != columns.Count)
                throw lines.Bad($"there are {row.Count} columns, but {columns.Count} in the first line");
            string? part = columns.Part is { } p ? row.Text(p) : null, speaker = columns.Speaker is { } s ? row.Text(s) : null;
            Recording facts = Facts with { Class = row.Text(columns.Label), Speaker = speaker, Part = RecordingFolder.PartOf(part, $"{lines.Path}, line {lines.Number}") };
            if (facts.Class.Length == 0)
                throw row.Bad(columns.Label, "the label is missing");
            if (Values.Count > 0 && facts != Facts)
                throw row.Bad(columns.Label, $"the recording '{Id}' has another label, speaker or part here than in its first row");
            Facts = facts;
            foreach (int column in columns.Channels)
                Values.Add(row.Number(column));
            if (Values.Count > Sequence.MostBytes / sizeof(float))
                throw lines.Bad($"the recording '{Id}' has more than 1 GB; cut it into several");
        }
    }

    /// <summary>Which column is what.</summary>
    private sealed record Columns(int Count, int Id, int Label, int? Speaker, int? Part, int[] Channels)
    {
        public static Columns Of(CsvRow header, CsvOptions options)
        {
            string[] names = [.. Enumerable.Range(0, header.Count).Select(header.Text)];
            for (int c = 0; c < names.Length; c++)
            {
                if (Array.IndexOf(names, names[c]) < c)
                    throw header.Bad(c, $"there are two columns of the name '{Names.Shown(names[c])}'");
            }
            int id = Find(options.IdColumn), label = Find(options.LabelColumn);
            int? speaker = options.SpeakerColumn is { } s ? Find(s) : null, part = options.PartColumn is { } p ? Find(p) : null;
            int[] others = [id, label, speaker ?? id, part ?? id, .. options.Ignore.Select(Find)];
            int[] channels = [.. Enumerable.Range(0, names.Length).Except(others)];
            return channels.Length > 0
                ? new Columns(names.Length, id, label, speaker, part, channels)
                : throw header.Bad(0, "no column is left for the values of the channels");

            int Find(string name)
            {
                int found = Array.IndexOf(names, name);
                return found >= 0 ? found : throw header.Bad(0, $"the first line has no column '{Names.Shown(name)}'{Names.Suggest(name, names)}");
            }
        }
    }
}
