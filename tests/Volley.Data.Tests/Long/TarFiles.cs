using System.Formats.Tar;
using System.Text;

namespace Volley.Data.Tests;

/// <summary>Archives written by the library of .NET, which the reader under test does not use.</summary>
internal static class TarFiles
{
    public static byte[] Of(IEnumerable<(string Name, byte[] Content)> files, TarEntryFormat format = TarEntryFormat.Ustar)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, format, leaveOpen: true))
        {
            tar.WriteEntry(Entry(format, "imdb/", directory: true));
            foreach ((string name, byte[] content) in files)
            {
                TarEntry entry = Entry(format, name, directory: false);
                entry.DataStream = new MemoryStream(content);
                tar.WriteEntry(entry);
            }
        }
        return archive.ToArray();
    }

    public static byte[] Of(params (string Name, string Content)[] files) => Of(files.Select(f => (f.Name, Encoding.UTF8.GetBytes(f.Content))));

    private static TarEntry Entry(TarEntryFormat format, string name, bool directory)
    {
        TarEntryType file = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, type = directory ? TarEntryType.Directory : file;
        return format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new UstarTarEntry(type, name),
        };
    }
}
