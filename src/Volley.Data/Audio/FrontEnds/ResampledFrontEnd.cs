using Volley.Nn;

namespace Volley.Data.Audio;

/// <summary>A front end for recordings of another rate.</summary>
internal sealed class ResampledFrontEnd(FrontEnd front, int rate) : FrontEnd
{
    private readonly Resampler _lengths = new(rate, front.Rate);

    public override int Rate => rate;

    public override SampleKind Kind => front.Kind;

    public override int Units => front.Units;

    public override double TimeStep => front.TimeStep;

    public override bool Causal => front.Causal;

    public override int Steps(long samples) => front.Steps(_lengths.Samples(samples));

    public override FrontEndStream Open(long mostSamples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostSamples);
        // An endless stream stays one: its end would lie beyond what a long can count.
        bool endless = mostSamples > long.MaxValue / front.Rate;
        return new Stream(front.Open(endless ? long.MaxValue : _lengths.Samples(mostSamples)), new Resampler(rate, front.Rate), mostSamples);
    }

    private sealed class Stream(FrontEndStream stream, Resampler resampler, long mostSamples) : FrontEndStream
    {
        private readonly float[] _block = new float[1024];
        private int _start, _end;
        private long _taken;
        private bool _finished, _passed;

        public override int Accept(ReadOnlySpan<float> samples)
        {
            if (_finished)
                throw new InvalidOperationException("The recording has ended; Clear begins another one.");
            if (samples.Length > mostSamples - _taken)
                throw new ArgumentException($"The recording is longer than the {mostSamples} samples that the stream was opened for.", nameof(samples));
            int taken = 0;
            // What was resampled goes first; samples are taken as long as the front end takes what they become.
            while (Pass() && taken < samples.Length)
                taken += resampler.Accept(samples[taken..]);
            _taken += taken;
            return taken;
        }

        public override void Finish()
        {
            if (!_finished)
                resampler.Finish();
            _finished = true;
        }

        public override bool TryRead(StepSignal step)
        {
            while (true)
            {
                if (stream.TryRead(step))
                    return true;
                if (!Pass())
                    continue;
                if (!_finished || _passed)
                    return false;
                stream.Finish();
                _passed = true;
            }
        }

        /// <summary>Hands on what the resampler has ready.</summary>
        /// <returns>False where the front end has a step that must be read first.</returns>
        private bool Pass()
        {
            while (true)
            {
                if (_start == _end)
                    (_start, _end) = (0, resampler.Read(_block));
                if (_end == 0)
                    return true;
                _start += stream.Accept(_block.AsSpan(_start, _end - _start));
                if (_start < _end)
                    return false;
            }
        }

        public override void Clear()
        {
            stream.Clear();
            resampler.Clear();
            (_start, _end, _taken, _finished, _passed) = (0, 0, 0, false, false);
        }
    }
}
