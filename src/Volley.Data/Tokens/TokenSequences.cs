namespace Volley.Data;

/// <summary>Texts as spikes, one symbol and so one bit a step. Symbols stay bytes in memory; bits are made as they are read.</summary>
/// <remarks>Where a sample has two texts each has its own plane of whole words, side by side on the unit axis, and both start at step 0: the
/// sample is as long as the longer one, and behind the end of the other its plane is empty.</remarks>
internal sealed class TokenSequences : IDataset
{
    private readonly TokenBlock _block;
    private readonly int _words, _plane;

    /// <param name="name">The data set's name.</param>
    /// <param name="block">The texts.</param>
    /// <param name="symbols">How many symbols there are; whole words of them where a sample has two texts.</param>
    /// <param name="maxSteps">No text is longer.</param>
    /// <param name="classNames">One name a class.</param>
    public TokenSequences(string name, TokenBlock block, int symbols, int maxSteps, IReadOnlyList<string> classNames)
    {
        _block = block;
        _plane = SpikeWords.Per(symbols);
        _words = _plane * block.TextsPerSample;
        Info = new DatasetInfo(name, SampleKind.Spikes, symbols * block.TextsPerSample, maxSteps, classNames.Count, classNames);
    }

    public DatasetInfo Info { get; }

    public int Count => _block.Count;

    public int Label(int index)
    {
        Check.Index(this, index);
        return _block.Labels[index];
    }

    public int Length(int index)
    {
        Check.Index(this, index);
        int length = 0;
        for (int k = 0; k < _block.TextsPerSample; k++)
            length = Math.Max(length, _block.Text(index, k).Length);
        return length;
    }

    public void ReadValues(int index, Span<float> values) => Check.Kind(this, SampleKind.Values);

    public void ReadSpikes(int index, Span<ulong> bits)
    {
        Check.Destination(this, bits.Length, Length(index) * _words, nameof(bits));
        bits.Clear();
        for (int k = 0; k < _block.TextsPerSample; k++)
            TokenBits.Set(_block.Text(index, k), bits, _words, k * _plane);
    }
}
