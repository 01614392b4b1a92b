using Volley.Nn;

namespace Volley.Data.Audio;

/// <summary>A recording on its way through the stages of a front end.</summary>
internal abstract class MelStream : FrontEndStream
{
    private readonly MelFrames _frames;
    private readonly FrameSource _last;
    private readonly double[] _step;
    private readonly long _most;
    private long _taken;
    private bool _ready, _finished;

    /// <param name="frames">The first stage.</param>
    /// <param name="last">The last stage.</param>
    /// <param name="mostSamples">The longest recording.</param>
    protected MelStream(MelFrames frames, FrameSource last, long mostSamples)
    {
        (_frames, _last, _most) = (frames, last, mostSamples);
        _step = new double[last.Channels];
    }

    /// <summary>Writes a step of the last stage.</summary>
    protected abstract void Write(ReadOnlySpan<double> frame, StepSignal step);

    public override int Accept(ReadOnlySpan<float> samples)
    {
        if (_finished)
            throw new InvalidOperationException("The recording has ended; Clear begins another one.");
        if (samples.Length > _most - _taken)
            throw new ArgumentException($"The recording is longer than the {_most} samples that the stream was opened for.", nameof(samples));
        int taken = 0;
        while (!_ready)
        {
            taken += _frames.Take(samples[taken..]);
            if (taken == samples.Length)
                break;
            _ready = _last.TryNext(_step, out _);
        }
        _taken += taken;
        return taken;
    }

    public override void Finish()
    {
        if (!_finished)
            _frames.Finish();
        _finished = true;
    }

    public override bool TryRead(StepSignal step)
    {
        if (!_ready && !_last.TryNext(_step, out _))
            return false;
        _ready = false;
        Write(_step, step);
        return true;
    }

    public override void Clear()
    {
        _last.Clear();
        (_taken, _ready, _finished) = (0, false, false);
    }
}

/// <summary>Steps of values.</summary>
internal sealed class ValueStream(MelFrames frames, FrameSource last, long mostSamples) : MelStream(frames, last, mostSamples)
{
    protected override void Write(ReadOnlySpan<double> frame, StepSignal step)
    {
        Span<float> values = step.Values;
        if (step.IsSpikes || values.Length != frame.Length)
            throw StepShape.Wrong(step, $"{frame.Length} values");
        for (int c = 0; c < values.Length; c++)
            values[c] = (float)frame[c];
    }
}

/// <summary>A step of another kind or size than a stream writes.</summary>
internal static class StepShape
{
    public static ArgumentException Wrong(StepSignal step, string expected) =>
        new($"The step holds {step.Units} {(step.IsSpikes ? "spikes" : "values")}; this stream writes {expected}.", nameof(step));
}
