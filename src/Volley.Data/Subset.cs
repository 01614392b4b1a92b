namespace Volley.Data;

/// <summary>A view of some samples of another data set, in a given order.</summary>
public sealed class Subset : IDataset
{
    private readonly IDataset _source;
    private readonly int[] _indices;

    /// <param name="source">The data set behind the view.</param>
    /// <param name="indices">Sample i of the view is sample <c>indices[i]</c> of the source. Copied; repeats are allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not in the source.</exception>
    public Subset(IDataset source, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)source.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), indices[i], $"indices[{i}] is {indices[i]}; '{source.Info.Name}' has {source.Count} samples.");
            }
        }
        _source = source;
        _indices = indices.ToArray();
    }

    /// <inheritdoc/>
    public DatasetInfo Info => _source.Info;

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <summary>Where a sample of the view lies in its source.</summary>
    public int SourceIndex(int index)
    {
        Check.Index(this, index);
        return _indices[index];
    }

    /// <inheritdoc/>
    public int Label(int index) => _source.Label(SourceIndex(index));

    /// <inheritdoc/>
    public int Length(int index) => _source.Length(SourceIndex(index));

    /// <inheritdoc/>
    public void ReadValues(int index, Span<float> values) => _source.ReadValues(SourceIndex(index), values);

    /// <inheritdoc/>
    public void ReadSpikes(int index, Span<ulong> bits) => _source.ReadSpikes(SourceIndex(index), bits);

    /// <inheritdoc/>
    public void ReadStepLabels(int index, Span<int> labels) => _source.ReadStepLabels(SourceIndex(index), labels);
}
