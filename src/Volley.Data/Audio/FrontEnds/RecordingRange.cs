namespace Volley.Data.Audio;

/// <summary>Where a value lies between the recording's background, 0, and its largest value, 1: neither loudness nor how far the voice stands out of
/// the noise is left. What is below the background, and appended silence, is 0.</summary>
/// <remarks>The background is the tenth part from below of all values of the recording's own frames.</remarks>
internal sealed class RecordingRange(FrameSource source, int mostFrames) : WholeRecording(source, mostFrames)
{
    private const double Background = 0.1;

    private readonly double[] _sorted = new double[mostFrames * source.Channels];
    private double _floor, _scale;

    protected override void Measure()
    {
        int own = 0;
        for (int t = 0; t < Count; t++)
        {
            if (IsSilence(t))
                continue;
            Frame(t).CopyTo(_sorted.AsSpan(own));
            own += Channels;
        }
        (_floor, _scale) = (0, 0);
        if (own == 0)
            return;
        Span<double> values = _sorted.AsSpan(0, own);
        values.Sort();
        _floor = values[(int)(Background * own)];
        if (values[^1] > _floor)
            _scale = 1 / (values[^1] - _floor);
    }

    protected override void Convert(Span<double> frame, bool silence)
    {
        for (int c = 0; c < frame.Length; c++)
            frame[c] = silence ? 0 : Math.Max(0, frame[c] - _floor) * _scale;
    }
}
