namespace Volley.Data;

/// <summary>Images as sequences of values. Pixels stay bytes in memory; a table turns them into values as they are read.</summary>
internal sealed class ImageSequences : IDataset
{
    private readonly ImageBlock _block;
    private readonly float[] _table;   // [channels, 256]
    private readonly int _channels, _repeats;

    /// <param name="info">Its steps and units are those of a sample: the block's samples, <paramref name="repeats"/> times over.</param>
    /// <param name="block">The images.</param>
    /// <param name="channels">Channels, the innermost axis of a step.</param>
    /// <param name="scale">From pixels to values.</param>
    /// <param name="repeats">How often the image is shown.</param>
    public ImageSequences(DatasetInfo info, ImageBlock block, int channels, ChannelScale? scale, int repeats = 1)
    {
        Info = info;
        _block = block;
        _channels = channels;
        _repeats = repeats;
        _table = ChannelScale.Table(scale, channels);
    }

    public DatasetInfo Info { get; }

    /// <summary>Rows and columns of an image.</summary>
    public (int Height, int Width) Size { get; init; }

    public int Count => _block.Count;

    public int Label(int index)
    {
        Check.Index(this, index);
        return _block.Labels[index];
    }

    public int Length(int index)
    {
        Check.Index(this, index);
        return Info.MaxSteps;
    }

    public void ReadValues(int index, Span<float> values)
    {
        Check.Index(this, index);
        ReadOnlySpan<byte> pixels = _block.Sample(index);
        Check.Destination(this, values.Length, pixels.Length * _repeats, nameof(values));
        Span<float> first = values[..pixels.Length];
        ChannelScale.Apply(_table, _channels, pixels, first);
        for (int r = 1; r < _repeats; r++)
            first.CopyTo(values[(r * first.Length)..]);
    }

    public void ReadSpikes(int index, Span<ulong> bits) => Check.Kind(this, SampleKind.Spikes);
}
