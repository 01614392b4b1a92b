using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Volley.Serialization;

/// <summary>Reads safetensors files, which it takes to be hostile: everything is checked against the file's length before anything is allocated.</summary>
internal static class SafeTensorsReader
{
    public static SafeTensorsHeader ReadHeader(Stream stream, string file)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Safetensors files are little-endian and this machine is not.");

        if (!stream.CanSeek)
            throw new InvalidDataException($"'{file}' is not a regular file.");
        long available = stream.Length - SafeTensorsHeader.LengthBytes;
        if (available < 0)
            throw Bad(file, 0, $"the file has {stream.Length} bytes, too few for a safetensors file");
        Span<byte> prefix = stackalloc byte[SafeTensorsHeader.LengthBytes];
        ReadExactly(stream, prefix, file, 0);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)available)
            throw Bad(file, 0, $"a header of {length} bytes is announced but only {available} bytes follow (not a safetensors file, or cut short)");
        if (length > SafeTensorsHeader.MaxBytes)
            throw Bad(file, 0, $"a header of {length} bytes is announced; at most {SafeTensorsHeader.MaxBytes} are allowed");

        var header = new byte[length];
        ReadExactly(stream, header, file, SafeTensorsHeader.LengthBytes);
        return new SafeTensorsHeaderParser(file, header, available - header.Length).Parse();
    }

    public static SafeTensor[] ReadTensors(Stream stream, string file, SafeTensorsHeader header)
    {
        using IncrementalHash? hash = header.Checksum is null ? null : SafeTensorsChecksum.Start(header.Bytes, header.ChecksumAt);
        long data = SafeTensorsHeader.LengthBytes + header.Bytes.Length;
        var tensors = new SafeTensor[header.Entries.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            SafeTensorsEntry entry = header.Entries[i];
            var bytes = new byte[entry.End - entry.Begin];
            ReadExactly(stream, bytes, file, data + entry.Begin);
            hash?.AppendData(bytes);
            tensors[i] = new SafeTensor(entry.Name, entry.Type, entry.Shape, bytes);
        }
        if (hash is not null && SafeTensorsChecksum.Finish(hash) != header.Checksum)
        {
            throw Bad(file, SafeTensorsHeader.LengthBytes + header.ChecksumAt,
                "the content does not match the checksum: the file was damaged or edited");
        }
        return tensors;
    }

    public static InvalidDataException Bad(string file, long at, string what, Exception? inner = null) =>
        new($"'{file}': {what} (at byte {at}).", inner);

    private static void ReadExactly(Stream stream, Span<byte> destination, string file, long at)
    {
        try
        {
            stream.ReadExactly(destination);
        }
        catch (EndOfStreamException end)
        {
            throw Bad(file, at, "the file ended while it was read", end);
        }
    }
}
