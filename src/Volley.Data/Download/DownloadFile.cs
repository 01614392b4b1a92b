namespace Volley.Data.Download;

/// <summary>A file that a data set is made of.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Md5">The published checksum, in hexadecimal digits.</param>
/// <param name="Archive">How it is packed.</param>
/// <param name="Result">What is there once it is unpacked, and not before: a path below the data set's folder.</param>
public sealed record DownloadFile(Uri Address, string Md5, Archive Archive, string Result)
{
    /// <summary>Its own name, the last part of its address.</summary>
    public string Name => Path.GetFileName(Address.AbsolutePath);
}

/// <summary>How a downloaded file is packed.</summary>
public enum Archive
{
    /// <summary>A zip archive; the one entry of the result's name is taken.</summary>
    Zip,

    /// <summary>A tar archive, packed by gzip; all its files are taken.</summary>
    TarGzip,
}

/// <summary>How far a download is.</summary>
/// <param name="File">Which one.</param>
/// <param name="Bytes">Bytes that are there, those of earlier attempts too.</param>
/// <param name="Total">Bytes in all; null where the server does not say.</param>
public readonly record struct DownloadProgress(DownloadFile File, long Bytes, long? Total);
