using System.Text;

namespace Volley.Data;

/// <summary>The files in a tar archive (POSIX.1-1988 and ustar, plain or gzip), front to back.</summary>
/// <remarks>System.Formats.Tar allocates as much as the header of a long name claims, 1.6 GB for 512 bytes of file; so this is our own. Names
/// beyond the 255 bytes of ustar (GNU's and pax's extra entries) are not read: no data set here needs them.</remarks>
internal sealed class TarFile(DataFile file)
{
    private const int Block = 512;

    // Of a header.
    private const int NameAt = 0, NameBytes = 100, SizeAt = 124, SizeBytes = 12, SumAt = 148, SumBytes = 8, KindAt = 156, MagicAt = 257, PrefixAt = 345, PrefixBytes = 155;

    // The files of a data set, its lists and some room; what is skipped counts too, so that no gzip file goes on for ever.
    private const long MostContent = 1L << 32;

    private readonly byte[] _header = new byte[Block];
    private readonly byte[] _skipped = new byte[1 << 14];
    private long _end;

    /// <summary>The path of the file that is there now, as it is in the archive.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Its length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next file; false behind the last.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged or cut; the message says where.</exception>
    public bool Next()
    {
        Skip(_end - file.Position);
        while (true)
        {
            long at = file.Position;
            int read = file.ReadSome(_header);
            if (read == 0 && at > 0)
                return false;
            if (read < Block)
                throw file.Bad(at, at == 0 ? "this is no tar archive" : "a header of the tar archive is cut");
            if (!_header.AsSpan().ContainsAnyExcept((byte)0))
                return false;
            CheckSum(at);
            Length = Octal(SizeAt, SizeBytes) ?? throw file.Bad(at + SizeAt, "the size of a file is no octal number");
            long end = file.Position + (Length + Block - 1) / Block * Block;
            if (Length > MostContent || end > Math.Min(MostContent, file.MostBytes + Block))
                throw file.Bad(at + SizeAt, $"a file of {Length} bytes is more than the archive can hold");
            Name = ReadName();
            if (_header[KindAt] is 0 or (byte)'0')
            {
                _end = end;
                return true;
            }
            // A folder, a link or another system's extra entry.
            Skip(end - file.Position);
        }
    }

    /// <summary>The content of the file that is there now, its first <paramref name="most"/> bytes.</summary>
    public byte[] Read(int most) => file.ReadArray((int)Math.Min(Length, most), $"the file '{Recipes.Json.Names.Shown(Name)}' in the archive");

    private void Skip(long count)
    {
        while (count > 0)
        {
            int part = (int)Math.Min(count, _skipped.Length);
            file.ReadExactly(_skipped.AsSpan(0, part), "a file in the archive");
            count -= part;
        }
    }

    private void CheckSum(long at)
    {
        long sum = (long)SumBytes * ' ';
        for (int i = 0; i < Block; i++)
            sum += i is >= SumAt and < SumAt + SumBytes ? 0 : _header[i];
        if (Octal(SumAt, SumBytes) != sum)
            throw file.Bad(at, at == 0 ? "this is no tar archive" : "a header of the tar archive has another checksum than its own");
    }

    private string ReadName()
    {
        string name = Field(NameAt, NameBytes);
        string prefix = _header.AsSpan(MagicAt).StartsWith("ustar\0"u8) ? Field(PrefixAt, PrefixBytes) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    private string Field(int at, int bytes)
    {
        ReadOnlySpan<byte> field = _header.AsSpan(at, bytes);
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>A number in octal digits, with spaces before and a space or 0 behind; null for none.</summary>
    private long? Octal(int at, int bytes)
    {
        ReadOnlySpan<byte> field = _header.AsSpan(at, bytes).TrimStart((byte)' ').TrimEnd("\0 "u8);
        long value = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return null;
            value = value * 8 + digit - '0';
        }
        return field.IsEmpty ? null : value;
    }
}
