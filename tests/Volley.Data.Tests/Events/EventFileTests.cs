using System.Text;

namespace Volley.Data.Tests;

public sealed class EventFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_format_gives_back_its_events()
    {
        CameraEvent[] small = EventWriter.Random(500, 34, 1), large = EventWriter.Random(500, 128, 2);
        Assert.Equal(small, EventFile.ReadNMnist(_folder.Write("a.bin", EventWriter.NMnist(small))));
        Assert.Equal(large, EventFile.ReadAedat2(_folder.Write("b.aedat", EventWriter.Aedat2(large))));
        Assert.Equal(large, EventFile.ReadAedat2(_folder.Write("b.aedat", EventWriter.Aedat2(large, "#!AER-DAT2.0\n"))));
        foreach (string end in (string[])["#!END-HEADER\r\n", "#End Of ASCII Header\r\n", "#!END-HEADER\n"])
            Assert.Equal(large, EventFile.ReadAedat3(_folder.Write("c.aedat", EventWriter.Aedat3(large, end: end))));
        CameraEvent[] late = EventWriter.Random(20, 128, 3, start: 3L << 31);
        Assert.Equal(late, EventFile.ReadAedat3(_folder.Write("d.aedat", EventWriter.Aedat3(late, overflows: 3))));
        CameraEvent[] last = [new(uint.MaxValue, 127, 0, false), new(0, 0, 127, true)];
        Assert.Equal(last, EventFile.ReadAedat2(_folder.Write("e.aedat", EventWriter.Aedat2(last))));
        // The largest time of each, and bytes that were packed.
        CameraEvent[] end23 = [new((1 << 23) - 1, 33, 33, true)];
        Assert.Equal(end23, EventFile.ReadNMnist(_folder.Write("f.bin", EventWriter.NMnist(end23))));
        Assert.Equal(large, EventFile.ReadAedat2(_folder.Write("g.aedat.gz", TempFolder.Gzip(EventWriter.Aedat2(large)))));
    }

    [Fact]
    public void By_hand()
    {
        // 5, 7; brighter; 0x012345 microseconds.
        Assert.Equal([new CameraEvent(0x012345, 5, 7, true)], EventFile.ReadNMnist(_folder.Write("a.bin", 5, 7, 0x81, 0x23, 0x45)));
        // Address 0 0001001 0000011 1: y 9, x 3, darker. Bit 15 marks a special event.
        byte[] data = [.. "#!AER-DAT2.0\r\n"u8, 0, 0, 0x09, 0x07, 0, 1, 0, 2, 0, 0, 0x80, 0x01, 0, 1, 0, 3];
        Assert.Equal([new CameraEvent(65538, 3, 9, false)], EventFile.ReadAedat2(_folder.Write("b.aedat", data)));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        CameraEvent[] events = EventWriter.Random(20, 34, 1);
        byte[] mnist = EventWriter.NMnist(events), two = EventWriter.Aedat2(events), three = EventWriter.Aedat3(events);
        int header2 = two.Length - 160, header3 = Encoding.ASCII.GetString(three).IndexOf("#!END-HEADER\r\n", StringComparison.Ordinal) + 14, packet = header3 + 28 + 24;

        Says(EventFile.ReadNMnist, "byte 0: the file is empty");
        Says(EventFile.ReadNMnist, "byte 95: 4 bytes are left after 19 events of 5 bytes", mnist[..^1]);
        mnist[36] = 34;
        Says(EventFile.ReadNMnist, $"byte 35: event 7 is at x = {events[7].X}, y = 34; the pictures have 34 x 34 pixels", mnist);

        Says(EventFile.ReadAedat2, "byte 0: this is no AEDAT file, which begins with \"#!AER-DAT2.0\"", two[1..]);
        Says(EventFile.ReadAedat2, "byte 9: this AEDAT file is not of version 2.0", three);
        Says(EventFile.ReadAedat3, "byte 9: this AEDAT file is not of version 3.1", two);
        Says(EventFile.ReadAedat2, "byte 9: this AEDAT file is not of version 2.0", "#!AER-DAT"u8.ToArray());
        Says(EventFile.ReadAedat2, "byte 0: a line of the header does not end", "#!AER-DAT2.0"u8.ToArray());
        Says(EventFile.ReadAedat2, $"byte {header2}: the recording ends without any event", two[..header2]);
        Says(EventFile.ReadAedat2, $"byte {header2 + 152}: 7 bytes are left after 19 events of 8 bytes", two[..^1]);
        two[header2 + 8] = 1;
        Says(EventFile.ReadAedat2, $"byte {header2 + 8}: the address 0x1", two);

        Says(EventFile.ReadAedat3, $"byte {header3}: the recording ends without any event", three[..header3]);
        Says(EventFile.ReadAedat3, $"byte {header3}: the header of a packet needs 28 bytes, but 27 are left", three[..(header3 + 27)]);
        Says(EventFile.ReadAedat3, $"byte {packet}: the packet needs 64 bytes behind its header, but 63 are left", three[..(packet + 28 + 63)]);
        Damaged(packet + 4, 0, "which is no packet");
        Damaged(packet + 4, 16, "events of polarity of 16 bytes with the time at 4 are not known; expected 8 and 4");
        Damaged(packet + 16, -1, "which is no packet");
        Damaged(packet + 16, int.MaxValue, "the packet needs 17179869176 bytes");
        Damaged(packet + 20, 9, "the header says 9 events of 8");
        Damaged(packet + 8, 2, "of 8 bytes with the time at 2 are not known; expected 8 and 4");
        Damaged(packet + 12, int.MaxValue, $"byte {packet + 12}: the clock has overflown 2147483647 times");
        Damaged(packet + 28, 1 | 128 << 17, $"byte {packet + 28}: an event is at x = 128, y = 0; the pictures have 128 x 128 pixels");
        Damaged(packet + 32, -5, "an event has the time -5");
        Assert.Contains("is not there", Assert.Throws<InvalidDataException>(() => EventFile.ReadNMnist(_folder["nowhere"])).Message);

        void Damaged(int at, int value, string what)
        {
            byte[] bytes = [.. EventWriter.Aedat3(events)];
            BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
            Says(EventFile.ReadAedat3, what, bytes);
        }

        void Says(Func<string, CameraEvent[]> read, string what, params byte[] content)
        {
            string path = _folder.Write("bad", content), message = Assert.Throws<InvalidDataException>(() => read(path)).Message;
            Assert.Contains(what, message);
            Assert.Contains(path, message);
        }
    }

    [Fact]
    public void Any_bytes()
    {
        CameraEvent[] events = EventWriter.Random(40, 34, 1);
        foreach ((byte[] good, Func<string, CameraEvent[]> read) in (ReadOnlySpan<(byte[], Func<string, CameraEvent[]>)>)
            [
                (EventWriter.NMnist(events), EventFile.ReadNMnist), (EventWriter.Aedat2(events), EventFile.ReadAedat2), (EventWriter.Aedat3(events), EventFile.ReadAedat3),
                (TempFolder.Gzip(EventWriter.Aedat3(events)), EventFile.ReadAedat3),
            ])
        {
            var random = new Random(20261128);
            (int whole, int refused) = (0, 0);
            for (int i = 0; i < 600; i++)
            {
                string path = _folder.Write("any", Mutations.Of(good, random));
                try
                {
                    Assert.InRange(read(path).Length, 1, 60);
                    whole++;
                }
                catch (InvalidDataException failure)
                {
                    Assert.Contains(path, failure.Message);
                    refused++;
                }
            }
            Assert.True(whole > 5 && refused > 70, $"{whole} read, {refused} refused");
        }
    }
}
