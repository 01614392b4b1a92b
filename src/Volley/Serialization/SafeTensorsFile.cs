namespace Volley.Serialization;

/// <summary>The content of a safetensors file: a map of strings and named arrays.</summary>
/// <remarks>
/// Format (huggingface/safetensors): the header's length in 8 little-endian bytes, a JSON header padded with spaces to a multiple
/// of 8 (entry name → <c>dtype</c>, <c>shape</c>, <c>data_offsets</c>; and <c>__metadata__</c>, string → string), then the data without gaps.
/// Volley adds <c>volley.checksum</c> to the metadata and otherwise writes nothing of its own accord: the same content gives the same bytes.
/// Files of other tools, without a checksum, can be read too; a file with any other <c>volley.…</c> metadata must have one.
/// </remarks>
public sealed class SafeTensorsFile
{
    /// <summary>The metadata member that holds the checksum: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public const string ChecksumKey = "volley.checksum";

    private readonly SortedDictionary<string, string> _metadata;
    private readonly SortedDictionary<string, SafeTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>A file's content, sorted by name.</summary>
    /// <exception cref="ArgumentException">Two entries share a name, or a name is the format's or the checksum's own.</exception>
    public SafeTensorsFile(IReadOnlyDictionary<string, string> metadata, IEnumerable<SafeTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _metadata = new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal);
        if (_metadata.ContainsKey(ChecksumKey))
            throw new ArgumentException($"'{ChecksumKey}' is written by the file itself; leave it out.", nameof(metadata));
        foreach (SafeTensor tensor in tensors)
        {
            if (tensor.Name == SafeTensorsHeader.MetadataKey || !_tensors.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"Entry name '{tensor.Name}' is taken; every entry needs a name of its own.", nameof(tensors));
        }
    }

    /// <summary>The string map, without the checksum.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The arrays by name, in ordinal order.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors => _tensors;

    /// <summary>Whether the content was read from a file that carries a checksum, and matched it.</summary>
    public bool Verified { get; private init; }

    /// <summary>Reads and checks a whole file.</summary>
    /// <exception cref="InvalidDataException">The file is not a safetensors file, is cut short or damaged; names file, byte and what is wrong.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafeTensorsFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(stream, path);
    }

    /// <summary>Reads and checks a whole file from a seekable stream at its start.</summary>
    /// <param name="stream">The bytes; its length bounds every allocation.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static SafeTensorsFile Read(Stream stream, string name)
    {
        SafeTensorsHeader header = SafeTensorsReader.ReadHeader(stream, name);
        SafeTensor[] tensors = SafeTensorsReader.ReadTensors(stream, name, header);
        return new SafeTensorsFile(header.Metadata, tensors) { Verified = header.Checksum is not null };
    }

    /// <summary>Replaces the file as a whole (<see cref="AtomicFile"/>).</summary>
    /// <inheritdoc cref="AtomicFile.Write"/>
    public void Write(string path, string? previous = null) => AtomicFile.Write(path, Write, previous);

    /// <summary>Writes the file's bytes.</summary>
    public void Write(Stream stream) => SafeTensorsWriter.Write(stream, this);
}
