using System.Globalization;
using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>How audio becomes time steps: overlapping frames of a recording, each of them one step.</summary>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LogMelRecipe), "log-mel")]
[JsonDerivedType(typeof(KaldiFbankRecipe), "kaldi-fbank")]
[JsonDerivedType(typeof(MelDbRecipe), "mel-db")]
[JsonDerivedType(typeof(MelSpikesRecipe), "mel-spikes")]
public abstract record FrontEndRecipe(
    [property: Limits(1000, 400_000)] int Rate,
    [property: Limits(1, 1_000_000)] int? Steps,
    bool Standardize) : IChecked
{
    /// <summary>The kind, as recipes write it.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Whole samples in a duration; what is left of one is dropped, as Kaldi does.</summary>
    /// <param name="seconds">The duration.</param>
    /// <param name="rate">Samples a second.</param>
    public static int Samples(double seconds, int rate) => (int)Math.Floor(seconds * rate + 1e-6);

    /// <summary>What does not fit together, as the end of a sentence; null where all does.</summary>
    public abstract string? Problem();

    string? IChecked.Problem() => Problem();
}

/// <summary>ln(E + floor) of the energies E in mel bands, as currents: magnitudes as they are in the frame, no pre-emphasis, mel = 2595 log₁₀(1 + f / 700).</summary>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
/// <param name="Window">Length of a frame, seconds (periodic Hann window).</param>
/// <param name="Hop">From frame to frame, seconds: the time step.</param>
/// <param name="Fft">Points of the transform, a power of two at least as long as a frame; null for the smallest.</param>
/// <param name="Channels">Mel bands.</param>
/// <param name="Low">Where the lowest band begins, Hz.</param>
/// <param name="High">Where the highest band ends, Hz; null for half the rate.</param>
/// <param name="Floor">Added to an energy before the logarithm.</param>
/// <param name="Level">What is subtracted against loud and quiet, near and far recordings.</param>
/// <param name="LevelTau">τ of the running mean, seconds; used with running-channels alone.</param>
/// <param name="LevelRange">From the recording's peak down to the floor, dB; used with recording-peak alone.</param>
/// <param name="Deltas">Whether the slopes of all channels over 5 steps follow as further channels.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
public sealed record LogMelRecipe(
    int Rate = 8000,
    int? Steps = null,
    [Limits(0.001, 1)] double Window = 0.025,
    [Limits(0.0005, 1)] double Hop = 0.010,
    [Limits(8, 65_536)] int? Fft = null,
    [Limits(1, 4096)] int Channels = 40,
    [Limits(0, 200_000)] double Low = 20,
    [Limits(0, 200_000, AboveMin = true)] double? High = null,
    [Limits(0, 1, AboveMin = true)] double Floor = 1e-6,
    LevelNormalization Level = LevelNormalization.None,
    [Limits(0.001, 1000)] double LevelTau = 1,
    [Limits(1, 200)] double LevelRange = 40,
    bool Deltas = false,
    bool Standardize = true) : FrontEndRecipe(Rate, Steps, Standardize)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "log-mel";

    /// <inheritdoc/>
    public override string? Problem() => FrameProblem.Of(Rate, Window, Hop, Fft) ?? FrameProblem.OfBands(Rate, Low, High);
}

/// <summary>The filter bank of Kaldi: mean and pre-emphasis removed frame by frame, Povey window, triangles straight in mel = 1127 ln(1 + f / 700),
/// ln max(E, 2⁻²³).</summary>
/// <remarks>Samples are −1 … 1 as torchaudio loads them; on Kaldi's 16-bit samples each value is 20.7944 larger.</remarks>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
/// <param name="Window">Length of a frame, seconds.</param>
/// <param name="Hop">From frame to frame, seconds: the time step.</param>
/// <param name="Channels">Mel bands.</param>
/// <param name="Low">Where the lowest band begins, Hz.</param>
/// <param name="High">Where the highest band ends, Hz; null for half the rate.</param>
/// <param name="PreEmphasis">a in x[i] − a x[i−1].</param>
/// <param name="Level">What is subtracted against loud and quiet, near and far recordings.</param>
/// <param name="LevelTau">τ of the running mean, seconds; used with running-channels alone.</param>
/// <param name="LevelRange">From the recording's peak down to the floor, dB; used with recording-peak alone.</param>
/// <param name="Deltas">Whether the slopes of all channels over 5 steps follow as further channels.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
public sealed record KaldiFbankRecipe(
    int Rate = 16_000,
    int? Steps = null,
    [Limits(0.001, 1)] double Window = 0.025,
    [Limits(0.0005, 1)] double Hop = 0.010,
    [Limits(1, 4096)] int Channels = 40,
    [Limits(0, 200_000)] double Low = 20,
    [Limits(0, 200_000, AboveMin = true)] double? High = null,
    [Limits(0, 1)] double PreEmphasis = 0.97,
    LevelNormalization Level = LevelNormalization.None,
    [Limits(0.001, 1000)] double LevelTau = 1,
    [Limits(1, 200)] double LevelRange = 40,
    bool Deltas = false,
    bool Standardize = false) : FrontEndRecipe(Rate, Steps, Standardize)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "kaldi-fbank";

    /// <inheritdoc/>
    public override string? Problem() => FrameProblem.Of(Rate, Window, Hop, fft: null) ?? FrameProblem.OfBands(Rate, Low, High);
}

/// <summary>10 log₁₀ max(E, 10⁻¹⁰) of the energies E in mel bands, frames centred on their time as torchaudio's MelSpectrogram has them.</summary>
/// <remarks>The defaults are those of the learned-delay networks on Speech Commands, whose highest band ends above half the rate: 53 of the 140 bands
/// see nothing and stay at −100 dB.</remarks>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
/// <param name="Fft">Length of a frame and points of the transform, a power of two (periodic Hann window).</param>
/// <param name="Hop">From frame to frame, seconds: the time step.</param>
/// <param name="Channels">Mel bands.</param>
/// <param name="Low">Where the lowest band begins, Hz.</param>
/// <param name="High">Where the highest band ends, Hz; bands above half the rate see nothing.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
public sealed record MelDbRecipe(
    int Rate = 8000,
    [Limits(2, 1_000_000)] int? Steps = null,
    [Limits(8, 65_536)] int Fft = 256,
    [Limits(0.0005, 1)] double Hop = 0.010,
    [Limits(1, 4096)] int Channels = 140,
    [Limits(0, 200_000)] double Low = 50,
    [Limits(0, 200_000, AboveMin = true)] double High = 14_000,
    bool Standardize = false) : FrontEndRecipe(Rate, Steps, Standardize)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "mel-db";

    /// <inheritdoc/>
    public override string? Problem()
    {
        int hop = Samples(Hop, Rate);
        if (!int.IsPow2(Fft))
            return FrameProblem.NoPower(Fft);
        if (hop < 1 || hop >= Fft / 2)
            return string.Create(CultureInfo.InvariantCulture, $"'hop' is {hop} samples and must be from 1 to {Fft / 2 - 1}, below half of 'fft'");
        return High <= Low ? FrameProblem.NoBand(Low, High) : null;
    }
}

/// <summary>The energies of mel bands drive one LIF cell each, whose spikes are the input: v ← decay · v + c, a spike where v ≥ threshold, which is then
/// subtracted; c = 1 + dB / range, kept in 0 … 1, with dB below the reference level.</summary>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
/// <param name="Window">Length of a frame, seconds (periodic Hann window).</param>
/// <param name="Hop">From frame to frame, seconds: the time step.</param>
/// <param name="Fft">Points of the transform, a power of two at least as long as a frame.</param>
/// <param name="Channels">Mel bands.</param>
/// <param name="Low">Where the lowest band begins, Hz.</param>
/// <param name="High">Where the highest band ends, Hz; null for half the rate.</param>
/// <param name="Reference">The level of full current, dB of the energy in a band; null for the largest of the recording, which is known only at its end.</param>
/// <param name="Range">How far below the reference level a current begins, dB.</param>
/// <param name="Decay">What is left of v after a step.</param>
/// <param name="Threshold">Where a cell fires.</param>
public sealed record MelSpikesRecipe(
    int Rate = 8000,
    int? Steps = null,
    [Limits(0.001, 1)] double Window = 0.025,
    [Limits(0.0005, 1)] double Hop = 0.010,
    [Limits(8, 65_536)] int Fft = 1024,
    [Limits(1, 4096)] int Channels = 140,
    [Limits(0, 200_000)] double Low = 100,
    [Limits(0, 200_000, AboveMin = true)] double? High = null,
    [Limits(-200, 200)] double? Reference = null,
    [Limits(1, 200)] double Range = 40,
    [Limits(0, 1, BelowMax = true)] double Decay = 0.8,
    [Limits(0.001, 1000)] double Threshold = 1.25) : FrontEndRecipe(Rate, Steps, Standardize: false)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "mel-spikes";

    /// <inheritdoc/>
    public override string? Problem() => FrameProblem.Of(Rate, Window, Hop, Fft) ?? FrameProblem.OfBands(Rate, Low, High);
}

/// <summary>What is subtracted from logarithms of energies, so that loud and quiet, near and far recordings look alike.</summary>
[JsonConverter(typeof(KebabEnumConverter<LevelNormalization>))]
public enum LevelNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One number: the mean over the recording's own frames and all channels. Known only at its end.</summary>
    Recording,

    /// <summary>Each channel's mean over the recording's own frames, which removes what a microphone or a voice adds. Known only at its end.</summary>
    RecordingChannels,

    /// <summary>All that lies more than a range of dB below the recording's largest value counts as that floor, which is 0: neither loudness nor the
    /// noise between words is left. Known only at its end.</summary>
    RecordingPeak,

    /// <summary>The recording's background, the tenth part from below of its values, becomes 0, and its largest value 1: how far the voice stands out of
    /// the noise goes too. Known only at its end.</summary>
    RecordingRange,

    /// <summary>Each channel's running mean, exponentially weighted and started at the first frame: causal.</summary>
    RunningChannels,
}

/// <summary>How frames fit the rate and each other.</summary>
internal static class FrameProblem
{
    public static string? Of(int rate, double window, double hop, int? fft)
    {
        int windowSamples = FrontEndRecipe.Samples(window, rate), hopSamples = FrontEndRecipe.Samples(hop, rate);
        if (windowSamples < 2)
            return string.Create(CultureInfo.InvariantCulture, $"'window' is {windowSamples} samples and must be at least 2");
        if (hopSamples < 1 || hopSamples > windowSamples)
            return string.Create(CultureInfo.InvariantCulture, $"'hop' is {hopSamples} samples and must be from 1 to {windowSamples}, the length of 'window'");
        if (fft is not { } points)
            return null;
        if (!int.IsPow2(points))
            return NoPower(points);
        return points < windowSamples ? string.Create(CultureInfo.InvariantCulture, $"'fft' is {points}, shorter than 'window', which is {windowSamples} samples") : null;
    }

    public static string? OfBands(int rate, double low, double? high)
    {
        double top = high ?? rate / 2.0;
        if (top > rate / 2.0)
            return string.Create(CultureInfo.InvariantCulture, $"'high' is {top} Hz, above half of 'rate', which is {rate / 2.0} Hz");
        return top <= low ? NoBand(low, top) : null;
    }

    public static string NoPower(int fft) => string.Create(CultureInfo.InvariantCulture, $"'fft' is {fft}, which is no power of two");

    public static string NoBand(double low, double high) =>
        string.Create(CultureInfo.InvariantCulture, $"'high' is {high} Hz and must be above 'low', which is {low} Hz");
}
