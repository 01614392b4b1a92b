using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Volley.Serialization;

/// <summary>
/// SHA-256 over the whole file as stored (length, header, padding, data), with the digits of the checksum themselves read as '0'.
/// It finds damage, not forgery: whoever edits a file can compute it anew.
/// </summary>
internal static class SafeTensorsChecksum
{
    public const string Prefix = "sha256:";
    public const int Digits = 64;

    /// <summary>A hash that has taken in the length and the header; the data is to follow.</summary>
    public static IncrementalHash Start(ReadOnlySpan<byte> header, int digitsAt)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[SafeTensorsHeader.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        hash.AppendData(length);
        hash.AppendData(header[..digitsAt]);
        Span<byte> zeros = stackalloc byte[Digits];
        zeros.Fill((byte)'0');
        hash.AppendData(zeros);
        hash.AppendData(header[(digitsAt + Digits)..]);
        return hash;
    }

    /// <summary>The digits.</summary>
    public static string Finish(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
