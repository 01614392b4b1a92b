namespace Volley.Hdf5.Format;

/// <summary>What elements are that nobody wrote.</summary>
internal static class FillValue
{
    /// <summary>The bytes of one element; zeros where the file says nothing.</summary>
    public static byte[] Read(ObjectHeader header, int elementBytes)
    {
        if (header.Find(MessageKind.FillValue) is { } block)
        {
            int version = block.U8();
            if (version is < 1 or > 3)
                throw block.Bad($"the fill value has version {version}; versions 1 to 3 are read");
            int flags = 0x20;
            if (version == 3)
                flags = block.U8();
            else
                block.Skip(2);
            bool defined = version == 3 ? (flags & 0x20) != 0 : block.U8() != 0 || version == 1;
            if (defined && block.U32() == elementBytes)
                return block.Take(elementBytes).ToArray();
        }
        return new byte[elementBytes];
    }
}
