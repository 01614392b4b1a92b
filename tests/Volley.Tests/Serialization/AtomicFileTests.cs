using System.Text;
using Volley.Serialization;

namespace Volley.Tests.Serialization;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReplacesTheWholeFileAndLeavesNothingElse()
    {
        string path = _folder.File("model.safetensors");
        AtomicFile.WriteText(path, "a long first version");
        AtomicFile.WriteText(path, "second");
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal(["model.safetensors"], _folder.Names());
    }

    [Fact]
    public void AFailingWriteLeavesTheOldFileAndNoTemporaryOne()
    {
        string path = _folder.File("a.json");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the n"u8);
            throw new InvalidOperationException("planted");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.json"], _folder.Names());
    }

    [Fact]
    public void WhatAKilledProcessLeftIsOverwritten()
    {
        string path = _folder.File("a.json");
        File.WriteAllText(path + ".partial", "half of something much longer than the new text");
        AtomicFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["a.json"], _folder.Names());
    }

    [Fact]
    public void KeepsThePreviousFileWhereAsked()
    {
        string path = _folder.File("a"), previous = _folder.File("a.previous");
        foreach (string text in (string[])["1", "2", "3"])
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), previous);
        Assert.Equal("3", File.ReadAllText(path));
        Assert.Equal("2", File.ReadAllText(previous));
    }

    [Fact]
    public void AFullDiskIsOneSentenceAndTheOldFileStays()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string path = _folder.File("model.safetensors");
        AtomicFile.WriteText(path, "old");
        // The device that is always full stands in for the temporary file.
        File.CreateSymbolicLink(path + ".partial", "/dev/full");
        var failure = Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "new"));
        Assert.Equal($"Cannot write '{path}': the disk is full; free some space or choose another folder.", failure.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["model.safetensors"], _folder.Names());
    }

    [Fact]
    public void AMissingFolderIsOneSentence()
    {
        string path = Path.Combine(_folder.Path, "nowhere", "a.json");
        var failure = Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "new"));
        Assert.Equal($"Cannot write '{path}': the folder '{Path.GetDirectoryName(path)}' does not exist; create it first.", failure.Message);
    }

    [Fact]
    public void APathTooLongIsOneSentence()
    {
        string path = _folder.File(new string('x', 5000));
        var failure = Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "new"));
        Assert.Equal($"Cannot write '{path}': the path is too long; choose a shorter folder or name.", failure.Message);
    }

    [Fact]
    public void AFolderInTheWayIsOneSentenceAndStays()
    {
        string path = _folder.File("a.json");
        Directory.CreateDirectory(path);
        Exception failure = Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(path, "new"));
        Assert.True(failure is IOException or UnauthorizedAccessException);
        Assert.StartsWith($"Cannot write '{path}': ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a.json"], _folder.Names());
    }

    [Fact]
    public void AReadOnlyFolderIsOneSentence()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        string path = _folder.File("a.json");
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var failure = Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.WriteText(path, "new"));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Assert.Equal(
            $"Cannot write '{path}': no permission to write in '{_folder.Path}'; choose another folder or change its permissions.", failure.Message);
    }

    [Fact]
    public void APlaceNobodyMayWriteToNamesTheFile()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/sys/kernel"))
            return;
        const string path = "/sys/kernel/volley-test.json";
        Exception failure = Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(path, "new"));
        Assert.True(failure is IOException or UnauthorizedAccessException);
        Assert.StartsWith($"Cannot write '{path}': ", failure.Message, StringComparison.Ordinal);
    }
}
