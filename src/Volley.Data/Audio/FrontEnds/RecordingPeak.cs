namespace Volley.Data.Audio;

/// <summary>How far a value lies above a floor that is a fixed distance below the largest of the recording, and 0 below the floor: neither
/// loudness nor the noise between words is left. Appended silence is 0.</summary>
/// <param name="source">Natural logarithms of energies.</param>
/// <param name="mostFrames">The longest recording.</param>
/// <param name="range">From the largest value down to the floor.</param>
internal sealed class RecordingPeak(FrameSource source, int mostFrames, double range) : WholeRecording(source, mostFrames)
{
    private double _floor;

    protected override void Measure()
    {
        double peak = double.NegativeInfinity;
        for (int t = 0; t < Count; t++)
        {
            foreach (double value in IsSilence(t) ? default : Frame(t))
                peak = Math.Max(peak, value);
        }
        _floor = peak - range;
    }

    protected override void Convert(Span<double> frame, bool silence)
    {
        for (int c = 0; c < frame.Length; c++)
            frame[c] = silence ? 0 : Math.Max(0, frame[c] - _floor);
    }
}
