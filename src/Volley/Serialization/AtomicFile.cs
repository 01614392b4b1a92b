using System.Text;

namespace Volley.Serialization;

/// <summary>Replaces a file as a whole or not at all: write beside it, flush to the disk, rename over it.</summary>
/// <remarks>
/// A process killed at any moment leaves the old file or the new one, never a mixture. .NET cannot flush a folder, so after a
/// power failure (not a kill) the rename itself may be undone: the old file is back, complete. The name of the temporary file is
/// fixed (<c>.partial</c> behind the target's), so what a killed process left is overwritten by the next save and never piles up.
/// </remarks>
public static class AtomicFile
{
    private const string PartialSuffix = ".partial";

    /// <summary>Writes <paramref name="path"/> with what <paramref name="write"/> puts into the stream it is given.</summary>
    /// <param name="path">The file to replace or create; its folder must exist.</param>
    /// <param name="write">Writes the content. Whatever it throws, the old file stays as it is and the temporary one is removed.</param>
    /// <param name="previous">Where the old file is kept, or null to drop it.</param>
    /// <exception cref="IOException">The disk is full, the folder is missing or read-only, or the path is too long; one sentence with the file's name.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(string path, Action<Stream> write, string? previous = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            Replace(path, write, previous);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Explain(path, failure);
        }
    }

    /// <summary>Writes <paramref name="text"/> as UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(path, stream => stream.Write(bytes));
    }

    private static void Replace(string path, Action<Stream> write, string? previous)
    {
        string partial = path + PartialSuffix;
        bool opened = false;
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                opened = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Rename(partial, path, previous);
        }
        catch when (opened)
        {
            Remove(partial);
            throw;
        }
    }

    private static void Rename(string partial, string path, string? previous)
    {
        bool kept = previous is not null && File.Exists(path);
        if (kept)
            File.Move(path, previous!, overwrite: true);
        try
        {
            File.Move(partial, path, overwrite: true);
        }
        catch when (kept)
        {
            File.Move(previous!, path, overwrite: true);
            throw;
        }
    }

    private static void Remove(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here is the one to report; the next save overwrites the leftover.
        }
    }
}
