namespace Volley.Data;

/// <summary>How an image of bytes becomes a sequence: element i of [steps, units] is byte <c>Source[i]</c> of the image.</summary>
/// <param name="Name">Says everything about the map; part of the key of the cache.</param>
/// <param name="Steps">Time steps.</param>
/// <param name="Units">Units of a step; channels are the innermost axis.</param>
/// <param name="Source">Steps · Units places in the image.</param>
internal sealed record PixelMap(string Name, int Steps, int Units, int[] Source)
{
    public void Apply(ReadOnlySpan<byte> image, Span<byte> sample)
    {
        int[] source = Source;
        for (int i = 0; i < source.Length; i++)
            sample[i] = image[source[i]];
    }
}
