using Volley.Nn;

namespace Volley.Data.Audio;

/// <summary>E relative to the largest of the recording; all 0 where that is 0.</summary>
internal sealed class RelativeToMaximum(FrameSource source, int mostFrames) : WholeRecording(source, mostFrames)
{
    private double _max;

    protected override void Measure()
    {
        _max = 0;
        for (int t = 0; t < Count; t++)
        {
            foreach (double energy in Frame(t))
                _max = Math.Max(_max, energy);
        }
    }

    protected override void Convert(Span<double> frame, bool silence)
    {
        for (int c = 0; c < frame.Length; c++)
            frame[c] = _max > 0 ? frame[c] / _max : 0;
    }
}

/// <summary>E relative to a given energy.</summary>
internal sealed class RelativeToReference(FrameSource source, double reference) : FrameSource(source.Channels)
{
    public override bool Ended => source.Ended;

    public override bool TryNext(Span<double> frame, out bool silence)
    {
        if (!source.TryNext(frame, out silence))
            return false;
        for (int c = 0; c < frame.Length; c++)
            frame[c] /= reference;
        return true;
    }

    public override void Clear() => source.Clear();
}

/// <summary>Steps of spikes: dB = 10 log₁₀(E + 10⁻¹²), c = 1 + dB / range kept in 0 … 1, v ← decay · v + c, a spike where v ≥ threshold, v ← v − threshold.</summary>
internal sealed class SpikeStream(MelFrames frames, FrameSource last, long mostSamples, double range, double decay, double threshold)
    : MelStream(frames, last, mostSamples)
{
    private const double DecibelsPerLog = 10 / 2.30258509299404568402;

    private readonly double[] _v = new double[last.Channels];

    protected override void Write(ReadOnlySpan<double> frame, StepSignal step)
    {
        if (!step.IsSpikes || step.Units != frame.Length)
            throw StepShape.Wrong(step, $"{frame.Length} spikes");
        ulong[] bits = step.Bits;
        Array.Clear(bits);
        for (int c = 0; c < frame.Length; c++)
        {
            double decibels = DecibelsPerLog * StableMath.Log(frame[c] + 1e-12);
            _v[c] = decay * _v[c] + Math.Clamp(1 + decibels / range, 0, 1);
            if (_v[c] < threshold)
                continue;
            _v[c] -= threshold;
            bits[c >> 6] |= 1UL << c;
        }
    }

    public override void Clear()
    {
        base.Clear();
        Array.Clear(_v);
    }
}
