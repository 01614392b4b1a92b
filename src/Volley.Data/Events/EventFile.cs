namespace Volley.Data;

/// <summary>Reads the events of one recording, in the order of the file.</summary>
public static class EventFile
{
    private const int MostBytes = 1 << 30;

    /// <summary>An N-MNIST file (Orchard, Jayawant, Cohen &amp; Thakor 2015), <c>.bin</c> or <c>.bs2</c>: five bytes an event.</summary>
    /// <exception cref="InvalidDataException">It is empty or damaged; the message says where.</exception>
    public static CameraEvent[] ReadNMnist(string path) => Read(path, NMnistFile.Parse);

    /// <summary>An AEDAT 2.0 file of a DVS128, as jAER writes it and CIFAR10-DVS comes: x and y are those of the address, before anything is turned or mirrored.</summary>
    /// <inheritdoc cref="ReadNMnist"/>
    public static CameraEvent[] ReadAedat2(string path) => Read(path, Aedat2File.Parse);

    /// <summary>An AEDAT 3.1 file, as cAER writes it and DVS128 Gesture comes: the valid events of all its polarity packets.</summary>
    /// <inheritdoc cref="ReadNMnist"/>
    public static CameraEvent[] ReadAedat3(string path) => Read(path, Aedat3File.Parse);

    private delegate CameraEvent[] Parser(DataFile file, ReadOnlySpan<byte> content);

    private static CameraEvent[] Read(string path, Parser parse)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RegularFile.Length(path);
        using DataFile file = DataFile.Open(path);
        byte[] content = file.ReadToEnd(MostBytes);
        file.ExpectEnd(otherwise: $"the content has more than {MostBytes} bytes, which is no single recording");
        CameraEvent[] events = parse(file, content);
        return events.Length > 0 ? events : throw file.Bad(content.Length, "the recording ends without any event");
    }
}
