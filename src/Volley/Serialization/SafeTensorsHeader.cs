namespace Volley.Serialization;

/// <summary>What a safetensors header says, checked: every range lies in the data, and together they fill it.</summary>
/// <param name="Bytes">The header as stored, after its length.</param>
/// <param name="Metadata">The string map, without the checksum.</param>
/// <param name="Entries">The arrays in the order of their data.</param>
/// <param name="Checksum">The 64 hexadecimal digits, or null in files of other tools.</param>
/// <param name="ChecksumAt">Where those digits start in <paramref name="Bytes"/>.</param>
internal sealed record SafeTensorsHeader(
    byte[] Bytes, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafeTensorsEntry> Entries, string? Checksum, int ChecksumAt)
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The limit of the format's own library.</summary>
    public const int MaxBytes = 100_000_000;

    /// <summary>The bytes before the header: its length.</summary>
    public const int LengthBytes = sizeof(ulong);
}

/// <summary>One array's line in the header.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Extents.</param>
/// <param name="Begin">First byte, counted from the start of the data.</param>
/// <param name="End">One past the last byte.</param>
/// <param name="At">Where the line stands in the file, for error messages.</param>
internal readonly record struct SafeTensorsEntry(string Name, SafeType Type, long[] Shape, long Begin, long End, long At);
