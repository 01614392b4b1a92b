namespace Volley.Data;

/// <summary>What image data sets keep in a <see cref="DiskCache"/>.</summary>
internal static class ImageCache
{
    // Part of the key: a new layout of ImageBlock needs a new number.
    private const int Version = 1;

    public static ImageBlock Load(DiskCache? cache, string[] sources, PixelMap map, int classes, Func<ImageBlock> decode) =>
        cache is null
            ? decode()
            : cache.GetOrDecode(
                sources,
                $"images {Version}; {map.Name}; {classes} classes",
                bytes => ImageBlock.Parse(bytes, map.Source.Length, classes),
                decode,
                block => block.Bytes);
}
