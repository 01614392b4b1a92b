using System.Globalization;
using System.Text;

namespace Volley.Data;

/// <summary>N-MNIST (Orchard, Jayawant, Cohen &amp; Thakor 2015): handwritten digits on a screen, seen by an event camera that makes three short movements.</summary>
/// <remarks>Either the official folders, <c>Train/0/00002.bin</c> … <c>Test/9/…</c>, or a flat folder of <c>{number}.bs2</c> (or <c>.bin</c>) files with one list
/// <c>train….txt</c> and one list <c>test….txt</c> of lines <c>number label</c>.</remarks>
public static class NMnist
{
    internal const string Name = "nmnist", Files = "Train/{digit}/*.bin and Test/{digit}/*.bin, or {number}.bs2 with train….txt and test….txt";
    internal const int Classes = 10;

    /// <summary>Reads both parts and divides the training part.</summary>
    /// <exception cref="IOException">The folder or a list is missing; the message says what was looked for.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says where.</exception>
    public static DatasetSplits Open(string folder, EventFrameOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new EventFrameOptions();
        EventFrameOptions.Check(options, NMnistFile.Side);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {Files}).");
        bool official = Directory.Exists(Path.Combine(folder, "Train"));
        List<EventRecording> train = official ? OfFolders(folder, "Train") : OfList(folder, "train"), test = official ? OfFolders(folder, "Test") : OfList(folder, "test");
        return Splits.Divide(Load(train, options), Load(test, options), options.Split) with { Input = new(ClassNames: ClassNames.Numbers(Classes)) };
    }

    private static EventFrames Load(List<EventRecording> recordings, EventFrameOptions options) =>
        EventRecording.Load(Name, ClassNames.Numbers(Classes), recordings, NMnistFile.Side, options, EventFile.ReadNMnist);

    private static List<EventRecording> OfFolders(string folder, string part)
    {
        List<(string Path, PathMatch Match)> found = FolderListing.Find(Path.Combine(folder, part), new PathPattern("{class}/{*}.bin"));
        var recordings = new List<EventRecording>();
        foreach ((string path, PathMatch match) in found)
        {
            if (match.Class.Length == 1 && char.IsAsciiDigit(match.Class[0]))
                recordings.Add(new EventRecording(Path.Combine(folder, part, path), match.Class[0] - '0'));
        }
        return recordings.Count > 0 ? recordings : throw new FileNotFoundException($"'{Path.Combine(folder, part)}' has no files {{digit}}/*.bin.");
    }

    private static List<EventRecording> OfList(string folder, string part)
    {
        string[] lists = Directory.GetFiles(folder, part + "*.txt");
        if (lists.Length != 1)
            throw new FileNotFoundException($"'{folder}' has {(lists.Length == 0 ? "no" : "more than one")} list {part}….txt, and no folders Train and Test.");
        using var lines = new TextLines(lists[0]);
        var recordings = new List<EventRecording>();
        while (lines.NextContent())
        {
            string[] words = Encoding.UTF8.GetString(lines.Line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            // Digits only: a name from a file is no path.
            if (words.Length != 2 || words[0].Length > 9 || !words[0].All(char.IsAsciiDigit))
                throw lines.Bad("expected the number of a recording and its label");
            if (!int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int label) || label >= Classes)
                throw lines.Bad($"the label of recording {words[0]} is not one of 0 … {Classes - 1}");
            string place = Path.Combine(folder, words[0]);
            recordings.Add(new EventRecording(File.Exists(place + ".bs2") || !File.Exists(place + ".bin") ? place + ".bs2" : place + ".bin", label));
        }
        return recordings.Count > 0 ? recordings : throw new InvalidDataException($"'{lists[0]}' lists no recording.");
    }
}
