namespace Volley.Data;

/// <summary>One image of a list.</summary>
/// <param name="Folder">Such as <c>imgs/0</c>.</param>
/// <param name="Name">Such as <c>sample_0.png</c>.</param>
/// <param name="Joined">Whether a curve joins the dots.</param>
internal readonly record struct PathfinderImage(string Folder, string Name, bool Joined)
{
    public string PathIn(string root) => Path.Combine(root, Folder, Name);
}

/// <summary>Images on disk, read one by one as they are asked for.</summary>
internal sealed class PathfinderImages(DatasetInfo info, string root, PathfinderImage[] images, int size) : IDataset
{
    /// <summary>(pixel / 255 − ½) / ½.</summary>
    public static ChannelScale Scale { get; } = new([0.5f], [0.5f]);

    private static readonly float[] Table = ChannelScale.Table(Scale, 1);

    public DatasetInfo Info { get; } = info;

    public int Count => images.Length;

    public int Label(int index)
    {
        Check.Index(this, index);
        return images[index].Joined ? 1 : 0;
    }

    public int Length(int index)
    {
        Check.Index(this, index);
        return Info.MaxSteps;
    }

    public void ReadValues(int index, Span<float> values)
    {
        Check.Index(this, index);
        Check.Destination(this, values.Length, Info.MaxSteps, nameof(values));
        var pixels = new byte[Info.MaxSteps];
        PngFile.ReadGrey(images[index].PathIn(root), pixels, size);
        for (int i = 0; i < pixels.Length; i++)
            values[i] = Table[pixels[i]];
    }

    public void ReadSpikes(int index, Span<ulong> bits) => Check.Kind(this, SampleKind.Spikes);
}
