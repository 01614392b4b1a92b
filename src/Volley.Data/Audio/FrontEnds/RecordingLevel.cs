namespace Volley.Data.Audio;

/// <summary>Subtracts the mean over the recording's own frames: of all channels together, or of each. Appended silence becomes 0, the mean itself:
/// how far it lies below the recording would say how loud that is, which is what goes away here.</summary>
internal sealed class RecordingLevel(FrameSource source, int mostFrames, bool together) : WholeRecording(source, mostFrames)
{
    private readonly double[] _mean = new double[source.Channels];

    protected override void Measure()
    {
        Array.Clear(_mean);
        int own = 0;
        for (int t = 0; t < Count; t++)
        {
            if (IsSilence(t))
                continue;
            own++;
            ReadOnlySpan<double> frame = Frame(t);
            for (int c = 0; c < frame.Length; c++)
                _mean[c] += frame[c];
        }
        if (own == 0)
            return;
        for (int c = 0; c < _mean.Length; c++)
            _mean[c] /= own;
        if (!together)
            return;
        double sum = 0;
        foreach (double mean in _mean)
            sum += mean;
        Array.Fill(_mean, sum / _mean.Length);
    }

    protected override void Convert(Span<double> frame, bool silence)
    {
        for (int c = 0; c < frame.Length; c++)
            frame[c] = silence ? 0 : frame[c] - _mean[c];
    }
}
