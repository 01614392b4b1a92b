using Volley.Recipes;

namespace Volley.Data;

/// <summary>Makes the frames of one recording after another, in the same memory.</summary>
internal sealed class FrameBuilder
{
    private readonly EventFrameOptions _options;
    private readonly PixelShare[] _shares;
    private readonly float[] _frames;
    private readonly List<ushort> _places = [];
    private readonly List<float> _counts = [];

    public FrameBuilder(EventFrameOptions options, int side)
    {
        EventFrameOptions.Check(options, side);
        _options = options;
        Units = options.Size * options.Size * 2;
        _shares = PixelShare.Axis(side, options.Size, whole: options.As == FrameContent.Spikes);
        if ((long)options.Steps * Units > Array.MaxLength)
            throw new ArgumentException($"{options.Steps} frames of {options.Size} x {options.Size} pixels are more than an array can hold; take fewer or smaller ones.", nameof(options));
        _frames = new float[options.Steps * Units];
    }

    /// <summary>Elements of a frame.</summary>
    public int Units { get; }

    /// <summary>The frames of a recording with at least one event, whose pixels are inside the camera's, its times within 2⁴⁷ microseconds.</summary>
    public SparseFrames Build(ReadOnlySpan<CameraEvent> events)
    {
        (long first, long last) = (long.MaxValue, long.MinValue);
        foreach (CameraEvent e in events)
            (first, last) = (Math.Min(first, e.Time), Math.Max(last, e.Time));
        // Whole microseconds, so that no rounding decides on which side of an edge an event lies.
        long bin = (long)Math.Round((_options.Bin ?? 0) * 1e6), steps = _options.Steps, span = last - first + 1;
        for (int i = 0; i < events.Length; i++)
        {
            CameraEvent e = events[i];
            long step = _options.By == SliceBy.Number ? i * steps / events.Length
                : _options.Bin is null ? (e.Time - first) * steps / span
                : (e.Time - first) / bin;
            if (step < steps)
                Add(_frames.AsSpan((int)step * Units, Units), e);
        }
        return Collect();
    }

    private void Add(Span<float> frame, CameraEvent e)
    {
        (PixelShare x, PixelShare y) = (_shares[e.X], _shares[e.Y]);
        int size = _options.Size, at = (y.Cell * size + x.Cell) * 2 + (e.On ? 1 : 0);
        frame[at] += y.Part * x.Part;
        if (x.Part < 1)
            frame[at + 2] += y.Part * (1 - x.Part);
        if (y.Part < 1)
            frame[at + 2 * size] += (1 - y.Part) * x.Part;
        if (x.Part < 1 && y.Part < 1)
            frame[at + 2 * size + 2] += (1 - y.Part) * (1 - x.Part);
    }

    /// <summary>Takes the elements that are not 0, and leaves zeros.</summary>
    private SparseFrames Collect()
    {
        var ends = new int[_options.Steps];
        _places.Clear();
        _counts.Clear();
        for (int t = 0; t < ends.Length; t++)
        {
            Span<float> frame = _frames.AsSpan(t * Units, Units);
            for (int at = 0; frame[at..].IndexOfAnyExcept(0f) is >= 0 and int skipped; at++)
            {
                at += skipped;
                _places.Add((ushort)at);
                _counts.Add(frame[at]);
                frame[at] = 0;
            }
            ends[t] = _places.Count;
        }
        return new SparseFrames(ends, [.. _places], _options.As == FrameContent.Counts ? [.. _counts] : []);
    }
}

/// <summary>The cell of a smaller grid that a pixel of a larger one lies in along one axis, and the part of the pixel that does; the rest is in the next cell.</summary>
internal readonly record struct PixelShare(int Cell, float Part)
{
    /// <summary>The shares of all pixels of an axis.</summary>
    /// <param name="pixels">Pixels of the axis.</param>
    /// <param name="cells">Cells of the axis, at most as many.</param>
    /// <param name="whole">Whether a pixel belongs whole to the cell of its middle.</param>
    public static PixelShare[] Axis(int pixels, int cells, bool whole)
    {
        var shares = new PixelShare[pixels];
        for (int i = 0; i < pixels; i++)
        {
            // The pixel reaches from i · cells to (i + 1) · cells, a cell from c · pixels to (c + 1) · pixels.
            int cell = i * cells / pixels, inside = Math.Min((i + 1) * cells, (cell + 1) * pixels) - i * cells;
            shares[i] = whole ? new PixelShare((2 * i + 1) * cells / (2 * pixels), 1) : new PixelShare(cell, inside == cells ? 1 : (float)inside / cells);
        }
        return shares;
    }
}

/// <summary>What of a recording's frames is not 0.</summary>
/// <param name="Ends">Where the elements of each frame end.</param>
/// <param name="Places">The elements' places in their frame, ascending.</param>
/// <param name="Counts">The elements; none where all of them are spikes.</param>
internal sealed record SparseFrames(int[] Ends, ushort[] Places, float[] Counts);
