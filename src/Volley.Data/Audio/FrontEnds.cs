using Volley.Recipes;

namespace Volley.Data.Audio;

/// <summary>Makes front ends of what recipes say about them.</summary>
public static class FrontEnds
{
    /// <summary>The front end of a recipe, without the standardisation that is fitted to training samples.</summary>
    /// <exception cref="ArgumentException">The recipe's members do not fit each other; one sentence.</exception>
    public static FrontEnd Create(FrontEndRecipe recipe) => recipe switch
    {
        LogMelRecipe r => LogMel(r),
        KaldiFbankRecipe r => KaldiFbank(r),
        MelDbRecipe r => MelDb(r),
        MelSpikesRecipe r => MelSpikes(r),
        _ => throw new NotSupportedException($"The front end {recipe.GetType().Name} is not known here."),
    };

    private static LogMelFrontEnd LogMel(LogMelRecipe r)
    {
        (int window, int hop) = Checked(r, r.Window, r.Hop);
        int points = r.Fft ?? PointsFor(window);
        var analysis = new MelAnalysis(new FrameGrid(window, hop, Lead: 0, r.Steps), FrameShape.Hann(window),
            new PowerSpectrum(points), MelBank.StraightInHertz(r.Channels, points, r.Rate, r.Low, r.High ?? r.Rate / 2.0));
        return new LogMelFrontEnd(r.Rate, analysis, new LogMelStages(1, r.Floor, r.Floor, r.Level, r.LevelTau, r.LevelRange, r.Deltas));
    }

    private static LogMelFrontEnd KaldiFbank(KaldiFbankRecipe r)
    {
        (int window, int hop) = Checked(r, r.Window, r.Hop);
        int points = PointsFor(window);
        var analysis = new MelAnalysis(new FrameGrid(window, hop, Lead: 0, r.Steps), FrameShape.Povey(window),
            new PowerSpectrum(points), MelBank.StraightInMel(r.Channels, points, r.Rate, r.Low, r.High ?? r.Rate / 2.0))
        {
            RemoveMean = true,
            PreEmphasis = r.PreEmphasis,
        };
        return new LogMelFrontEnd(r.Rate, analysis, new LogMelStages(1, 0, 1 / 8_388_608.0, r.Level, r.LevelTau, r.LevelRange, r.Deltas));
    }

    private static LogMelFrontEnd MelDb(MelDbRecipe r)
    {
        (_, int hop) = Checked(r, (double)r.Fft / r.Rate, r.Hop);
        var analysis = new MelAnalysis(new FrameGrid(r.Fft, hop, Lead: r.Fft / 2, r.Steps), FrameShape.Hann(r.Fft),
            new PowerSpectrum(r.Fft), MelBank.StraightInHertz(r.Channels, r.Fft, r.Rate, r.Low, r.High));
        return new LogMelFrontEnd(r.Rate, analysis, new LogMelStages(10 / 2.30258509299404568402, 0, 1e-10));
    }

    private static MelSpikesFrontEnd MelSpikes(MelSpikesRecipe r)
    {
        (int window, int hop) = Checked(r, r.Window, r.Hop);
        return new MelSpikesFrontEnd(new MelAnalysis(new FrameGrid(window, hop, Lead: 0, r.Steps), FrameShape.Hann(window),
            new PowerSpectrum(r.Fft), MelBank.StraightInHertz(r.Channels, r.Fft, r.Rate, r.Low, r.High ?? r.Rate / 2.0)), r);
    }

    private static int PointsFor(int window) => Math.Max(8, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)window));

    private static (int Window, int Hop) Checked(FrontEndRecipe recipe, double window, double hop)
    {
        if (recipe.Problem() is { } problem)
            throw new ArgumentException($"The front end does not fit together: {problem}.", nameof(recipe));
        return (FrontEndRecipe.Samples(window, recipe.Rate), FrontEndRecipe.Samples(hop, recipe.Rate));
    }
}
