namespace Volley.Hdf5.Bytes;

/// <summary>Structures of a sound file do not overlap, so walking one reads no more bytes than the file has. A circle, or nodes that
/// share bytes, run out of it.</summary>
internal sealed class Budget(Source source)
{
    private long _left = source.Length;

    public Block Read(long address, long size, string what)
    {
        long at = source.Place(address, size, what);
        Take(size, at, what);
        return source.Read(address, size, what);
    }

    /// <summary>Counts bytes that are read elsewhere.</summary>
    public void Take(long size, long at, string what)
    {
        _left -= Math.Max(1, size);
        if (_left < 0)
            throw source.Bad(at, $"{what} runs in a circle or overlaps with another");
    }
}
