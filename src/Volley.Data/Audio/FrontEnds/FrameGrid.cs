namespace Volley.Data.Audio;

/// <summary>Which samples make which frame. Frame t is the samples hop · t − lead … hop · t − lead + window − 1.</summary>
/// <param name="Window">Samples of a frame.</param>
/// <param name="Hop">Samples from frame to frame.</param>
/// <param name="Lead">Samples of a frame before its time: 0, or half a window, and then the recording is mirrored at both its ends.</param>
/// <param name="FixedSteps">The number of frames of every recording; null for its own.</param>
internal sealed record FrameGrid(int Window, int Hop, int Lead, int? FixedSteps)
{
    /// <summary>Samples that all frames together can use; the rest of a longer recording is cut off. Null for all there are.</summary>
    public long? Used => FixedSteps is { } steps ? (steps - 1L) * Hop + Window - 2 * Lead : null;

    /// <summary>Frames of a recording: those that lie in it whole, at least 1.</summary>
    /// <exception cref="ArgumentException">The recording is too long for its steps to be counted.</exception>
    public int Steps(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (FixedSteps is { } steps)
            return steps;
        long spare = samples + 2 * Lead - Window, count = spare < 0 ? 1 : spare / Hop + 1;
        return count <= int.MaxValue ? (int)count : throw new ArgumentException($"A recording of {samples} samples has {count} steps; at most {int.MaxValue} are possible.", nameof(samples));
    }
}
