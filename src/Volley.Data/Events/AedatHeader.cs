namespace Volley.Data;

/// <summary>The lines of text that begin with # at the start of an AEDAT file.</summary>
internal static class AedatHeader
{
    private const int MostBytes = 1 << 20;

    /// <summary>Where the binary part begins, behind the last line or behind the one that says that it is the last.</summary>
    public static int Skip(DataFile file, ReadOnlySpan<byte> content, string version)
    {
        ReadOnlySpan<byte> first = "#!AER-DAT"u8;
        if (!content.StartsWith(first))
            throw file.Bad(0, $"this is no AEDAT file, which begins with \"#!AER-DAT{version}\"");
        ReadOnlySpan<byte> found = content[first.Length..];
        if (found.Length < version.Length || !found[..version.Length].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(version)))
            throw file.Bad(first.Length, $"this AEDAT file is not of version {version}");
        int at = 0;
        while (at < content.Length && content[at] == '#')
        {
            int length = content[at..Math.Min(content.Length, MostBytes)].IndexOf((byte)'\n');
            if (length < 0)
                throw file.Bad(at, "a line of the header does not end");
            ReadOnlySpan<byte> line = content.Slice(at, length).TrimEnd((byte)'\r');
            at += length + 1;
            if (line.SequenceEqual("#!END-HEADER"u8) || line.SequenceEqual("#End Of ASCII Header"u8))
                break;
        }
        return at;
    }
}
