using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>Texts as symbols of one byte, in one array, as they lie in memory and in the cache: samples, texts a sample, symbols and classes
/// (int32, little-endian); one label byte a sample; the length of each text (int32); the texts, one after another.</summary>
internal sealed class TokenBlock
{
    private const int HeaderBytes = 16;

    private readonly byte[] _bytes;
    private readonly int[] _starts;   // [samples · texts + 1]

    private TokenBlock(byte[] bytes, int[] starts)
    {
        (_bytes, _starts) = (bytes, starts);
        Count = Int(bytes, 0);
        TextsPerSample = Int(bytes, 4);
    }

    /// <summary>Samples.</summary>
    public int Count { get; }

    public int TextsPerSample { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public ReadOnlySpan<byte> Labels => _bytes.AsSpan(HeaderBytes, Count);

    /// <summary>One text of a sample.</summary>
    public ReadOnlySpan<byte> Text(int sample, int text = 0)
    {
        int i = sample * TextsPerSample + text;
        return _bytes.AsSpan(_starts[i], _starts[i + 1] - _starts[i]);
    }

    /// <summary>Puts samples together.</summary>
    /// <param name="texts">Sample after sample, each with its texts in their order.</param>
    /// <param name="labels">One a sample.</param>
    /// <param name="textsPerSample">1 or 2.</param>
    /// <param name="symbols">How many symbols there are.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="source">What messages call the data.</param>
    /// <exception cref="InvalidDataException">They are more than memory can hold in one piece.</exception>
    public static TokenBlock Create(
        IReadOnlyList<ReadOnlyMemory<byte>> texts, IReadOnlyList<byte> labels, int textsPerSample, int symbols, int classes, string source)
    {
        long size = HeaderBytes + labels.Count + 4L * texts.Count + texts.Sum(text => (long)text.Length);
        if (size > Array.MaxLength)
            throw new InvalidDataException($"{source} has {labels.Count} samples of {size} bytes in all, too many to keep in memory; make 'maxLength' smaller.");
        var bytes = new byte[size];
        foreach ((int at, int value) in (ReadOnlySpan<(int, int)>)[(0, labels.Count), (4, textsPerSample), (8, symbols), (12, classes)])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        for (int i = 0; i < labels.Count; i++)
            bytes[HeaderBytes + i] = labels[i];
        int lengths = HeaderBytes + labels.Count, place = lengths + 4 * texts.Count;
        for (int i = 0; i < texts.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(lengths + 4 * i), texts[i].Length);
            texts[i].Span.CopyTo(bytes.AsSpan(place));
            place += texts[i].Length;
        }
        return Parse(bytes, textsPerSample, symbols, classes) ?? throw new ArgumentException("The texts do not fit their own description.", nameof(texts));
    }

    /// <summary>The block in bytes of the cache, or null where they are none of such texts.</summary>
    public static TokenBlock? Parse(byte[] bytes, int textsPerSample, int symbols, int classes)
    {
        if (bytes.Length < HeaderBytes || Int(bytes, 4) != textsPerSample || Int(bytes, 8) != symbols || Int(bytes, 12) != classes)
            return null;
        int count = Int(bytes, 0);
        long texts = (long)count * textsPerSample, place = HeaderBytes + count + 4 * texts;
        if (count < 0 || place > bytes.Length || bytes.AsSpan(HeaderBytes, count).ContainsAnyExceptInRange((byte)0, (byte)(classes - 1)))
            return null;
        var starts = new int[texts + 1];
        starts[0] = (int)place;
        for (int i = 0; i < texts; i++)
        {
            int length = Int(bytes, HeaderBytes + count + 4 * i);
            if (length < 1 || length > bytes.Length - starts[i])
                return null;
            starts[i + 1] = starts[i] + length;
        }
        bool ends = starts[^1] == bytes.Length && !bytes.AsSpan(starts[0]).ContainsAnyExceptInRange((byte)0, (byte)(symbols - 1));
        return ends ? new TokenBlock(bytes, starts) : null;
    }

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
