using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>AEDAT 2.0 with the addresses of a DVS128: 32 bits of address and 32 bits of time in microseconds, big-endian. Of the address, bit 0 is 1 where the pixel
/// became darker, bits 1 … 7 are x, 8 … 14 y; bit 15 marks what is no event of a pixel.</summary>
internal static class Aedat2File
{
    public const int Side = 128;

    private const int EventBytes = 8;
    private const uint Special = 0x8000;

    public static CameraEvent[] Parse(DataFile file, ReadOnlySpan<byte> content)
    {
        int start = AedatHeader.Skip(file, content, "2.0");
        ReadOnlySpan<byte> data = content[start..];
        if (data.Length % EventBytes is > 0 and int rest)
            throw file.Bad(content.Length - rest, $"{rest} bytes are left after {data.Length / EventBytes} events of {EventBytes} bytes");
        var events = new CameraEvent[data.Length / EventBytes];
        int count = 0;
        for (int at = 0; at < data.Length; at += EventBytes)
        {
            uint address = BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
            if (address > ushort.MaxValue)
                throw file.Bad(start + at, $"the address 0x{address:X} of event {at / EventBytes} is none of a DVS128, which has 16 bits");
            if ((address & Special) != 0)
                continue;
            events[count++] = new CameraEvent(
                BinaryPrimitives.ReadUInt32BigEndian(data[(at + 4)..]), (ushort)(address >> 1 & 127), (ushort)(address >> 8 & 127), (address & 1) == 0);
        }
        return events[..count];
    }
}
