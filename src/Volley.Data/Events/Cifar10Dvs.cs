using System.Globalization;

namespace Volley.Data;

/// <summary>CIFAR10-DVS (Li, Liu, Ji, Li &amp; Shi 2017): 1000 photographs of each of ten classes, moved on a screen before a DVS128.</summary>
/// <remarks>A folder a class with AEDAT 2.0 files, <c>airplane/cifar10_airplane_0.aedat</c>. There is no official split; the usual one, here too, tests with
/// the files 0 … 99 of each class. The camera lay on its side: a picture has its pixel (127 − y, 127 − x) where the address says (x, y).</remarks>
public static class Cifar10Dvs
{
    internal const string Name = "cifar10-dvs", Files = "{class}/cifar10_{class}_{number}.aedat";
    internal static readonly IReadOnlyList<string> Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private const int TestFiles = 100;

    /// <summary>Reads all recordings and divides them.</summary>
    /// <exception cref="IOException">The folder is missing, or has no recordings.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or a part is empty; the message says where.</exception>
    public static DatasetSplits Open(string folder, EventFrameOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new EventFrameOptions { Size = 48 };
        EventFrameOptions.Check(options, Aedat2File.Side);
        (string Path, int Label, int Number)[] all = [.. FolderListing.Find(folder, new PathPattern("{class}/{*}.aedat"))
            .Select(found => (Path.Combine(folder, found.Path), Label(found.Match.Class), Number(found.Path)))
            .Where(found => found.Item2 >= 0 && found.Item3 >= 0)
            .OrderBy(found => found.Item2).ThenBy(found => found.Item3)];
        if (all.Length == 0)
            throw new FileNotFoundException($"'{folder}' has no recordings {Files} of the classes {string.Join(", ", Classes)}.");
        EventFrames train = Load(all.Where(found => found.Number >= TestFiles)), test = Load(all.Where(found => found.Number < TestFiles));
        return Splits.Divide(train, test, options.Split) with { Input = new(ClassNames: Classes) };

        EventFrames Load(IEnumerable<(string Path, int Label, int Number)> part)
        {
            EventRecording[] recordings = [.. part.Select(found => new EventRecording(found.Path, found.Label))];
            if (recordings.Length == 0)
                throw new InvalidDataException($"'{folder}' needs recordings with the numbers 0 … {TestFiles - 1}, to test with, and others, to train with.");
            return EventRecording.Load(Name, Classes, recordings, Aedat2File.Side, options, Read);
        }
    }

    private static CameraEvent[] Read(string path)
    {
        CameraEvent[] events = EventFile.ReadAedat2(path);
        foreach (ref CameraEvent e in events.AsSpan())
            e = e with { X = (ushort)(Aedat2File.Side - 1 - e.Y), Y = (ushort)(Aedat2File.Side - 1 - e.X) };
        return events;
    }

    private static int Label(string name)
    {
        for (int label = 0; label < Classes.Count; label++)
        {
            if (Classes[label] == name)
                return label;
        }
        return -1;
    }

    /// <summary>The number at the end of a name; −1 where there is none.</summary>
    private static int Number(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return int.TryParse(name.AsSpan(name.LastIndexOf('_') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
    }
}
