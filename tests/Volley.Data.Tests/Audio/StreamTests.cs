using Volley.Data.Audio;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Data.Tests.Audio;

/// <summary>What every front end's stream must do.</summary>
public sealed class StreamTests
{
    private static readonly FrontEndRecipe[] Recipes =
    [
        new LogMelRecipe(),
        new LogMelRecipe(Steps: 12),
        new LogMelRecipe(Window: 0.01, Hop: 0.01, Channels: 7, Deltas: true),
        new LogMelRecipe(Level: LevelNormalization.Recording, Deltas: true),
        new LogMelRecipe(Steps: 15, Level: LevelNormalization.RecordingChannels),
        new LogMelRecipe(Steps: 15, Level: LevelNormalization.RecordingPeak),
        new LogMelRecipe(Steps: 15, Level: LevelNormalization.RecordingRange),
        new LogMelRecipe(Steps: 15, Level: LevelNormalization.RunningChannels, Deltas: true),
        new KaldiFbankRecipe(Rate: 8000),
        new KaldiFbankRecipe(Rate: 11_025, Steps: 9, Level: LevelNormalization.RunningChannels),
        new MelDbRecipe(),
        new MelDbRecipe(Steps: 8),
        new MelDbRecipe(Rate: 16_000, Fft: 512, Channels: 64, Low: 0, High: 8000),
        new MelSpikesRecipe(Channels: 70),
        new MelSpikesRecipe(Steps: 14),
        new MelSpikesRecipe(Steps: 14, Reference: 20),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Recipes.Length)];

    private static List<uint[]> Bits(FrontEndStream stream, FrontEnd front, float[] wave, int block) =>
        FrontEndRun.Run(stream, FrontEndRun.Step(front), wave, block, step => step.IsSpikes
            ? step.Bits.SelectMany(word => new[] { (uint)word, (uint)(word >> 32) }).ToArray()
            : [.. step.Values.Select(BitConverter.SingleToUInt32Bits)]);

    [Theory]
    [MemberData(nameof(All))]
    public void Blocks_of_any_size_give_the_same_bits(int index)
    {
        FrontEnd front = FrontEnds.Create(Recipes[index]);
        foreach (int samples in (int[])[0, 1, 2, 79, 80, 81, 129, 199, 200, 201, 280, 555, 1234, 2000])
        {
            float[] wave = Waves.Chirp(samples);
            List<uint[]> whole = Bits(front.Open(samples), front, wave, int.MaxValue);
            Assert.Equal(front.Steps(samples), whole.Count);
            FrontEndStream again = front.Open(5000);
            foreach (int block in (int[])[1, 7, 80, 160, 333])
            {
                Assert.Equal(whole, Bits(again, front, wave, block));
                again.Clear();
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_left_of_a_recording_that_was_broken_off(int index)
    {
        FrontEnd front = FrontEnds.Create(Recipes[index]);
        StepSignal step = FrontEndRun.Step(front);
        FrontEndStream stream = front.Open(5000);
        float[] wave = Waves.Chirp(900);
        List<uint[]> expected = Bits(front.Open(900), front, wave, 100);
        for (int broken = 0; broken < 700; broken += 99)
        {
            ReadOnlySpan<float> other = Waves.Chirp(broken, seed: 5);
            while (other.Length > 0)
            {
                other = other[stream.Accept(other)..];
                stream.TryRead(step);
            }
            if (broken % 2 == 0)
                stream.Finish();
            stream.TryRead(step);
            stream.Clear();
            Assert.Equal(expected, Bits(stream, front, wave, 100));
            stream.Clear();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_allocated_after_the_stream_is_open(int index)
    {
        FrontEnd front = FrontEnds.Create(Recipes[index]);
        StepSignal step = FrontEndRun.Step(front);
        FrontEndStream stream = front.Open(3000);
        float[] wave = Waves.Chirp(3000);
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOnlySpan<float> rest = wave;
            while (rest.Length > 0)
            {
                rest = rest[stream.Accept(rest[..Math.Min(rest.Length, 100)])..];
                while (stream.TryRead(step))
                    ;
            }
            stream.Finish();
            while (stream.TryRead(step))
                ;
            stream.Clear();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    /// <summary>A causal front end gives a step before the recording ends, and what follows does not change it; another gives none.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Causal_means_that_the_future_changes_nothing(int index)
    {
        FrontEnd front = FrontEnds.Create(Recipes[index]);
        float[] wave = Waves.Chirp(2000), other = [.. wave.Take(1000), .. Waves.Chirp(1000, seed: 9)];
        List<uint[]> Early(float[] samples)
        {
            FrontEndStream stream = front.Open(2000);
            StepSignal step = FrontEndRun.Step(front);
            var steps = new List<uint[]>();
            for (ReadOnlySpan<float> rest = samples.AsSpan(0, 1000); rest.Length > 0;)
            {
                rest = rest[stream.Accept(rest)..];
                while (stream.TryRead(step))
                    steps.Add(step.IsSpikes ? [.. step.Bits.Select(word => (uint)word)] : [.. step.Values.Select(BitConverter.SingleToUInt32Bits)]);
            }
            return steps;
        }

        List<uint[]> early = Early(wave);
        Assert.Equal(early, Early(other));
        Assert.Equal(front.Causal, early.Count > 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_recording_that_is_too_long_or_has_ended_is_refused(int index)
    {
        FrontEnd front = FrontEnds.Create(Recipes[index]);
        FrontEndStream stream = front.Open(100);
        Assert.Equal("The recording is longer than the 100 samples that the stream was opened for. (Parameter 'samples')",
            Assert.Throws<ArgumentException>(() => stream.Accept(new float[101])).Message);
        Assert.Equal(100, stream.Accept(new float[100]));
        stream.Finish();
        stream.Finish();
        Assert.Throws<InvalidOperationException>(() => stream.Accept(new float[1]));
        stream.Clear();
        Assert.Equal(60, stream.Accept(new float[60]));
        Assert.Throws<ArgumentException>(() => stream.Accept(new float[41]));
        StepSignal wrong = front.Kind == SampleKind.Spikes ? StepSignal.OfValues(front.Units) : StepSignal.OfValues(front.Units + 1);
        stream.Finish();
        Assert.Contains("this stream writes", Assert.Throws<ArgumentException>(() => stream.TryRead(wrong)).Message, StringComparison.Ordinal);
    }

    /// <summary>A device that never ends; only what must keep the whole recording cannot.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_stream_may_be_endless_where_it_keeps_nothing(int index)
    {
        FrontEnd front = FrontEnds.Create(Recipes[index]);
        if (!front.Causal && Recipes[index].Steps is null)
        {
            Assert.Throws<ArgumentException>(() => front.Open(long.MaxValue));
            return;
        }
        FrontEndStream stream = front.Open(long.MaxValue);
        Assert.Equal(10, stream.Accept(new float[10]));
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        foreach (FrontEndRecipe recipe in (FrontEndRecipe[])[
            new LogMelRecipe(Window: 0.005), new LogMelRecipe(Fft: 128), new LogMelRecipe(Fft: 300), new LogMelRecipe(High: 4001), new LogMelRecipe(Low: 4000),
            new KaldiFbankRecipe(Hop: 0.03), new MelDbRecipe(Hop: 0.016), new MelDbRecipe(High: 10), new MelDbRecipe(Fft: 100), new MelSpikesRecipe(Rate: 48_000)])
        {
            string message = Assert.Throws<ArgumentException>(() => FrontEnds.Create(recipe)).Message;
            Assert.StartsWith("The front end does not fit together: '", message, StringComparison.Ordinal);
        }
    }
}
