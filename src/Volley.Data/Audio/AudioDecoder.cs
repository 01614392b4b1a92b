using Volley.Nn;

namespace Volley.Data.Audio;

/// <summary>Turns WAV files into sequences: samples, their rate changed where it must be, through a front end.</summary>
/// <remarks>A file is read in blocks, so that memory depends on the time steps and not on the samples.</remarks>
internal sealed class AudioDecoder(FrontEnd frontEnd)
{
    /// <summary>A sequence of an hour is no sample to train on; a header that says so is rather damaged.</summary>
    private const int MostSeconds = 3600;

    private readonly float[] _block = new float[4096], _resampled = new float[4096];
    private readonly StepSignal _step = frontEnd.Kind == SampleKind.Spikes ? StepSignal.OfSpikes(frontEnd.Units) : StepSignal.OfValues(frontEnd.Units);
    private FrontEndStream? _stream;
    private long _mostSamples;
    private Resampler? _resampler;

    /// <summary>Decodes a file, or a piece of one.</summary>
    /// <exception cref="InvalidDataException">It is bad; one sentence.</exception>
    public Sequence Decode(Recording recording)
    {
        string path = recording.Path;
        using var wav = WavReader.Open(path);
        long frames = wav.Frames!.Value;
        if (recording.Crop is { } crop)
        {
            if (crop.Start > frames - crop.Samples)
                throw new InvalidDataException($"'{path}' has {frames} samples; its piece from sample {crop.Start} on needs {crop.Samples}.");
            Pass(wav, crop.Start);
            frames = crop.Samples;
        }
        if (frames > (long)MostSeconds * wav.Rate)
            throw new InvalidDataException($"'{path}' has {frames} samples at {wav.Rate} Hz, more than {MostSeconds} s; cut it into recordings.");
        if (wav.Rate != frontEnd.Rate && _resampler?.From != wav.Rate)
            _resampler = new Resampler(wav.Rate, frontEnd.Rate);
        Resampler? resampler = wav.Rate == frontEnd.Rate ? null : _resampler;
        resampler?.Clear();
        long samples = resampler?.Samples(frames) ?? frames;
        int steps = frontEnd.Steps(samples);
        if (Sequence.BytesOf(frontEnd.Kind, steps, frontEnd.Units) > Sequence.MostBytes)
            throw new InvalidDataException($"'{path}' becomes {steps} steps of {frontEnd.Units} units, more than 1 GB; cut it into recordings.");
        var target = new Target(this, Open(samples), Sequence.Empty(frontEnd.Kind, steps, frontEnd.Units));
        long left = frames;
        while (wav.Read(_block.AsSpan(0, (int)Math.Min(left, _block.Length))) is > 0 and int read)
        {
            left -= read;
            Scale(_block.AsSpan(0, read), recording.Crop);
            Feed(_block.AsSpan(0, read), resampler, target);
        }
        if (resampler is not null)
        {
            resampler.Finish();
            Drain(resampler, target);
        }
        return target.Finish(path);
    }

    private void Pass(WavReader wav, long frames)
    {
        while (frames > 0 && wav.Read(_block.AsSpan(0, (int)Math.Min(frames, _block.Length))) is > 0 and int read)
            frames -= read;
    }

    private static void Scale(Span<float> samples, Crop? crop)
    {
        if (crop is null)
            return;
        foreach (ref float sample in samples)
            sample *= crop.Volume;
    }

    private void Feed(ReadOnlySpan<float> block, Resampler? resampler, Target target)
    {
        if (resampler is null)
        {
            target.Accept(block);
            return;
        }
        while (block.Length > 0)
        {
            block = block[resampler.Accept(block)..];
            Drain(resampler, target);
        }
    }

    private void Drain(Resampler resampler, Target target)
    {
        while (resampler.Read(_resampled) is > 0 and int read)
            target.Accept(_resampled.AsSpan(0, read));
    }

    private FrontEndStream Open(long samples)
    {
        if (_stream is null || samples > _mostSamples)
        {
            _mostSamples = Math.Max(samples, 2 * _mostSamples);
            _stream = frontEnd.Open(_mostSamples);
        }
        _stream.Clear();
        return _stream;
    }

    /// <summary>The sequence that is being filled.</summary>
    private sealed class Target(AudioDecoder decoder, FrontEndStream stream, Sequence sequence)
    {
        private int _steps;

        public void Accept(ReadOnlySpan<float> samples)
        {
            while (samples.Length > 0)
            {
                int taken = stream.Accept(samples);
                samples = samples[taken..];
                if (!TakeSteps() && taken == 0)
                    throw Broken("takes no sample and gives no step");
            }
        }

        public Sequence Finish(string path)
        {
            stream.Finish();
            TakeSteps();
            if (_steps != sequence.Steps)
                throw Broken($"gave {_steps} steps of '{path}' and had promised {sequence.Steps}");
            return sequence;
        }

        private bool TakeSteps()
        {
            bool any = false;
            for (; stream.TryRead(decoder._step); _steps++, any = true)
            {
                if (_steps == sequence.Steps)
                    throw Broken($"gives more than the {sequence.Steps} steps that it had promised");
                if (sequence.Kind == SampleKind.Values)
                    decoder._step.Values.CopyTo(sequence.Values, _steps * sequence.Units);
                else
                    decoder._step.Bits.CopyTo(sequence.Bits, _steps * decoder._step.Bits.Length);
            }
            return any;
        }

        private static InvalidOperationException Broken(string what) => new($"The front end {what}.");
    }
}
