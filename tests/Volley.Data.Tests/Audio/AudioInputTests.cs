using Volley.Data.Audio;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Data.Tests.Audio;

public sealed class AudioInputTests
{
    private static readonly InputDescription Input = new(
        new LogMelRecipe(Channels: 3), [.. Enumerable.Range(0, 3).Select(c => c / 3.0)], [1, 0.7, 1 / 3.0]);

    [Fact]
    public void Steps_are_standardised_as_in_training()
    {
        float[] wave = Waves.Chirp(900);
        FrontEnd front = AudioInput.Of(Input);
        List<float[]> plain = FrontEndRun.Values(Input.FrontEnd!, wave), found = Values(front, wave);
        Assert.Equal(plain.Count, found.Count);
        for (int t = 0; t < plain.Count; t++)
        {
            for (int c = 0; c < 3; c++)
                Assert.Equal((float)((plain[t][c] - Input.Mean![c]) / Input.Sd![c]), found[t][c]);
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(11_025)]
    [InlineData(44_100)]
    [InlineData(4000)]
    public void Recordings_of_another_rate_pass_the_resampler_first(int rate)
    {
        float[] wave = Waves.Chirp(rate / 4);
        FrontEnd front = AudioInput.Of(Input, rate);
        Assert.Equal(rate, front.Rate);
        List<float[]> expected = Values(AudioInput.Of(Input), Resampled(wave, rate));
        Assert.Equal(expected.Count, front.Steps(wave.Length));
        FrontEndStream stream = front.Open(wave.Length);
        foreach (int block in (int[])[int.MaxValue, 1, 100, 1000])
        {
            Assert.Equal(expected, FrontEndRun.Run(stream, FrontEndRun.Step(front), wave, block, step => (float[])step.Values.Clone()));
            stream.Clear();
        }
        Assert.Throws<ArgumentException>(() => stream.Accept(new float[wave.Length + 1]));
        front.Open(long.MaxValue);
    }

    [Fact]
    public void A_resampled_stream_allocates_nothing()
    {
        FrontEnd front = AudioInput.Of(Input, 44_100);
        FrontEndStream stream = front.Open(long.MaxValue);
        StepSignal step = FrontEndRun.Step(front);
        float[] block = Waves.Chirp(882);
        long allocated = 0;
        for (int round = 0; round < 50; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (ReadOnlySpan<float> rest = block; rest.Length > 0;)
            {
                rest = rest[stream.Accept(rest)..];
                while (stream.TryRead(step))
                    ;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    /// <summary>What a network is trained and evaluated on is what a device gives it: a data set of WAV files against the stream.</summary>
    [Theory]
    [InlineData(8000, false)]
    [InlineData(11_025, false)]
    [InlineData(16_000, true)]
    public void A_data_set_has_the_bits_of_the_stream(int rate, bool spikes)
    {
        using var folder = new TempFolder();
        for (int i = 0; i < 12; i++)
        {
            Directory.CreateDirectory(folder[$"{i % 2}"]);
            folder.Write($"{i % 2}/{i:00}.wav", WavFiles.Pcm16([.. Waves.Chirp(rate / 4 + 100 * i, i).Select(x => (short)(20_000 * x))], rate));
        }
        FrontEndRecipe frontEnd = spikes ? new MelSpikesRecipe(Steps: 30) : new LogMelRecipe(Level: LevelNormalization.RecordingChannels, Deltas: true);
        DatasetSplits data = DataRecipes.Open(new WavRecipe(FrontEnd: frontEnd), folder.Root, null);
        FrontEnd front = AudioInput.Of(InputDescription.Parse(data.Input!.ToJson(), "the model's file"), rate);
        var found = new List<string>();
        foreach (IDataset part in (IDataset[])[data.Train, data.Valid, data.Test])
        {
            for (int i = 0; i < part.Count; i++)
            {
                var values = new float[spikes ? 0 : part.Length(i) * part.Info.Units];
                var bits = new ulong[spikes ? part.Length(i) * SpikeWords.Per(part.Info.Units) : 0];
                if (spikes)
                    part.ReadSpikes(i, bits);
                else
                    part.ReadValues(i, values);
                found.Add(Text(values, bits));
            }
        }
        var expected = new List<string>();
        foreach (string path in Directory.EnumerateFiles(folder.Root, "*.wav", SearchOption.AllDirectories))
        {
            using var wav = WavReader.Open(path);
            var wave = new float[wav.Frames!.Value];
            wav.Read(wave);
            var values = new List<float>();
            var bits = new List<ulong>();
            FrontEndRun.Run(front.Open(wave.Length), FrontEndRun.Step(front), wave, 160, step =>
            {
                values.AddRange(step.Values);
                bits.AddRange(step.Bits);
                return 0;
            });
            expected.Add(Text([.. values], [.. bits]));
        }
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        static string Text(float[] values, ulong[] bits) =>
            string.Join(' ', values.Select(BitConverter.SingleToUInt32Bits)) + string.Join(' ', bits);
    }

    [Fact]
    public void A_model_says_what_it_takes()
    {
        var model = new Model("m", new Dense(3, 2, new Rng(1)), 3, 2, ReadoutKind.Last);
        Assert.Contains("does not say how audio becomes its input", Assert.Throws<ArgumentException>(() => AudioInput.Of(model)).Message, StringComparison.Ordinal);
        model.Input = Input;
        Assert.Equal(3, AudioInput.Of(model).Units);
        model.Input = new InputDescription(new LogMelRecipe());
        Assert.Contains("gives 40 units, but the model m takes 3", Assert.Throws<ArgumentException>(() => AudioInput.Of(model)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Input = Input with { Mean = [1, 2] });
        Assert.Throws<ArgumentException>(() => model.Input = Input with { Mean = [1, 2], Sd = [1, 1] });
        Assert.Throws<ArgumentException>(() => AudioInput.Of(new InputDescription(new MelSpikesRecipe(Channels: 3), Input.Mean, Input.Sd)));
        Assert.Throws<ArgumentException>(() => AudioInput.Of(new InputDescription()));
        model.Input = null;
        Assert.Null(model.Input);
    }

    private static List<float[]> Values(FrontEnd front, float[] wave) =>
        FrontEndRun.Run(front.Open(wave.Length), FrontEndRun.Step(front), wave, int.MaxValue, step => (float[])step.Values.Clone());

    private static float[] Resampled(float[] wave, int rate)
    {
        var resampler = new Resampler(rate, 8000);
        var all = new List<float>();
        var block = new float[777];
        void Drain()
        {
            while (resampler.Read(block) is > 0 and int count)
                all.AddRange(block[..count]);
        }

        for (int start = 0; start < wave.Length; Drain())
            start += resampler.Accept(wave.AsSpan(start));
        resampler.Finish();
        Drain();
        return [.. all];
    }
}
