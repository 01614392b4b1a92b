namespace Volley.Data;

/// <summary>Looks at a file before anything is opened: opening a pipe waits for its other end, and a device never ends. Both have the length 0.</summary>
internal static class RegularFile
{
    /// <summary>Its length, at least 1; that of its target for a link.</summary>
    /// <exception cref="InvalidDataException">It is empty, or no file.</exception>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? throw new InvalidDataException($"'{path}' is a link that leads to no file.");
        if (!file.Exists)
            throw new InvalidDataException($"'{path}' is not there, or is no file.");
        return file.Length > 0 ? file.Length : throw new InvalidDataException($"'{path}', byte 0: the file is empty.");
    }
}
