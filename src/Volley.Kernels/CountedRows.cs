namespace Volley.Kernels;

/// <summary>The rows (b, t) of a padded batch that count: those with t &lt; lengths[b]; all of them without lengths.</summary>
/// <remarks>Sums over rows work on groups of <see cref="GroupSize"/> rows that are counted without the padding, so more padding changes no bit.</remarks>
internal readonly unsafe struct CountedRows
{
    public const int GroupSize = 512;

    private readonly int* _lengths;
    private readonly int _batch;

    /// <param name="lengths">Null, or <paramref name="batch"/> lengths.</param>
    public CountedRows(int* lengths, int batch, int time)
    {
        // Without lengths the batch is one long sample.
        _lengths = lengths;
        _batch = lengths is null ? 1 : batch;
        Time = lengths is null ? batch * time : time;
        for (int b = 0; b < _batch; b++)
            Count += Length(b);
    }

    /// <summary>Rows that count.</summary>
    public int Count { get; }

    /// <summary>Rows of a sample, padding included.</summary>
    public int Time { get; }

    public int Groups => (int)(((long)Count + GroupSize - 1) / GroupSize);

    public int Length(int sample) => _lengths is null ? Time : _lengths[sample];

    /// <summary>Rows in the group: <see cref="GroupSize"/>, or what is left for the last.</summary>
    public int RowsOf(int group) => Math.Min(GroupSize, Count - group * GroupSize);

    public Walk Group(int group) => new(this, group);

    /// <summary>Checks that there is one length for each sample, or none at all, and that each is within 0 … time.</summary>
    public static void Check(ReadOnlySpan<int> lengths, int batch, int time)
    {
        Kernels.Check.LengthOrEmpty(lengths, batch, nameof(lengths));
        for (int b = 0; b < lengths.Length; b++)
        {
            if ((uint)lengths[b] > (uint)time)
                throw new ArgumentException($"lengths[{b}] is {lengths[b]}; it must be between 0 and the number of time steps, {time}.", nameof(lengths));
        }
    }

    /// <summary>The runs of neighbouring rows that a group consists of.</summary>
    public struct Walk
    {
        private readonly CountedRows _rows;
        private int _sample, _step, _left;

        public Walk(CountedRows rows, int group)
        {
            _rows = rows;
            _left = rows.RowsOf(group);
            _step = group * GroupSize;
            while (_step >= rows.Length(_sample))
                _step -= rows.Length(_sample++);
        }

        /// <summary>The next run, <paramref name="count"/> rows from row <paramref name="row"/>; false behind the last.</summary>
        public bool Next(out nint row, out int count)
        {
            (row, count) = (0, 0);
            if (_left == 0)
                return false;
            while (_step == _rows.Length(_sample))
                (_sample, _step) = (_sample + 1, 0);
            row = (nint)_sample * _rows.Time + _step;
            count = Math.Min(_left, _rows.Length(_sample) - _step);
            _step += count;
            _left -= count;
            return true;
        }
    }
}
