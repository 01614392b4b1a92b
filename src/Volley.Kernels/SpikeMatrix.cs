namespace Volley.Kernels;

/// <summary>A matrix of spikes as the event-driven products read it: a bit for every element, one scale, and at most one of values or signs.</summary>
/// <remarks>
/// Bits: [rows, WordsPerRow] words of 64; bit j of word k is column 64·k + j, and the bits behind the last column are 0.
/// The element (r, c) is 0 where its bit is clear. Where it is set it is scale · values[r, c] (one float product) if there are values,
/// −scale if its bit of the negative mask is set, else scale.
/// </remarks>
public readonly ref struct SpikeMatrix
{
    /// <param name="bits">[rows, words]: where the matrix is not 0.</param>
    /// <param name="values">[rows, columns] or empty: the size of each spike; read only where a bit is set.</param>
    /// <param name="negative">[rows, words] or empty: which spikes count −scale.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or there are both values and a negative mask.</exception>
    public SpikeMatrix(ReadOnlySpan<ulong> bits, int rows, int columns, float scale = 1, ReadOnlySpan<float> values = default, ReadOnlySpan<ulong> negative = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        WordsPerRow = SpikeBits.WordsPerRow(columns);
        Check.Length(bits.Length, rows, WordsPerRow, nameof(bits));
        if (!values.IsEmpty)
            Check.Length(values.Length, rows, columns, nameof(values));
        if (!negative.IsEmpty)
            Check.Length(negative.Length, rows, WordsPerRow, nameof(negative));
        if (!values.IsEmpty && !negative.IsEmpty)
            throw new ArgumentException("Spikes have values or a negative mask, not both.", nameof(negative));
        Bits = bits;
        Values = values;
        Negative = negative;
        Scale = scale;
        Rows = rows;
        Columns = columns;
    }

    public ReadOnlySpan<ulong> Bits { get; }
    public ReadOnlySpan<float> Values { get; }
    public ReadOnlySpan<ulong> Negative { get; }
    public float Scale { get; }
    public int Rows { get; }
    public int Columns { get; }

    /// <summary>(Columns + 63) / 64.</summary>
    public int WordsPerRow { get; }

    /// <summary>Every spike counts the same: there are neither values nor signs.</summary>
    public bool IsBinary => Values.IsEmpty && Negative.IsEmpty;
}
