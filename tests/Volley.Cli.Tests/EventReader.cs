using System.Text;

namespace Volley.Cli.Tests;

/// <summary>Reads an event file as the format is documented, with nothing of what wrote it: frames, checksums bit by bit, protobuf by wire type.</summary>
internal static class EventReader
{
    /// <param name="Step">0 where the event has none.</param>
    /// <param name="Version">Of the file; null but in its first event.</param>
    /// <param name="Restarts">Whether a session begins here.</param>
    public sealed record Entry(double WallTime, long Step, string? Version, bool Restarts, Dictionary<string, float> Scalars);

    /// <summary>Every event; a torn last record is skipped, as TensorBoard does.</summary>
    /// <exception cref="InvalidDataException">A checksum does not match.</exception>
    public static List<Entry> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var entries = new List<Entry>();
        for (int at = 0; at + 12 <= file.Length;)
        {
            int length = checked((int)BitConverter.ToUInt64(file, at));
            Check(file.AsSpan(at, 8), BitConverter.ToUInt32(file, at + 8));
            if (at + 16 + length > file.Length)
                break;
            Check(file.AsSpan(at + 12, length), BitConverter.ToUInt32(file, at + 12 + length));
            entries.Add(Event(file.AsSpan(at + 12, length)));
            at += 16 + length;
        }
        return entries;
    }

    private static void Check(ReadOnlySpan<byte> bytes, uint masked)
    {
        // Castagnoli's polynomial, reversed; a bit at a time.
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        uint expected = unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
        if (masked != expected)
            throw new InvalidDataException("A checksum does not match.");
    }

    private static Entry Event(ReadOnlySpan<byte> bytes)
    {
        double wallTime = 0;
        long step = 0;
        string? version = null;
        bool restarts = false;
        var scalars = new Dictionary<string, float>();
        foreach ((int field, byte[] value) in Fields(bytes))
        {
            switch (field)
            {
                case 1: wallTime = BitConverter.ToDouble(value); break;
                case 2: step = BitConverter.ToInt64(value); break;
                case 3: version = Encoding.UTF8.GetString(value); break;
                case 5:
                    foreach ((int of, byte[] scalar) in Fields(value))
                    {
                        Assert.Equal(1, of);
                        Dictionary<int, byte[]> members = Fields(scalar).ToDictionary(f => f.Field, f => f.Value);
                        scalars.Add(Encoding.UTF8.GetString(members[1]), BitConverter.ToSingle(members[2]));
                    }
                    break;
                case 7: restarts = Fields(value) is [(1, { } status)] && BitConverter.ToInt64(status) == 1; break;
                default: Assert.Fail($"Event has no field {field} here."); break;
            }
        }
        return new Entry(wallTime, step, version, restarts, scalars);
    }

    /// <summary>Fields of a message and their bytes; a varint as the eight bytes of its number.</summary>
    private static List<(int Field, byte[] Value)> Fields(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<(int, byte[])>();
        while (bytes.Length > 0)
        {
            long tag = Varint(ref bytes);
            int length = (tag & 7) switch { 0 => 0, 1 => 8, 5 => 4, 2 => (int)Varint(ref bytes), var type => throw new InvalidDataException($"Wire type {type}.") };
            fields.Add(((int)(tag >> 3), (tag & 7) == 0 ? BitConverter.GetBytes(Varint(ref bytes)) : bytes[..length].ToArray()));
            bytes = bytes[length..];
        }
        return fields;
    }

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
