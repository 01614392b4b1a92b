using Volley.Data.Audio;
using Volley.Nn;

namespace Volley.Data.Tests.Audio;

/// <summary>A front end that cuts a recording into frames of some samples: their mean and their largest magnitude are its two channels.</summary>
internal sealed class TwoNumbers(int rate, int frame, SampleKind kind = SampleKind.Values) : FrontEnd
{
    public override int Rate => rate;

    public override SampleKind Kind => kind;

    public override int Units => 2;

    public override double TimeStep => (double)frame / rate;

    public override bool Causal => true;

    public override int Steps(long samples) => (int)((samples + frame - 1) / frame);

    public override FrontEndStream Open(long mostSamples) => new Stream(frame);

    private sealed class Stream(int frame) : FrontEndStream
    {
        private float _sum, _most;
        private int _count;
        private bool _finished;

        public override int Accept(ReadOnlySpan<float> samples)
        {
            int taken = Math.Min(samples.Length, frame - _count);
            foreach (float sample in samples[..taken])
                (_sum, _most) = (_sum + sample, Math.Max(_most, Math.Abs(sample)));
            _count += taken;
            return taken;
        }

        public override void Finish() => _finished = true;

        public override bool TryRead(StepSignal step)
        {
            if (_count < frame && (!_finished || _count == 0))
                return false;
            if (step.IsSpikes)
                step.Bits[0] = (_sum > 0 ? 1UL : 0) | (_most > 0.5f ? 2UL : 0);
            else
                (step.Values[0], step.Values[1]) = (_sum / _count, _most);
            (_sum, _most, _count) = (0, 0, 0);
            return true;
        }

        public override void Clear() => (_sum, _most, _count, _finished) = (0, 0, 0, false);
    }
}
