using System.Globalization;
using System.Text;
using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>A <c>.ts</c> file of the UEA archive (Bagnall et al. 2018): lines of <c>@</c> that describe it, then a recording a line, its channels
/// divided by <c>:</c>, their values by <c>,</c>, the label last.</summary>
internal sealed class TsFile
{
    private const int MostRecordings = FolderListing.MostFiles;

    private readonly TextLines _lines;
    private int? _dimensions;
    private List<string>? _labels;

    private TsFile(TextLines lines) => _lines = lines;

    /// <summary>The classes as the file lists them; null where it lists none.</summary>
    public IReadOnlyList<string>? Classes => _labels;

    public List<Recording> Recordings { get; } = [];

    /// <summary>One a recording; null for a bad one.</summary>
    public List<Sequence?> Sequences { get; } = [];

    /// <exception cref="InvalidDataException">It is bad; one sentence with the line.</exception>
    public static TsFile Read(string path, Part part, BadRecordings bad)
    {
        RegularFile.Length(path);
        using var lines = new TextLines(path);
        var file = new TsFile(lines);
        file.ReadHeader();
        while (lines.NextContent())
        {
            if (file.Recordings.Count == MostRecordings)
                throw lines.Bad($"there are more than {MostRecordings} recordings");
            Sequence? sequence = null;
            string label = "";
            bad.Check($"{Path.GetFileName(path)} line {lines.Number}", () => (label, sequence) = file.ReadRecording());
            file.Recordings.Add(new Recording(path, label, Part: part));
            file.Sequences.Add(sequence);
        }
        return file.Recordings.Count > 0 ? file : throw lines.Bad("the file ends without a recording");
    }

    private void ReadHeader()
    {
        while (_lines.NextContent())
        {
            string text = Encoding.UTF8.GetString(_lines.Line).Trim();
            if (text[0] != '@')
                throw _lines.Bad("expected a line that begins with @, up to @data");
            string[] words = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            string? value = words.Length > 1 ? words[1] : null;
            switch (words[0].ToUpperInvariant())
            {
                case "@DATA":
                    return;
                case "@TIMESTAMPS" when IsTrue(value):
                    throw _lines.Bad("the recordings have time stamps, which are not read; resample them to equal steps");
                case "@MISSING" when IsTrue(value):
                    throw _lines.Bad("the recordings have missing values, which are not read; fill them first");
                case "@TARGETLABEL" when IsTrue(value):
                case "@CLASSLABEL" when !IsTrue(value):
                    throw _lines.Bad("the recordings have no classes");
                case "@CLASSLABEL":
                    _labels = words.Length > 2 ? [.. words[2..]] : null;
                    break;
                case "@DIMENSIONS" or "@DIMENSION":
                    _dimensions = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int dimensions) && dimensions >= 1
                        ? dimensions
                        : throw _lines.Bad($"'{Names.Shown(value ?? "")}' is no number of dimensions");
                    break;
            }
        }
        throw _lines.Bad("the file ends before a line @data");
    }

    private (string Label, Sequence Sequence) ReadRecording()
    {
        ReadOnlySpan<byte> line = _lines.Line;
        int dimensions = line.Count((byte)':');
        if (dimensions == 0 || (_dimensions is { } expected && dimensions != expected))
            throw _lines.Bad($"there are {dimensions} channels before the label{(_dimensions is { } known ? $", expected {known}" : "")}");
        _dimensions ??= dimensions;
        int colon = line.IndexOf((byte)':'), steps = line[..colon].Count((byte)',') + 1;
        if (Sequence.BytesOf(SampleKind.Values, steps, dimensions) > Sequence.MostBytes)
            throw _lines.Bad("the recording has more than 1 GB");
        var values = new List<float>();
        for (int d = 0; d < dimensions; d++)
        {
            colon = line.IndexOf((byte)':');
            ReadChannel(line[..colon], d, steps, values);
            line = line[(colon + 1)..];
        }
        string label = Encoding.UTF8.GetString(line).Trim();
        if (label.Length == 0)
            throw _lines.Bad("the label behind the last ':' is missing");
        if (_labels?.Contains(label) == false)
            throw _lines.Bad($"the label '{Names.Shown(label)}' is none of {string.Join(", ", _labels.Take(10).Select(Names.Shown))}");
        var sequence = Sequence.Empty(SampleKind.Values, steps, dimensions);
        for (int i = 0; i < values.Count; i++)
            sequence.Values[i % steps * dimensions + i / steps] = values[i];
        return (label, sequence);
    }

    private void ReadChannel(ReadOnlySpan<byte> text, int channel, int steps, List<float> values)
    {
        int found = 0;
        foreach (Range range in text.Split((byte)','))
        {
            ReadOnlySpan<byte> field = text[range].Trim(" \t"u8);
            if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !float.IsFinite((float)value))
            {
                string why = field.SequenceEqual("?"u8) ? "is missing (?)" : field.IsEmpty ? "is empty" : $"is '{Names.Shown(Encoding.UTF8.GetString(field))}', no finite number";
                throw _lines.Bad($"value {found + 1} of channel {channel + 1} {why}");
            }
            values.Add((float)value);
            found++;
        }
        if (found != steps)
            throw _lines.Bad($"channel {channel + 1} has {found} values, but channel 1 has {steps}");
    }

    private static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
