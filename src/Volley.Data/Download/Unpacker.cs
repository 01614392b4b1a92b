using System.Formats.Tar;
using System.IO.Compression;
using Volley.Serialization;

namespace Volley.Data.Download;

/// <summary>Unpacks what was downloaded: the result is there as a whole or not at all.</summary>
internal static class Unpacker
{
    /// <summary>Of one file, unpacked.</summary>
    private const long MostBytes = 1L << 36;

    private const int MostFiles = 2_000_000, BlockBytes = 1 << 16;

    public static void Unpack(DownloadFile file, string packed, string folder, CancellationToken cancellation)
    {
        try
        {
            if (file.Archive == Archive.Zip)
                Zip(file, packed, folder, cancellation);
            else
                TarGzip(file, packed, folder, cancellation);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"'{packed}' cannot be unpacked: {failure.Message.TrimEnd('.')}; delete it and download it again.", failure);
        }
    }

    private static void Zip(DownloadFile file, string packed, string folder, CancellationToken cancellation)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed);
        ZipArchiveEntry entry = archive.Entries.FirstOrDefault(entry => entry.Name == file.Result)
            ?? throw new InvalidDataException($"it has no {file.Result}");
        using Stream content = entry.Open();
        AtomicFile.Write(Path.Combine(folder, file.Result), target => Copy(content, target, cancellation));
    }

    /// <summary>Everything goes into a folder beside the result first, and is then moved, the result last.</summary>
    private static void TarGzip(DownloadFile file, string packed, string folder, CancellationToken cancellation)
    {
        string beside = packed + ".unpacked";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        Directory.CreateDirectory(beside);
        using (var stream = new FileStream(packed, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: BlockBytes))
        using (var unpacked = new GZipStream(stream, CompressionMode.Decompress))
        using (var archive = new TarReader(unpacked))
        {
            int files = 0;
            while (archive.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is not { } content)
                    continue;
                if (++files > MostFiles)
                    throw new InvalidDataException($"it has more than {MostFiles} files");
                string path = Place(beside, entry.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BlockBytes);
                Copy(content, target, cancellation);
            }
        }
        if (!File.Exists(Path.Combine(beside, file.Result)))
            throw new InvalidDataException($"it has no {file.Result}");
        foreach (string entry in Directory.EnumerateFileSystemEntries(beside).OrderBy(entry => Path.GetFileName(entry) == file.Result).ToArray())
            Move(entry, Path.Combine(folder, Path.GetFileName(entry)));
        Directory.Delete(beside);
    }

    /// <summary>A path of an archive, which may not lead out of the folder.</summary>
    private static string Place(string folder, string name)
    {
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar, path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root, StringComparison.Ordinal) ? path : throw new InvalidDataException($"it has a file '{Recipes.Json.Names.Shown(name)}', outside of the folder");
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    private static void Copy(Stream content, Stream target, CancellationToken cancellation)
    {
        var block = new byte[BlockBytes];
        long bytes = 0;
        while (content.Read(block) is > 0 and int read)
        {
            cancellation.ThrowIfCancellationRequested();
            if ((bytes += read) > MostBytes)
                throw new InvalidDataException($"a file in it has more than {MostBytes >> 30} GB");
            target.Write(block, 0, read);
        }
    }
}
