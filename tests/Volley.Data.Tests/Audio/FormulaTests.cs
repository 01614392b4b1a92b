using Volley.Recipes;

namespace Volley.Data.Tests.Audio;

/// <summary>Each kind against its formula, written a second time.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData(16_000, 1000)]
    [InlineData(8000, 679)]
    [InlineData(11_025, 275)]
    public void Kaldi_fbank(int rate, int samples)
    {
        float[] wave = Waves.Chirp(samples);
        Same(NaiveFrontEnds.KaldiFbank(wave, rate, 40, 20, rate / 2.0, 0.97), FrontEndRun.Values(new KaldiFbankRecipe(Rate: rate), wave));
    }

    [Fact]
    public void Kaldi_fbank_with_other_options()
    {
        float[] wave = Waves.Chirp(900);
        Same(NaiveFrontEnds.KaldiFbank(wave, 16_000, 23, 100, 7000, 0), FrontEndRun.Values(new KaldiFbankRecipe(Channels: 23, Low: 100, High: 7000, PreEmphasis: 0), wave));
    }

    /// <summary>Frames beyond the ends are mirrored, again and again where the recording is short.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(960)]
    [InlineData(959)]
    [InlineData(257)]
    [InlineData(200)]
    [InlineData(129)]
    [InlineData(128)]
    [InlineData(60)]
    [InlineData(2)]
    public void Mel_db(int samples)
    {
        float[] wave = Waves.Chirp(samples);
        List<float[]> found = FrontEndRun.Values(new MelDbRecipe(), wave);
        Same(NaiveFrontEnds.MelDb(wave, 8000, 256, 80, 140, 50, 14_000), found);
        if (samples > 2)     // two mirrored samples are one tone: the other bands are silent too
            Assert.Equal(53, Enumerable.Range(0, 140).Count(c => found.All(step => step[c] == -100)));
    }

    /// <summary>A fixed number of steps is that of a recording with silence behind it, or cut.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(800)]
    [InlineData(1000)]
    public void Mel_db_of_a_fixed_length(int samples)
    {
        float[] wave = Waves.Chirp(samples), fitted = [.. wave.Concat(new float[800]).Take(800)];
        Same(NaiveFrontEnds.MelDb(fitted, 8000, 256, 80, 140, 50, 14_000), FrontEndRun.Values(new MelDbRecipe(Steps: 11), wave));
    }

    [Fact]
    public void Levels_are_means_over_the_recordings_own_frames()
    {
        float[] wave = Waves.Chirp(1000);
        var plain = new LogMelRecipe(Steps: 20);
        List<float[]> x = FrontEndRun.Values(plain, wave);
        const int own = 13;                              // 80 · 12 < 1000 ≤ 80 · 13
        double all = x.Take(own).Average(step => step.Average(v => (double)v));
        double[] each = [.. Enumerable.Range(0, 40).Select(c => x.Take(own).Average(step => (double)step[c]))];
        List<float[]> together = FrontEndRun.Values(plain with { Level = LevelNormalization.Recording }, wave);
        List<float[]> channels = FrontEndRun.Values(plain with { Level = LevelNormalization.RecordingChannels }, wave);
        List<float[]> running = FrontEndRun.Values(plain with { Level = LevelNormalization.RunningChannels, LevelTau = 0.05 }, wave);
        List<float[]> peak = FrontEndRun.Values(plain with { Level = LevelNormalization.RecordingPeak, LevelRange = 30 }, wave);
        double floor = x.Take(own).Max(step => step.Max()) - 3 * Math.Log(10);
        List<float[]> range = FrontEndRun.Values(plain with { Level = LevelNormalization.RecordingRange }, wave);
        double[] sorted = [.. x.Take(own).SelectMany(step => step).Select(v => (double)v).Order()];
        double background = sorted[own * 40 / 10], top = sorted[^1];
        Assert.Equal((20, 20, 20, 20), (together.Count, channels.Count, running.Count, peak.Count));
        double[] mean = [.. x[0].Select(v => (double)v)];
        for (int t = 0; t < 20; t++)
        {
            for (int c = 0; c < 40; c++)
            {
                mean[c] += (1 - Math.Exp(-0.01 / 0.05)) * (x[t][c] - mean[c]);
                Assert.Equal(t < own ? x[t][c] - all : 0, together[t][c], 1e-5);
                Assert.Equal(t < own ? x[t][c] - each[c] : 0, channels[t][c], 1e-5);
                Assert.Equal(t < own ? x[t][c] - mean[c] : 0, running[t][c], 1e-5);
                Assert.Equal(t < own ? Math.Max(0, x[t][c] - floor) : 0, peak[t][c], 1e-5);
                Assert.Equal(t < own ? Math.Max(0, x[t][c] - background) / (top - background) : 0, range[t][c], 1e-5);
            }
        }
    }

    /// <summary>What levels are for: a recording ten times as loud gives the same steps, but for the floor of the logarithm.</summary>
    [Theory]
    [InlineData(LevelNormalization.Recording)]
    [InlineData(LevelNormalization.RecordingChannels)]
    [InlineData(LevelNormalization.RecordingPeak)]
    [InlineData(LevelNormalization.RecordingRange)]
    [InlineData(LevelNormalization.RunningChannels)]
    public void A_louder_recording_gives_the_same_steps(LevelNormalization level)
    {
        float[] wave = Waves.Chirp(1500), loud = [.. wave.Select(x => 10 * x)];
        var recipe = new LogMelRecipe(Steps: 30, Level: level, Floor: 1e-12);
        List<float[]> quiet = FrontEndRun.Values(recipe, wave), found = FrontEndRun.Values(recipe, loud);
        for (int t = 0; t < quiet.Count; t++)
        {
            for (int c = 0; c < 40; c++)
                Assert.Equal(quiet[t][c], found[t][c], 1e-4);
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(280, null)]
    [InlineData(360, null)]
    [InlineData(1000, null)]
    [InlineData(600, 20)]
    public void Deltas_are_slopes_over_five_steps(int samples, int? steps)
    {
        float[] wave = Waves.Chirp(samples);
        var recipe = new KaldiFbankRecipe(Rate: 8000, Steps: steps);
        List<float[]> x = FrontEndRun.Values(recipe, wave), found = FrontEndRun.Values(recipe with { Deltas = true }, wave);
        Assert.Equal(x.Count, found.Count);
        float At(int t, int c) => x[Math.Clamp(t, 0, x.Count - 1)][c];
        for (int t = 0; t < x.Count; t++)
        {
            Assert.Equal(x[t], found[t][..40]);
            for (int c = 0; c < 40; c++)
                Assert.Equal((2.0 * (At(t + 2, c) - At(t - 2, c)) + At(t + 1, c) - At(t - 1, c)) / 10, found[t][40 + c], 1e-5);
        }
    }

    /// <summary>With the maximum of the recording as a fixed reference the spikes are those of the recording's own; a louder one only saturates.</summary>
    [Fact]
    public void A_fixed_reference_does_what_the_recordings_own_does()
    {
        float[] wave = Waves.Chirp(3000), loud = [.. wave.Select(x => 20 * x)];
        List<float[]> energies = FrontEndRun.Values(new LogMelRecipe(Fft: 1024, Channels: 140, Low: 100, Floor: 1e-30), wave);
        double decibels = 10 * energies.Max(step => step.Max()) / Math.Log(10);
        List<ulong[]> own = FrontEndRun.Spikes(new MelSpikesRecipe(), wave), fixedReference = FrontEndRun.Spikes(new MelSpikesRecipe(Reference: decibels), wave);
        Assert.Equal(own, fixedReference);
        Assert.Equal(own, FrontEndRun.Spikes(new MelSpikesRecipe(), loud));
        long Count(List<ulong[]> steps) => steps.Sum(step => step.Sum(word => (long)System.Numerics.BitOperations.PopCount(word)));
        long saturated = Count(FrontEndRun.Spikes(new MelSpikesRecipe(Reference: decibels), loud));
        Assert.InRange(saturated, Count(own) + 1, (long)(own.Count * 140 * 0.8));
    }

    [Fact]
    public void Silence_gives_no_spikes_and_the_floor()
    {
        Assert.All(FrontEndRun.Spikes(new MelSpikesRecipe(), new float[2000]), step => Assert.All(step, word => Assert.Equal(0ul, word)));
        Assert.All(FrontEndRun.Values(new LogMelRecipe(), new float[2000]), step => Assert.All(step, v => Assert.Equal((float)Math.Log(1e-6), v)));
        Assert.All(FrontEndRun.Values(new KaldiFbankRecipe(), new float[2000]), step => Assert.All(step, v => Assert.Equal((float)Math.Log(1.1920929e-7), v)));
        Assert.All(FrontEndRun.Values(new MelDbRecipe(), new float[2000]), step => Assert.All(step, v => Assert.Equal(-100, v)));
        Assert.All(FrontEndRun.Values(new LogMelRecipe(Level: LevelNormalization.RecordingChannels), new float[2000]), step => Assert.All(step, v => Assert.Equal(0, v)));
    }

    private static void Same(double[][] expected, List<float[]> found)
    {
        Assert.Equal(expected.Length, found.Count);
        for (int t = 0; t < expected.Length; t++)
        {
            Assert.Equal(expected[t].Length, found[t].Length);
            for (int c = 0; c < expected[t].Length; c++)
                Assert.Equal(expected[t][c], found[t][c], 1e-5 * Math.Max(1, Math.Abs(expected[t][c])));
        }
    }
}
