namespace Volley.Data;

/// <summary>N-MNIST's coding: x, y (a byte each), then 1 bit of polarity (1 is brighter) and 23 bits of time in microseconds, big-endian.</summary>
internal static class NMnistFile
{
    public const int Side = 34;

    private const int EventBytes = 5;

    public static CameraEvent[] Parse(DataFile file, ReadOnlySpan<byte> content)
    {
        if (content.Length % EventBytes is > 0 and int rest)
            throw file.Bad(content.Length - rest, $"{rest} bytes are left after {content.Length / EventBytes} events of {EventBytes} bytes");
        var events = new CameraEvent[content.Length / EventBytes];
        for (int i = 0; i < events.Length; i++)
        {
            ReadOnlySpan<byte> e = content.Slice(i * EventBytes, EventBytes);
            if (e[0] >= Side || e[1] >= Side)
                throw file.Bad(i * EventBytes, $"event {i} is at x = {e[0]}, y = {e[1]}; the pictures have {Side} x {Side} pixels");
            events[i] = new CameraEvent((e[2] & 0x7F) << 16 | e[3] << 8 | e[4], e[0], e[1], e[2] >> 7 == 1);
        }
        return events;
    }
}
