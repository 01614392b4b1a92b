namespace Volley.Data;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct PictureBox(int Top, int Left, int Height, int Width)
{
    /// <summary>The box in all frames becomes 0.</summary>
    public void Clear(Span<float> values, ImageLayout image)
    {
        foreach (Range run in new Runs(this, image, values.Length))
            values[run].Clear();
    }

    /// <summary>The box in all frames becomes that of other frames.</summary>
    public void Copy(ReadOnlySpan<float> source, Span<float> destination, ImageLayout image)
    {
        foreach (Range run in new Runs(this, image, destination.Length))
            source[run].CopyTo(destination[run]);
    }

    /// <summary>The box in all frames becomes that of other frames, whose element i belongs at <paramref name="places"/>[i] of the picture.</summary>
    public void Copy(ReadOnlySpan<float> source, Span<float> destination, ImageLayout image, ReadOnlySpan<int> places)
    {
        for (int frame = 0; frame < destination.Length; frame += places.Length)
        {
            for (int i = 0; i < places.Length; i++)
            {
                if (Holds(places[i] / image.Channels, image))
                    destination[frame + i] = source[frame + i];
            }
        }
    }

    private bool Holds(int pixel, ImageLayout image)
    {
        (int outer, int inner) = Math.DivRem(pixel, image.Inner);
        (int row, int column) = image.Order == ImageOrder.Rows ? (outer, inner) : (inner, outer);
        return row >= Top && row < Top + Height && column >= Left && column < Left + Width;
    }

    /// <summary>The parts of the box that lie side by side in memory: one a row, or one a column.</summary>
    private struct Runs(PictureBox box, ImageLayout image, int length)
    {
        private readonly int _stride = image.Inner * image.Channels;
        private readonly (int First, int Count) _lines = image.Order == ImageOrder.Rows ? (box.Top, box.Height) : (box.Left, box.Width);
        private readonly (int First, int Count) _places = image.Order == ImageOrder.Rows ? (box.Left, box.Width) : (box.Top, box.Height);
        private int _frame, _line = -1;

        public readonly Runs GetEnumerator() => this;

        public readonly Range Current
        {
            get
            {
                int start = _frame + (_lines.First + _line) * _stride + _places.First * image.Channels;
                return start..(start + _places.Count * image.Channels);
            }
        }

        public bool MoveNext()
        {
            if (++_line < _lines.Count)
                return true;
            (_frame, _line) = (_frame + image.Elements, 0);
            return _frame < length && _lines.Count > 0;
        }
    }
}
