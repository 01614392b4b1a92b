using System.Text;

namespace Volley.Data.Tests;

/// <summary>Writes event files by their published descriptions, with nothing of the readers.</summary>
internal static class EventWriter
{
    public static CameraEvent[] Random(int count, int side, int seed, long start = 1000, int gap = 400)
    {
        var random = new Random(seed);
        var events = new CameraEvent[count];
        long time = start;
        for (int i = 0; i < count; i++)
        {
            events[i] = new CameraEvent(time, (ushort)random.Next(side), (ushort)random.Next(side), random.Next(2) == 1);
            time += random.Next(gap);
        }
        return events;
    }

    public static byte[] NMnist(params CameraEvent[] events)
    {
        using var bytes = new MemoryStream();
        foreach (CameraEvent e in events)
        {
            ulong word = (ulong)e.X << 32 | (ulong)e.Y << 24 | (e.On ? 1UL << 23 : 0) | (ulong)e.Time;
            for (int shift = 32; shift >= 0; shift -= 8)
                bytes.WriteByte((byte)(word >> shift));
        }
        return bytes.ToArray();
    }

    public static byte[] Aedat2(CameraEvent[] events, string header = "#!AER-DAT2.0\r\n# This is a raw AE data file - do not edit\r\n# created Thu\r\n")
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes(header));
        foreach (CameraEvent e in events)
        {
            int address = e.Y * 256 + e.X * 2 + (e.On ? 0 : 1);
            foreach (long word in (long[])[address, e.Time])
            {
                for (int shift = 24; shift >= 0; shift -= 8)
                    bytes.WriteByte((byte)(word >> shift));
            }
        }
        return bytes.ToArray();
    }

    public static byte[] Aedat3(CameraEvent[] events, int perPacket = 7, string end = "#!END-HEADER\r\n", int overflows = 0)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Encoding.ASCII.GetBytes("#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#Start-Time: 2016-02-16 15:07:31 (TZ-0800)\r\n" + end));
        for (int start = 0; start < events.Length; start += perPacket)
        {
            CameraEvent[] packet = events[start..Math.Min(start + perPacket, events.Length)];
            // A packet of another type between those of polarity, and one event that is not valid at the end of each.
            Header(3, 12, 2);
            writer.Write(new byte[24]);
            Header(1, 8, packet.Length + 1);
            foreach (CameraEvent e in packet)
            {
                writer.Write(1u | (e.On ? 2u : 0) | (uint)e.Y << 2 | (uint)e.X << 17);
                writer.Write((int)(e.Time - ((long)overflows << 31)));
            }
            writer.Write(0u);
            writer.Write(0);
        }
        return bytes.ToArray();

        void Header(short type, int size, int count)
        {
            writer.Write(type);
            writer.Write((short)1);
            foreach (int field in (int[])[size, 4, overflows, count, count, count])
                writer.Write(field);
        }
    }
}
