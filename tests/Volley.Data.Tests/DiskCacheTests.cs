namespace Volley.Data.Tests;

public sealed class DiskCacheTests : IDisposable
{
    private readonly TempFolder _data = new(), _cache = new();
    private readonly List<string> _warnings = [];

    public DiskCacheTests() => SampleFiles.Mnist(_data);

    public void Dispose()
    {
        _data.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void The_second_read_comes_from_the_cache()
    {
        float[] first = Read(new MnistOptions { Cache = Cache() });
        string entry = Assert.Single(Directory.GetFiles(_cache.Root));
        DateTime written = File.GetLastWriteTimeUtc(entry);
        Assert.Equal(first, Read(new MnistOptions { Cache = Cache() }));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(_cache.Root))));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Decoding_happens_once()
    {
        string source = _data["train-labels-idx1-ubyte"];
        int decoded = 0;
        for (int i = 0; i < 3; i++)
            Assert.Equal([1, 2, 3], Cache().GetOrDecode([source], "count", bytes => bytes, Decode, bytes => bytes));
        Assert.Equal(1, decoded);

        byte[] Decode()
        {
            decoded++;
            return [1, 2, 3];
        }
    }

    [Fact]
    public void A_changed_file_or_transform_is_another_entry()
    {
        var options = new MnistOptions { Cache = Cache() };
        float[] rows = Read(options), permuted = Read(options with { PermutationSeed = 3 });
        Assert.NotEqual(rows, permuted);
        Assert.Equal(2, Directory.GetFiles(_cache.Root).Length);

        // Same name, size and time; another pixel.
        string path = _data["train-images-idx3-ubyte"];
        DateTime time = File.GetLastWriteTimeUtc(path);
        byte[] content = File.ReadAllBytes(path);
        content[16] ^= 255;
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, time);
        Assert.NotEqual(rows, Read(options));
        Assert.Equal(3, Directory.GetFiles(_cache.Root).Length);
        // The scale is applied on reading, so it needs no entry of its own, and is never that of another run.
        Assert.NotEqual(Read(options), Read(options with { Scale = ChannelScale.Mnist }));
        Assert.Equal(3, Directory.GetFiles(_cache.Root).Length);
    }

    [Fact]
    public void A_damaged_entry_is_rebuilt()
    {
        var options = new MnistOptions { Cache = Cache() };
        float[] first = Read(options);
        string entry = Assert.Single(Directory.GetFiles(_cache.Root));
        byte[] good = File.ReadAllBytes(entry);
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] bad = [.. good];
            if (i % 3 == 0)
                bad = bad[..random.Next(bad.Length)];
            else if (i % 3 == 1)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            else
                bad = [.. bad, 0];
            File.WriteAllBytes(entry, bad);
            _warnings.Clear();
            Assert.Equal(first, Read(options));
            Assert.Contains("damaged", Assert.Single(_warnings));
            Assert.Equal(good, File.ReadAllBytes(entry));
        }
    }

    [Fact]
    public void A_sound_entry_of_other_content_is_rebuilt()
    {
        string source = _data["train-labels-idx1-ubyte"];
        Cache().GetOrDecode([source], "x", bytes => bytes, () => new byte[] { 1 }, bytes => bytes);
        byte[] got = Cache().GetOrDecode([source], "x", bytes => bytes.Length == 2 ? bytes : null, () => [2, 2], bytes => bytes);
        Assert.Equal([2, 2], got);
        Assert.Contains("does not hold what it should", Assert.Single(_warnings));
        Assert.Equal([2, 2], Cache().GetOrDecode([source], "x", bytes => bytes, () => new byte[] { 3 }, bytes => bytes));
    }

    [Fact]
    public void Where_nothing_can_be_written_the_data_is_decoded_with_a_warning()
    {
        // A file where the folder should be fails for every user, root included.
        string blocked = _data.Write("blocked", 1);
        float[] plain = Read(new MnistOptions());
        Assert.Equal(plain, Read(new MnistOptions { Cache = new DiskCache(Path.Combine(blocked, "cache"), _warnings.Add) }));
        Assert.Contains("cannot be written", Assert.Single(_warnings));
        Assert.Equal(plain, Read(new MnistOptions { Cache = new DiskCache(Path.Combine(blocked, "cache")) }));
    }

    [Fact]
    public void A_full_disk_leaves_no_entry()
    {
        if (!File.Exists("/dev/full"))
            return;
        string source = _data["train-labels-idx1-ubyte"];
        DiskCache cache = Cache();
        File.CreateSymbolicLink(cache.EntryPath([source], "x") + ".partial", "/dev/full");
        Assert.Equal([7], cache.GetOrDecode([source], "x", bytes => bytes, () => new byte[] { 7 }, bytes => bytes));
        Assert.Contains("cannot be written", Assert.Single(_warnings));
        Assert.Empty(Directory.GetFiles(_cache.Root, "*.cache"));
    }

    [Fact]
    public void Cifar_is_cached_too()
    {
        _data.Write("train.bin", SampleFiles.Cifar(5));
        foreach (CifarLayout layout in Enum.GetValues<CifarLayout>())
        {
            var options = new CifarOptions { Layout = layout };
            IDataset plain = CifarBinary.ReadTrain(_data.Root, options);
            float[] expected = All(plain);
            Assert.Equal(expected, All(CifarBinary.ReadTrain(_data.Root, options with { Cache = Cache() })));
            Assert.Equal(expected, All(CifarBinary.ReadTrain(_data.Root, options with { Cache = Cache() })));
        }
        Assert.Equal(4, Directory.GetFiles(_cache.Root).Length);
        Assert.Empty(_warnings);
    }

    private DiskCache Cache() => new(_cache.Root, _warnings.Add);

    private float[] Read(MnistOptions options) => All(Mnist.ReadTrain(_data.Root, options));

    private static float[] All(IDataset data)
    {
        int size = data.Info.MaxSteps * data.Info.Units;
        var values = new float[data.Count * size];
        for (int i = 0; i < data.Count; i++)
            data.ReadValues(i, values.AsSpan(i * size, size));
        return values;
    }
}
