using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Volley.Data.Download;

namespace Volley.Data.Tests.Download;

public sealed class DownloaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _data = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i % 251))];
    private readonly Downloader _downloader = new(TimeSpan.FromSeconds(20));

    public void Dispose()
    {
        _downloader.Dispose();
        _folder.Dispose();
    }

    private byte[] Zip(string name = "a.h5")
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(_data);
        }
        return packed.ToArray();
    }

    private static byte[] TarGzip(params (string Name, string Text)[] files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach ((string name, string text) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });
        }
        return packed.ToArray();
    }

    private static DownloadFile File(Server server, string path = "a.h5.zip", string? md5 = null) =>
        new(new Uri(server.Root, path), md5 ?? Md5(server.Content), Archive.Zip, "a.h5");

#pragma warning disable CA5351 // as published
    private static string Md5(byte[] content) => Convert.ToHexString(MD5.HashData(content));
#pragma warning restore CA5351

    private string[] Names => [.. Directory.EnumerateFileSystemEntries(_folder["d"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void Check()
    {
        Assert.Equal(["a.h5"], Names);
        Assert.Equal(_data, System.IO.File.ReadAllBytes(Path.Combine(_folder["d"], "a.h5")));
    }

    [Fact]
    public void AFileIsCheckedUnpackedAndNotFetchedAgain()
    {
        using var server = new Server(Zip());
        var seen = new List<DownloadProgress>();
        Assert.True(_downloader.Get(File(server), _folder["d"], new Now(seen.Add)));
        Check();
        Assert.Equal(server.Content.Length, seen[^1].Bytes);
        Assert.Equal(server.Content.Length, seen[^1].Total);
        Assert.False(_downloader.Get(File(server), _folder["d"]));
        Assert.Equal([0L], server.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsThereIsNotFetchedAgain(bool ranges)
    {
        using var server = new Server(Zip()) { Ranges = ranges };
        Directory.CreateDirectory(_folder["d"]);
        System.IO.File.WriteAllBytes(Path.Combine(_folder["d"], "a.h5.zip.part"), server.Content[..100_000]);
        _downloader.Get(File(server), _folder["d"]);
        Check();
        Assert.Equal([ranges ? 100_000L : 0], server.Asked);
    }

    [Fact]
    public void AWholePartIsOnlyChecked()
    {
        using var server = new Server(Zip());
        Directory.CreateDirectory(_folder["d"]);
        System.IO.File.WriteAllBytes(Path.Combine(_folder["d"], "a.h5.zip.part"), server.Content);
        _downloader.Get(File(server), _folder["d"]);
        Check();
    }

    [Fact]
    public void APartThatIsTooLongStartsAfresh()
    {
        using var server = new Server(Zip());
        Directory.CreateDirectory(_folder["d"]);
        System.IO.File.WriteAllBytes(Path.Combine(_folder["d"], "a.h5.zip.part"), [.. server.Content, 1]);
        _downloader.Get(File(server), _folder["d"]);
        Check();
    }

    [Fact]
    public void ABrokenConnectionIsTakenUpAgain()
    {
        using var server = new Server(Zip()) { BreaksAfter = 70_000 };
        _downloader.Get(File(server), _folder["d"]);
        Check();
        Assert.True(server.Asked.Count >= 5 && server.Asked.Zip(server.Asked.Skip(1)).All(pair => pair.Second > pair.First), string.Join(" ", server.Asked));
    }

    [Fact]
    public void AServerThatFallsSilentIsAskedAgain()
    {
        using var impatient = new Downloader(TimeSpan.FromSeconds(1));
        using var server = new Server(Zip()) { BreaksAfter = 200_000, Stalls = true };
        impatient.Get(File(server), _folder["d"]);
        Check();
        Assert.InRange(server.Asked[^1], 1, 200_000);
    }

    [Fact]
    public void OneThatBreaksWithoutAByteIsGivenUp()
    {
        using var server = new Server(Zip()) { BreaksAfter = 0 };
        string message = Assert.Throws<IOException>(() => _downloader.Get(File(server), _folder["d"])).Message;
        Assert.Contains("Cannot download", message);
        Assert.Contains("by hand", message);
    }

    [Fact]
    public void AWrongChecksumLeavesNothing()
    {
        using var server = new Server(Zip());
        string message = Assert.Throws<InvalidDataException>(() => _downloader.Get(File(server, md5: new string('0', 32)), _folder["d"])).Message;
        Assert.Contains(Md5(server.Content).ToLowerInvariant(), message);
        Assert.Contains(new string('0', 32), message);
        Assert.Empty(Names);
    }

    [Fact]
    public void AnInterruptedDownloadGoesOn()
    {
        using var server = new Server(Zip());
        using var interrupted = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => _downloader.Get(File(server), _folder["d"], new Now(p =>
        {
            if (p.Bytes >= 100_000)
                interrupted.Cancel();
        }), interrupted.Token));
        Assert.Equal(["a.h5.zip.part"], Names);
        _downloader.Get(File(server), _folder["d"]);
        Check();
        Assert.InRange(server.Asked[1], 100_000, 299_999);
    }

    [Fact]
    public void RefusalsAreOneSentence()
    {
        using var server = new Server(Zip());
        Assert.Contains("the server answers 404 (NotFound)", Assert.Throws<IOException>(() => _downloader.Get(File(server, "none/a.h5.zip"), _folder["d"])).Message);
        Assert.Contains("the server answers 503", Assert.Throws<IOException>(() => _downloader.Get(File(server, "broken/a.h5.zip"), _folder["d"])).Message);
        Uri gone = server.Root;
        server.Dispose();
        Assert.Contains("Cannot download", Assert.Throws<IOException>(() => _downloader.Get(new DownloadFile(new Uri(gone, "a.h5.zip"), "", Archive.Zip, "a.h5"), _folder["d"])).Message);
        System.IO.File.WriteAllText(_folder["file"], "");
        Assert.ThrowsAny<IOException>(() => _downloader.Get(File(server), _folder["file"]));
    }

    [Fact]
    public void ARedirectionMayLeadToAnotherHost()
    {
        using Server server = new(Zip()), elsewhere = new(server.Content);
        server.Elsewhere = elsewhere.Root;
        _downloader.Get(File(server, "moved/a.h5.zip"), _folder["d"]);
        Check();
        Assert.Empty(server.Asked);
        System.IO.File.Delete(Path.Combine(_folder["d"], "a.h5"));
        server.Elsewhere = new Uri(server.Root, "moved/");
        Assert.Contains("without end", Assert.Throws<IOException>(() => _downloader.Get(File(server, "moved/moved/moved/moved/moved/moved/moved/a.h5.zip"), _folder["d"])).Message);
    }

    [Theory]
    [InlineData("https://a.org/x", "https://b.org/x", true)]
    [InlineData("https://a.org/x", "http://a.org/x", false)]
    [InlineData("http://a.org/x", "http://a.org/x", true)]
    [InlineData("http://a.org/x", "https://a.org/x", true)]
    [InlineData("https://a.org/x", "file:///etc/passwd", false)]
    [InlineData("http://a.org/x", "ftp://a.org/x", false)]
    public void ARedirectionNeverGivesUpHttps(string from, string to, bool follows) => Assert.Equal(follows, Downloader.Follows(new Uri(from), new Uri(to)));

    [Fact]
    public void AnArchiveOfManyFilesIsMovedAsAWhole()
    {
        using var server = new Server(TarGzip(("./yes/a.wav", "1"), ("testing_list.txt", "yes/a.wav"), ("no/b.wav", "2"), ("LICENSE", "3")));
        var file = new DownloadFile(new Uri(server.Root, "words.tar.gz"), Md5(server.Content), Archive.TarGzip, "testing_list.txt");
        // What an interrupted unpacking left.
        Directory.CreateDirectory(_folder["d/words.tar.gz.unpacked/old"]);
        Directory.CreateDirectory(_folder["d/yes"]);
        Assert.True(_downloader.Get(file, _folder["d"]));
        Assert.Equal(["LICENSE", "no", "testing_list.txt", "yes"], Names);
        Assert.Equal("1", System.IO.File.ReadAllText(_folder["d/yes/a.wav"]));
        Assert.False(_downloader.Get(file, _folder["d"]));
    }

    [Theory]
    [InlineData("../evil.txt", "outside")]
    [InlineData("/tmp/volley-evil.txt", "outside")]
    [InlineData("harmless.txt", "it has no testing_list.txt")]
    public void AnArchiveThatIsNotWhatItShouldBe(string name, string words)
    {
        using var server = new Server(TarGzip((name, "x")));
        var file = new DownloadFile(new Uri(server.Root, "words.tar.gz"), Md5(server.Content), Archive.TarGzip, "testing_list.txt");
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => _downloader.Get(file, _folder["d"])).Message);
        Assert.False(System.IO.File.Exists(_folder["evil.txt"]) || System.IO.File.Exists("/tmp/volley-evil.txt"));
    }

    [Fact]
    public void AZipWithoutTheFileIsRefused()
    {
        using var server = new Server(Zip("other.h5"));
        Assert.Contains("it has no a.h5", Assert.Throws<InvalidDataException>(() => _downloader.Get(File(server), _folder["d"])).Message);
    }

    [Fact]
    public void EveryKnownFileHasHttpsAndAChecksum()
    {
        DownloadFile[] all = [.. Downloads.Names.SelectMany(Downloads.Of)];
        Assert.Equal(6, all.Length);
        Assert.All(all, file => Assert.True(file.Address.Scheme == "https" && file.Md5.Length == 32 && file.Md5.All(char.IsAsciiHexDigitLower) && file.Result.Length > 0, file.ToString()));
        Assert.Empty(Downloads.Of("mnist"));
    }

    /// <summary>Calls back at once, on the same thread.</summary>
    private sealed class Now(Action<DownloadProgress> action) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => action(value);
    }
}
