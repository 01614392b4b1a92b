using Volley.Recipes;

namespace Volley.Data.Audio;

/// <summary>A front end that is a row of stages.</summary>
internal abstract class MelFrontEnd(int rate, MelAnalysis analysis) : FrontEnd
{
    public sealed override int Rate => rate;

    public sealed override double TimeStep => (double)analysis.Grid.Hop / rate;

    public sealed override int Steps(long samples) => analysis.Grid.Steps(samples);

    protected MelAnalysis Analysis => analysis;
}

/// <summary>Logarithms of mel energies as currents.</summary>
internal sealed class LogMelFrontEnd(int rate, MelAnalysis analysis, LogMelStages stages) : MelFrontEnd(rate, analysis)
{
    /// <summary>ln 10 / 10.</summary>
    private const double Decibel = 0.230258509299404568402;

    public override SampleKind Kind => SampleKind.Values;

    public override int Units => Analysis.Channels * (stages.Deltas ? 2 : 1);

    public override bool Causal => stages.Level is LevelNormalization.None or LevelNormalization.RunningChannels;

    public override FrontEndStream Open(long mostSamples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostSamples);
        var frames = new MelFrames(Analysis);
        FrameSource last = new Logarithm(frames, stages.Scale, stages.Plus, stages.Least);
        last = stages.Level switch
        {
            LevelNormalization.Recording => new RecordingLevel(last, Steps(mostSamples), together: true),
            LevelNormalization.RecordingChannels => new RecordingLevel(last, Steps(mostSamples), together: false),
            LevelNormalization.RecordingPeak => new RecordingPeak(last, Steps(mostSamples), stages.LevelRange * Decibel),
            LevelNormalization.RecordingRange => new RecordingRange(last, Steps(mostSamples)),
            LevelNormalization.RunningChannels => new RunningLevel(last, 1 - StableMath.Exp(-TimeStep / stages.LevelTau)),
            _ => last,
        };
        return new ValueStream(frames, stages.Deltas ? new Deltas(last) : last, mostSamples);
    }
}

/// <summary>What follows the mel energies: scale · ln max(E + plus, least), the level, the slopes.</summary>
internal sealed record LogMelStages(double Scale, double Plus, double Least, LevelNormalization Level = LevelNormalization.None, double LevelTau = 1, double LevelRange = 40, bool Deltas = false);

/// <summary>Spikes of LIF cells that mel energies drive.</summary>
internal sealed class MelSpikesFrontEnd(MelAnalysis analysis, MelSpikesRecipe recipe) : MelFrontEnd(recipe.Rate, analysis)
{
    public override SampleKind Kind => SampleKind.Spikes;

    public override int Units => Analysis.Channels;

    public override bool Causal => recipe.Reference is not null;

    public override FrontEndStream Open(long mostSamples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostSamples);
        var frames = new MelFrames(Analysis);
        FrameSource relative = recipe.Reference is { } decibels
            ? new RelativeToReference(frames, StableMath.Exp(decibels / 10 * 2.30258509299404568402))
            : new RelativeToMaximum(frames, Steps(mostSamples));
        return new SpikeStream(frames, relative, mostSamples, recipe.Range, recipe.Decay, recipe.Threshold);
    }
}
