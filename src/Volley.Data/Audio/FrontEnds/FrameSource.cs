namespace Volley.Data.Audio;

/// <summary>A stage between samples and steps: gives one frame after another as soon as it can, pulling from the stage before it.</summary>
internal abstract class FrameSource(int channels)
{
    public int Channels { get; } = channels;

    /// <summary>Whether no frame will follow.</summary>
    public abstract bool Ended { get; }

    /// <summary>Writes the next frame where it can be known already.</summary>
    /// <param name="frame">Of <see cref="Channels"/>.</param>
    /// <param name="silence">Whether the frame holds no sample of the recording: it was appended to reach the number of steps.</param>
    public abstract bool TryNext(Span<double> frame, out bool silence);

    /// <summary>Goes back to the start of a recording.</summary>
    public abstract void Clear();
}
