namespace Volley.Data;

/// <summary>The files below a folder whose paths match a pattern.</summary>
internal static class FolderListing
{
    public const int MostFiles = 2_000_000;

    private const int MostEntries = 10_000_000;

    /// <summary>Relative paths with <c>/</c> and what they say, sorted by code unit: the same order on every system.</summary>
    /// <remarks>No folder deeper than the pattern is entered, so links that lead in circles lead nowhere.</remarks>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There is too much in it.</exception>
    public static List<(string Path, PathMatch Match)> Find(string folder, PathPattern pattern)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {pattern}).");
        var found = new List<(string Path, PathMatch Match)>();
        int entries = 0;
        Walk(new DirectoryInfo(folder), "", 0);
        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;

        void Walk(DirectoryInfo parent, string prefix, int depth)
        {
            bool last = depth == pattern.Depth - 1;
            foreach (FileSystemInfo entry in last ? parent.EnumerateFiles() : (IEnumerable<FileSystemInfo>)parent.EnumerateDirectories())
            {
                if (++entries > MostEntries)
                    throw new InvalidDataException($"'{folder}' has more than {MostEntries} files and folders; pass the folder of the data set itself.");
                string path = prefix + entry.Name;
                if (!last)
                {
                    if (pattern.Fits(depth, entry.Name))
                        Walk((DirectoryInfo)entry, path + "/", depth + 1);
                }
                else if (pattern.Match(path) is { } match)
                {
                    if (found.Count == MostFiles)
                        throw new InvalidDataException($"'{folder}' has more than {MostFiles} files that match {pattern}.");
                    found.Add((path, match));
                }
            }
        }
    }
}
