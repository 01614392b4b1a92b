using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>AEDAT 3.1: packets of events of one type, little-endian.</summary>
/// <remarks>A packet's header is type and source (int16), then size of an event, place of its time, overflows of the time, capacity, number of events, number of valid
/// ones (int32). An event of polarity (type 1) is 32 bits of data: valid (1), brighter (1), y (15), x (15), from the lowest; then 31 bits of time in microseconds.</remarks>
internal static class Aedat3File
{
    public const int Side = 128;

    private const int HeaderBytes = 28, EventBytes = 8;
    private const short PolarityType = 1;

    // More than two years.
    private const int MostOverflows = 1 << 15;

    public static CameraEvent[] Parse(DataFile file, ReadOnlySpan<byte> content)
    {
        var events = new List<CameraEvent>(content.Length / EventBytes);
        int at = AedatHeader.Skip(file, content, "3.1");
        while (at < content.Length)
        {
            if (content.Length - at < HeaderBytes)
                throw file.Bad(at, $"the header of a packet needs {HeaderBytes} bytes, but {content.Length - at} are left");
            var header = new Header(content[at..]);
            long length = (long)header.Capacity * header.EventSize;
            if (header.EventSize < 1 || header.Capacity < 0 || header.Number < 0 || header.Number > header.Capacity)
                throw file.Bad(at + 4, $"the header says {header.Number} events of {header.Capacity}, {header.EventSize} bytes each, which is no packet");
            if (length > content.Length - at - HeaderBytes)
                throw file.Bad(at, $"the packet needs {length} bytes behind its header, but {content.Length - at - HeaderBytes} are left");
            if (header.Type == PolarityType)
                Add(file, content.Slice(at + HeaderBytes, (int)length), at + HeaderBytes, header, events);
            at += HeaderBytes + (int)length;
        }
        return [.. events];
    }

    private static void Add(DataFile file, ReadOnlySpan<byte> packet, int start, Header header, List<CameraEvent> events)
    {
        if (header.EventSize != EventBytes || header.TimeOffset != 4 || header.Overflows < 0)
            throw file.Bad(start - HeaderBytes, $"events of polarity of {header.EventSize} bytes with the time at {header.TimeOffset} are not known; expected 8 and 4");
        if (header.Overflows > MostOverflows)
            throw file.Bad(start - HeaderBytes + 12, $"the clock has overflown {header.Overflows} times, which takes years");
        for (int i = 0; i < header.Number; i++)
        {
            uint data = BinaryPrimitives.ReadUInt32LittleEndian(packet[(i * EventBytes)..]);
            int time = BinaryPrimitives.ReadInt32LittleEndian(packet[(i * EventBytes + 4)..]);
            if ((data & 1) == 0)
                continue;
            uint x = data >> 17, y = data >> 2 & 0x7FFF;
            if (x >= Side || y >= Side)
                throw file.Bad(start + i * EventBytes, $"an event is at x = {x}, y = {y}; the pictures have {Side} x {Side} pixels");
            if (time < 0)
                throw file.Bad(start + i * EventBytes + 4, $"an event has the time {time}");
            events.Add(new CameraEvent(time + ((long)header.Overflows << 31), (ushort)x, (ushort)y, (data >> 1 & 1) == 1));
        }
    }

    private readonly struct Header
    {
        public Header(ReadOnlySpan<byte> bytes)
        {
            Type = BinaryPrimitives.ReadInt16LittleEndian(bytes);
            EventSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            TimeOffset = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
            Overflows = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
            Capacity = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
            Number = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
        }

        public short Type { get; }

        public int EventSize { get; }

        public int TimeOffset { get; }

        public int Overflows { get; }

        public int Capacity { get; }

        public int Number { get; }
    }
}
