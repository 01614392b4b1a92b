using Volley.Data.Audio;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests.Audio;

public sealed class WavFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recordings_keep_their_length()
    {
        // Recording k of a class has 100 + 7 k samples, all of the value k.
        Write(["no", "yes"], 10);
        DatasetSplits splits = WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options());
        Assert.Equal(new DatasetInfo("wav", SampleKind.Values, 2, 17, 2, splits.Train.Info.ClassNames), splits.Train.Info);
        Assert.Equal(["no", "yes"], splits.Train.Info.ClassNames);
        Assert.Equal((14, 2, 4), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        foreach (IDataset part in new[] { splits.Train, splits.Valid, splits.Test })
        {
            for (int i = 0; i < part.Count; i++)
            {
                var values = new float[2 * part.Length(i)];
                part.ReadValues(i, values);
                int k = (int)Math.Round(values[0] * 32768) / 100;
                Assert.Equal((100 + 7 * k + 9) / 10, part.Length(i));
                Assert.All(values, value => Assert.Equal(100 * k / 32768f, value, 1e-6));
            }
        }
        Assert.Null(splits.Input!.FrontEnd);
    }

    [Fact]
    public void Spikes_are_bits()
    {
        Write(["no", "yes"], 5);
        DatasetSplits splits = WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options(SampleKind.Spikes) with { Standardize = true });
        Assert.Equal(SampleKind.Spikes, splits.Train.Info.Kind);
        Assert.Null(splits.Input!.Mean);
        var bits = new ulong[splits.Train.Length(1)];
        splits.Train.ReadSpikes(1, bits);
        Assert.All(bits, word => Assert.True(word is 0 or 1));
    }

    [Fact]
    public void Another_rate_is_resampled()
    {
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        short[] sine = [.. Enumerable.Range(0, 44100).Select(n => (short)(20000 * Math.Sin(Math.Tau * 50 * n / 44100)))];
        for (int i = 0; i < 3; i++)
        {
            _folder.Write($"a/{i}.wav", WavFiles.Pcm16(sine, rate: 44100));
            _folder.Write($"b/{i}.wav", WavFiles.Pcm16(sine, rate: 8000));
        }
        DatasetSplits splits = WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options() with { TestFraction = 0.34 });
        for (int i = 0; i < splits.Test.Count; i++)
        {
            int steps = splits.Test.Length(i);
            Assert.Equal(splits.Test.Label(i) == 0 ? 800 : 4410, steps);
            var values = new float[2 * steps];
            splits.Test.ReadValues(i, values);
            Assert.Equal(20000 / 32768.0, values.Max(), 0.01);
        }
    }

    [Fact]
    public void The_cache_gives_the_same()
    {
        Write(["no", "yes"], 10);
        using var cache = new TempFolder();
        foreach (SampleKind kind in Enum.GetValues<SampleKind>())
        {
            AudioOptions options = Options(kind) with { Cache = new DiskCache(cache.Root) };
            DatasetSplits first = WavFolder.Open(_folder.Root, "{class}/{*}.wav", options), second = WavFolder.Open(_folder.Root, "{class}/{*}.wav", options);
            Assert.Equal(Content(first.Train), Content(second.Train));
            Assert.Equal(Content(WavFolder.Open(_folder.Root, "{class}/{*}.wav", options with { Cache = null }).Test), Content(second.Test));
        }
        Assert.Equal(2, Directory.GetFiles(cache.Root).Length);
    }

    [Fact]
    public void Parts_of_the_path()
    {
        foreach (string part in new[] { "train", "test" })
        {
            Directory.CreateDirectory(_folder[part]);
            Write([part + "/no", part + "/yes"], part == "train" ? 10 : 3);
        }
        DatasetSplits splits = WavFolder.Open(_folder.Root, "{part}/{class}/{*}.wav", Options());
        Assert.Equal((18, 2, 6), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Write(["valid/no"], 4);
        splits = WavFolder.Open(_folder.Root, "{part}/{class}/{*}.wav", Options());
        Assert.Equal((20, 4, 6), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Write(["extra/no"], 4);
        Assert.Contains("'extra/no/00.wav' is of the part 'extra'; expected train, valid or test",
            Assert.Throws<InvalidDataException>(() => WavFolder.Open(_folder.Root, "{part}/{class}/{*}.wav", Options())).Message);
    }

    [Fact]
    public void Speakers_and_chosen_classes()
    {
        foreach (string name in new[] { "no", "yes", "other" })
        {
            for (int i = 0; i < 12; i++)
                _folder.Write($"{name}_s{i % 3}_{i:00}.WAV", WavFiles.Pcm16(new short[100]));
        }
        DatasetSplits splits = WavFolder.Open(_folder.Root, "{class}_{speaker}_{*}.wav", Options() with { LeaveOut = "s1", ClassNames = ["yes", "no"] });
        Assert.Equal((14, 2, 8), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(["yes", "no"], splits.Train.Info.ClassNames);
        Assert.Contains("has no {speaker}", Assert.Throws<ArgumentException>(() => WavFolder.Open(_folder.Root, "{class}_{*}.wav", Options() with { LeaveOut = "s1" })).Message);
        Assert.Contains("There is no speaker 's7' to leave out; did you mean 's0'?",
            Assert.Throws<ArgumentException>(() => WavFolder.Open(_folder.Root, "{class}_{speaker}_{*}.wav", Options() with { LeaveOut = "s7" })).Message);
    }

    [Fact]
    public void Bad_recordings_stop_or_are_left_out()
    {
        Write(["no", "yes"], 10);
        _folder.Write("no/03.wav", WavFiles.File(7, 8, [1, 2, 3]));
        _folder.Write("yes/01.wav");
        _folder.Write("yes/02.wav", WavFiles.Pcm16(new short[50]).AsSpan()[..^1]);
        _folder.Write("yes/04.wav", "this is text"u8);
        string message = Assert.Throws<InvalidDataException>(() => WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options())).Message;
        Assert.Equal($"'{_folder["yes/01.wav"]}', byte 0: the file is empty; --skip-bad goes on without such recordings.", message);
        File.Delete(_folder["yes/01.wav"]);
        message = Assert.Throws<InvalidDataException>(() => WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options())).Message;
        Assert.Equal($"'{_folder["no/03.wav"]}', byte 20: the samples are mu-law, not PCM; convert the file to PCM WAV; --skip-bad goes on without such recordings.", message);

        using var cache = new TempFolder();
        for (int pass = 0; pass < 2; pass++)
        {
            var warnings = new List<string>();
            DatasetSplits splits = WavFolder.Open(
                _folder.Root, "{class}/{*}.wav", Options() with { SkipBad = true, Warn = warnings.Add, Cache = new DiskCache(cache.Root, warnings.Add) });
            Assert.Equal(16, splits.Train.Count + splits.Valid.Count + splits.Test.Count);
            Assert.StartsWith("3 of 19 recordings cannot be read and are left out (03.wav, 02.wav, 04.wav); the first one: '", Assert.Single(warnings));
        }
    }

    [Fact]
    public void Links_and_devices()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write(["no", "yes"], 10);
        File.CreateSymbolicLink(_folder["no/zero.wav"], "/dev/zero");
        File.CreateSymbolicLink(_folder["no/nothing.wav"], _folder["no/nowhere"]);
        File.CreateSymbolicLink(_folder["no/self.wav"], _folder["no/self.wav"]);
        File.CreateSymbolicLink(_folder["no/good.wav"], _folder["no/01.wav"]);
        Directory.CreateSymbolicLink(_folder["loop"], _folder.Root);
        var warnings = new List<string>();
        DatasetSplits splits = WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options() with { SkipBad = true, Warn = warnings.Add });
        Assert.Equal(21, splits.Train.Count + splits.Valid.Count + splits.Test.Count);
        Assert.StartsWith("3 of 24 recordings cannot be read", Assert.Single(warnings));
        // As deep as the pattern, and no deeper.
        Assert.Throws<FileNotFoundException>(() => WavFolder.Open(_folder.Root, "{*}/{*}/{*}/{*}/{*}/x{class}.wav", Options()));
    }

    [Fact]
    public void Nothing_to_train_with()
    {
        Assert.Contains("it is empty", Assert.Throws<FileNotFoundException>(() => WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options())).Message);
        Write(["no"], 3);
        Assert.Contains("recordings of one class only, 'no'", Assert.Throws<InvalidDataException>(() => WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options())).Message);
        // The folder of a class is not the folder of the data set.
        Assert.Contains($"has no file {{class}}/{{*}}.wav; it holds 00.wav, 01.wav, 02.wav …",
            Assert.Throws<FileNotFoundException>(() => WavFolder.Open(_folder["no"], "{class}/{*}.wav", Options())).Message);
        Assert.Throws<DirectoryNotFoundException>(() => WavFolder.Open(_folder["nowhere"], "{class}/{*}.wav", Options()));
    }

    [Fact]
    public void A_recording_of_hours_is_refused()
    {
        Write(["no", "yes"], 2);
        _folder.Write("no/long.wav", WavFiles.File(1, 8, new byte[3601], rate: 1));
        Assert.Contains("has 3601 samples at 1 Hz, more than 3600 s", Assert.Throws<InvalidDataException>(() => WavFolder.Open(_folder.Root, "{class}/{*}.wav", Options())).Message);
    }

    [RealDataFact("gsc_v1_small")]
    public void Speech_commands()
    {
        List<Recording> recordings = SpeechCommands.List(RealData.Of("gsc_v1_small"));
        Assert.Equal(90, recordings.Count);
        Assert.Equal(30, recordings.Select(recording => recording.Class).Distinct().Count());
        HashSet<string> test = [.. File.ReadAllLines(RealData.Of("gsc_v1_small/testing_list.txt"))], valid = [.. File.ReadAllLines(RealData.Of("gsc_v1_small/validation_list.txt"))];
        Assert.All(recordings, recording =>
        {
            string name = recording.Class + "/" + Path.GetFileName(recording.Path);
            Assert.Equal(test.Contains(name) ? Part.Test : valid.Contains(name) ? Part.Valid : Part.Train, recording.Part);
        });
        DatasetSplits splits = DataRecipes.Open(new SpeechCommandsRecipe(), RealData.Of("gsc_v1_small"), null);
        Assert.Equal(90, splits.Train.Count + splits.Valid.Count + splits.Test.Count);
        Assert.Equal((40, 30), (splits.Train.Info.Units, splits.Train.Info.Classes));
    }

    private static AudioOptions Options(SampleKind kind = SampleKind.Values) => new(new TwoNumbers(8000, 10, kind), "two numbers " + kind);

    private void Write(string[] folders, int count)
    {
        foreach (string name in folders)
        {
            Directory.CreateDirectory(_folder[name]);
            for (int k = 0; k < count; k++)
                _folder.Write($"{name}/{k:00}.wav", WavFiles.Pcm16([.. Enumerable.Repeat((short)(100 * k), 100 + 7 * k)]));
        }
    }

    private static List<ulong> Content(IDataset data)
    {
        var all = new List<ulong>();
        for (int i = 0; i < data.Count; i++)
        {
            var values = new float[data.Info.Kind == SampleKind.Values ? data.Length(i) * data.Info.Units : 0];
            var bits = new ulong[data.Info.Kind == SampleKind.Spikes ? data.Length(i) : 0];
            if (values.Length > 0)
                data.ReadValues(i, values);
            else
                data.ReadSpikes(i, bits);
            all.AddRange([(ulong)data.Label(i), .. values.Select(v => (ulong)BitConverter.SingleToUInt32Bits(v)), .. bits]);
        }
        return all;
    }
}
