using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>Some decoded recordings as they are kept in a <see cref="DiskCache"/>: how many, kind, channels and steps of each, then the contents.
/// One that could not be read has no steps.</summary>
internal static class SequenceShard
{
    private const int HeaderBytes = 4, EntryBytes = 12;

    /// <summary>Empty where it is too long to be kept.</summary>
    public static ReadOnlyMemory<byte> Encode(Sequence?[] sequences)
    {
        long length = HeaderBytes + sequences.Sum(s => EntryBytes + (s?.Bytes.Length ?? 0L));
        if (length > Array.MaxLength)
            return default;
        var data = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(data, sequences.Length);
        int at = HeaderBytes + EntryBytes * sequences.Length;
        for (int i = 0; i < sequences.Length; i++)
        {
            if (sequences[i] is not { } sequence)
                continue;
            Span<byte> entry = data.AsSpan(HeaderBytes + EntryBytes * i);
            BinaryPrimitives.WriteInt32LittleEndian(entry, (int)sequence.Kind);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], sequence.Units);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], sequence.Steps);
            sequence.Bytes.CopyTo(data.AsSpan(at));
            at += sequence.Bytes.Length;
        }
        return data;
    }

    /// <summary>Null where the bytes are no such shard of that many recordings.</summary>
    public static Sequence?[]? Parse(byte[] data, int count)
    {
        if (data.Length < HeaderBytes + (long)EntryBytes * count || BinaryPrimitives.ReadInt32LittleEndian(data) != count)
            return null;
        var sequences = new Sequence?[count];
        long at = HeaderBytes + EntryBytes * count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = data.AsSpan(HeaderBytes + EntryBytes * i);
            int kind = BinaryPrimitives.ReadInt32LittleEndian(entry), units = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
            int steps = BinaryPrimitives.ReadInt32LittleEndian(entry[8..]);
            if (steps == 0)
                continue;
            if (steps < 0 || units < 1 || kind is not ((int)SampleKind.Spikes or (int)SampleKind.Values))
                return null;
            long bytes = Sequence.BytesOf((SampleKind)kind, steps, units);
            if (bytes > data.Length - at)
                return null;
            var sequence = Sequence.Empty((SampleKind)kind, steps, units);
            data.AsSpan((int)at, (int)bytes).CopyTo(sequence.Bytes);
            sequences[i] = sequence;
            at += bytes;
        }
        return at == data.Length ? sequences : null;
    }
}
