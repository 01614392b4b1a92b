using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Volley.Serialization;

/// <summary>Parses a header token by token, without a document in between, so that a hostile one costs no more than its own length.</summary>
internal sealed class SafeTensorsHeaderParser(string file, byte[] header, long dataLength)
{
    private const int MaxRank = 32;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<SafeTensorsEntry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private string? _checksum;
    private int _checksumAt;

    public SafeTensorsHeader Parse()
    {
        if (!Utf8.IsValid(header))
            throw Bad(0, "the header is not UTF-8");
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            ReadObject(ref json);
        }
        // InvalidOperationException: an escaped half of a surrogate pair.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw Bad(json.BytesConsumed, "the header is not the JSON of a safetensors file", failure);
        }
        CheckRanges();
        if (_checksum is null && _metadata.Keys.FirstOrDefault(key => key.StartsWith("volley.", StringComparison.Ordinal)) is { } own)
            throw Bad(0, $"'{own}' is there but '{SafeTensorsFile.ChecksumKey}' is missing");
        return new SafeTensorsHeader(header, _metadata, _entries, _checksum, _checksumAt);
    }

    private void ReadObject(ref Utf8JsonReader json)
    {
        json.Read();
        Expect(ref json, JsonTokenType.StartObject, "the header must be an object");
        while (NextMember(ref json, out string name))
        {
            long at = json.TokenStartIndex;
            if (!_names.Add(name))
                throw Bad(at, $"the name '{name}' occurs twice");
            json.Read();
            if (name == SafeTensorsHeader.MetadataKey)
                ReadMetadata(ref json);
            else
                _entries.Add(ReadEntry(ref json, name, at));
        }
        if (json.Read())
            throw Bad(json.TokenStartIndex, "something follows the header's object");
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject, $"'{SafeTensorsHeader.MetadataKey}' must be an object");
        while (NextMember(ref json, out string key))
        {
            long at = json.TokenStartIndex;
            json.Read();
            Expect(ref json, JsonTokenType.String, $"metadata '{key}' must be a string");
            if (key == SafeTensorsFile.ChecksumKey && _checksum is null)
                ReadChecksum(ref json);
            else if (key == SafeTensorsFile.ChecksumKey || !_metadata.TryAdd(key, json.GetString()!))
                throw Bad(at, $"metadata '{key}' occurs twice");
        }
    }

    private void ReadChecksum(ref Utf8JsonReader json)
    {
        string value = json.GetString()!;
        if (json.ValueIsEscaped || value.Length != SafeTensorsChecksum.Prefix.Length + SafeTensorsChecksum.Digits
            || !value.StartsWith(SafeTensorsChecksum.Prefix, StringComparison.Ordinal))
        {
            throw Bad(json.TokenStartIndex, $"'{SafeTensorsFile.ChecksumKey}' must be '{SafeTensorsChecksum.Prefix}' and 64 hexadecimal digits");
        }
        _checksum = value[SafeTensorsChecksum.Prefix.Length..];
        _checksumAt = checked((int)json.TokenStartIndex) + 1 + SafeTensorsChecksum.Prefix.Length;
        // The digits are located by bytes, so the value must not hold wider characters.
        if (_checksum.AsSpan().ContainsAnyExcept(HexDigits))
            throw Bad(json.TokenStartIndex, $"'{SafeTensorsFile.ChecksumKey}' must end in 64 lower-case hexadecimal digits");
    }

    private SafeTensorsEntry ReadEntry(ref Utf8JsonReader json, string name, long at)
    {
        Expect(ref json, JsonTokenType.StartObject, $"entry '{name}' must be an object");
        SafeType? type = null;
        long[]? shape = null, offsets = null;
        while (NextMember(ref json, out string member))
        {
            long memberAt = json.TokenStartIndex;
            json.Read();
            switch (member)
            {
                case "dtype" when type is null:
                    type = ReadType(ref json, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref json, name, member);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref json, name, member);
                    break;
                default:
                    throw Bad(memberAt, $"entry '{name}' has an unknown or repeated member '{member}'");
            }
        }
        if (type is null || shape is null || offsets is not { Length: 2 })
            throw Bad(at, $"entry '{name}' needs dtype, shape and two data_offsets");
        return CheckEntry(new SafeTensorsEntry(name, type.Value, shape, offsets[0], offsets[1], at));
    }

    private SafeTensorsEntry CheckEntry(SafeTensorsEntry entry)
    {
        long length = entry.End - entry.Begin;
        if (length < 0 || entry.End > dataLength)
            throw Bad(entry.At, $"entry '{entry.Name}' claims the bytes {entry.Begin} to {entry.End} of {dataLength}");
        if (!ShapeProduct.TryCount(entry.Shape, out long count) || count > length || count * entry.Type.Size() != length)
            throw Bad(entry.At, $"the shape and type of entry '{entry.Name}' do not fit its {length} bytes");
        if (length > Array.MaxLength)
            throw Bad(entry.At, $"entry '{entry.Name}' has {length} bytes; at most {Array.MaxLength} can be read");
        return entry;
    }

    private SafeType ReadType(ref Utf8JsonReader json, string name)
    {
        Expect(ref json, JsonTokenType.String, $"the dtype of entry '{name}' must be a string");
        string text = json.GetString()!;
        return SafeTypes.TryParse(text, out SafeType type)
            ? type
            : throw Bad(json.TokenStartIndex, $"entry '{name}' has the unknown dtype '{text}'");
    }

    private long[] ReadNumbers(ref Utf8JsonReader json, string name, string member)
    {
        Expect(ref json, JsonTokenType.StartArray, $"{member} of entry '{name}' must be a list");
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0 || numbers.Count == MaxRank)
                throw Bad(json.TokenStartIndex, $"{member} of entry '{name}' must be at most {MaxRank} whole numbers from 0");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private void CheckRanges()
    {
        _entries.Sort(static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        foreach (SafeTensorsEntry entry in _entries)
        {
            if (entry.Begin != end)
                throw Bad(entry.At, $"the data of entry '{entry.Name}' starts at {entry.Begin}, not at {end} where the one before ends");
            end = entry.End;
        }
        if (end != dataLength)
            throw Bad(header.Length + end, $"{dataLength - end} bytes at the end belong to no entry");
    }

    private static bool NextMember(ref Utf8JsonReader json, out string name)
    {
        json.Read();
        bool member = json.TokenType == JsonTokenType.PropertyName;
        name = member ? json.GetString()! : "";
        return member;
    }

    private void Expect(ref Utf8JsonReader json, JsonTokenType type, string sentence)
    {
        if (json.TokenType != type)
            throw Bad(json.TokenStartIndex, sentence);
    }

    private InvalidDataException Bad(long at, string what, Exception? inner = null) =>
        SafeTensorsReader.Bad(file, SafeTensorsHeader.LengthBytes + at, what, inner);
}
