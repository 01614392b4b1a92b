using System.Buffers;
using System.Text.Json;

namespace Volley.Serialization;

/// <summary>Appends one JSON object a line to a file such as <c>metrics.jsonl</c>; each line is on the disk when <see cref="Append"/> returns.</summary>
public sealed class JsonLinesWriter : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Opens <paramref name="path"/> for appending, creating it where it does not exist.</summary>
    /// <exception cref="IOException">The file cannot be written; one sentence with its name.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public JsonLinesWriter(string path)
    {
        _path = path;
        try
        {
            // No buffer: a line is handed over in one write, so a kill tears at most the last one. Others may follow the file.
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Explain(path, failure);
        }
    }

    /// <summary>Appends the object whose members <paramref name="members"/> writes, as one line, and flushes it to the disk.</summary>
    public void Append(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
        try
        {
            _stream.Write(_line.WrittenSpan);
            _stream.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Explain(_path, failure);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
