namespace Volley.Data.Audio;

/// <summary>Subtracts each channel's running mean m: m[0] = x[0], m[t] = m[t−1] + <paramref name="weight"/> (x[t] − m[t−1]), y[t] = x[t] − m[t].
/// Appended silence becomes 0 and leaves m alone.</summary>
internal sealed class RunningLevel(FrameSource source, double weight) : FrameSource(source.Channels)
{
    private readonly double[] _mean = new double[source.Channels];
    private bool _started;

    public override bool Ended => source.Ended;

    public override bool TryNext(Span<double> frame, out bool silence)
    {
        if (!source.TryNext(frame, out silence))
            return false;
        if (silence)
        {
            frame.Clear();
            return true;
        }
        if (!_started)
            frame.CopyTo(_mean);
        _started = true;
        for (int c = 0; c < frame.Length; c++)
        {
            _mean[c] += weight * (frame[c] - _mean[c]);
            frame[c] -= _mean[c];
        }
        return true;
    }

    public override void Clear()
    {
        _started = false;
        source.Clear();
    }
}
