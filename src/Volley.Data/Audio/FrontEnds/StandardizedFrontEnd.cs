using Volley.Nn;

namespace Volley.Data.Audio;

/// <summary>A front end whose values are standardised, channel by channel.</summary>
internal sealed class StandardizedFrontEnd : FrontEnd
{
    private readonly FrontEnd _front;
    private readonly ChannelStatistics _statistics;

    public StandardizedFrontEnd(FrontEnd front, ChannelStatistics statistics)
    {
        if (front.Kind != SampleKind.Values)
            throw new ArgumentException("Spikes cannot be standardised; leave mean and sd out.", nameof(statistics));
        if (statistics.Mean.Count != front.Units)
            throw new ArgumentException($"There are means of {statistics.Mean.Count} channels for a front end of {front.Units}.", nameof(statistics));
        (_front, _statistics) = (front, statistics);
    }

    public override int Rate => _front.Rate;

    public override SampleKind Kind => _front.Kind;

    public override int Units => _front.Units;

    public override double TimeStep => _front.TimeStep;

    public override bool Causal => _front.Causal;

    public override int Steps(long samples) => _front.Steps(samples);

    public override FrontEndStream Open(long mostSamples) => new Stream(_front.Open(mostSamples), _statistics);

    private sealed class Stream(FrontEndStream stream, ChannelStatistics statistics) : FrontEndStream
    {
        public override int Accept(ReadOnlySpan<float> samples) => stream.Accept(samples);

        public override void Finish() => stream.Finish();

        public override bool TryRead(StepSignal step)
        {
            if (!stream.TryRead(step))
                return false;
            statistics.Apply(step.Values);
            return true;
        }

        public override void Clear() => stream.Clear();
    }
}
