using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Volley.Serialization;

/// <summary>Lays out a safetensors file.</summary>
internal static class SafeTensorsWriter
{
    private const int Alignment = 8;

    public static void Write(Stream stream, SafeTensorsFile file)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Safetensors files are little-endian and this machine is not.");

        // Wide elements first, so that every array starts at a multiple of its element size; then by name.
        SafeTensor[] order = [.. file.Tensors.Values.OrderByDescending(tensor => tensor.Type.Size())];
        byte[] header = Header(file, order, out int digitsAt);

        using (IncrementalHash hash = SafeTensorsChecksum.Start(header, digitsAt))
        {
            foreach (SafeTensor tensor in order)
                hash.AppendData(tensor.Bytes);
            Encoding.ASCII.GetBytes(SafeTensorsChecksum.Finish(hash), header.AsSpan(digitsAt));
        }

        Span<byte> length = stackalloc byte[SafeTensorsHeader.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (SafeTensor tensor in order)
            stream.Write(tensor.Bytes);
    }

    private static byte[] Header(SafeTensorsFile file, SafeTensor[] order, out int digitsAt)
    {
        var offsets = new Dictionary<string, long>(order.Length, StringComparer.Ordinal);
        long offset = 0;
        foreach (SafeTensor tensor in order)
        {
            offsets.Add(tensor.Name, offset);
            offset += tensor.Bytes.Length;
        }

        var buffer = new ArrayBufferWriter<byte>();
        // Relaxed: a description in JSON stays readable inside its string (\" and not \u0022).
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        digitsAt = WriteMetadata(json, file);
        foreach (SafeTensor tensor in file.Tensors.Values)
            WriteEntry(json, tensor, offsets[tensor.Name]);
        json.WriteEndObject();
        json.Flush();

        int padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        if (buffer.WrittenCount > SafeTensorsHeader.MaxBytes)
            throw new InvalidDataException($"The header would take {buffer.WrittenCount} bytes; the format allows {SafeTensorsHeader.MaxBytes}.");
        return buffer.WrittenSpan.ToArray();
    }

    private static int WriteMetadata(Utf8JsonWriter json, SafeTensorsFile file)
    {
        json.WriteStartObject(SafeTensorsHeader.MetadataKey);
        json.WriteString(SafeTensorsFile.ChecksumKey, SafeTensorsChecksum.Prefix + new string('0', SafeTensorsChecksum.Digits));
        // The closing quote is the last byte so far, the digits stand before it.
        int digitsAt = checked((int)(json.BytesCommitted + json.BytesPending)) - 1 - SafeTensorsChecksum.Digits;
        foreach ((string key, string value) in file.Metadata)
            json.WriteString(key, value);
        json.WriteEndObject();
        return digitsAt;
    }

    private static void WriteEntry(Utf8JsonWriter json, SafeTensor tensor, long begin)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.HeaderName());
        json.WriteStartArray("shape");
        foreach (long extent in tensor.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
