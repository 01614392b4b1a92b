using System.Text.Json;

namespace Volley.Serialization;

/// <summary>Reads and shortens files with one JSON object a line.</summary>
public static class JsonLines
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>
    /// Every complete line's object, in order. A last line without its line end was torn by a kill and is left out.
    /// </summary>
    /// <exception cref="InvalidDataException">A complete line is not a JSON object; names file, line and byte.</exception>
    public static IReadOnlyList<JsonElement> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var objects = new List<JsonElement>();
        for (int start = 0, end; (end = LineEnd(bytes, start)) >= 0; start = end + 1)
            objects.Add(Parse(path, bytes, start, end, objects.Count + 1));
        return objects;
    }

    /// <summary>
    /// Cuts the file behind the last line whose integer <paramref name="member"/> is at most <paramref name="last"/>; also drops a torn
    /// last line. A run that resumes from the checkpoint of epoch <paramref name="last"/> then appends what it computes again.
    /// </summary>
    /// <returns>The number of lines kept; 0 where there is no file.</returns>
    /// <exception cref="InvalidDataException">A complete line is not an object with an integer <paramref name="member"/>.</exception>
    /// <exception cref="IOException">The file cannot be written; one sentence with its name.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static int TruncateAfter(string path, string member, long last)
    {
        if (!File.Exists(path))
            return 0;
        byte[] bytes = File.ReadAllBytes(path);
        int kept = 0, start = 0;
        for (int end; (end = LineEnd(bytes, start)) >= 0; start = end + 1)
        {
            JsonElement line = Parse(path, bytes, start, end, kept + 1);
            if (!line.TryGetProperty(member, out JsonElement value) || value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
                throw new InvalidDataException($"'{path}': line {kept + 1} (at byte {start}) has no whole number '{member}'.");
            if (number > last)
                break;
            kept++;
        }
        Cut(path, bytes.Length, start);
        return kept;
    }

    private static void Cut(string path, long length, long keep)
    {
        if (keep == length)
            return;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
            stream.SetLength(keep);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Explain(path, failure);
        }
    }

    private static int LineEnd(byte[] bytes, int start)
    {
        int length = bytes.AsSpan(start).IndexOf((byte)'\n');
        return length < 0 ? -1 : start + length;
    }

    private static JsonElement Parse(string path, byte[] bytes, int start, int end, int line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(start, end - start), Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw NoObject(path, start, line, failure);
        }
        throw NoObject(path, start, line, null);
    }

    private static InvalidDataException NoObject(string path, int start, int line, Exception? failure) =>
        new($"'{path}': line {line} (at byte {start}) is not a JSON object.", failure);
}
