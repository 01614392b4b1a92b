using Volley.Data.Audio;

namespace Volley.Data.Tests.Audio;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(16000, 8000)]
    [InlineData(8000, 16000)]
    [InlineData(44100, 16000)]
    [InlineData(48000, 44100)]
    [InlineData(22050, 8000)]
    [InlineData(44101, 15999)]
    [InlineData(767_999, 1000)]
    [InlineData(1, 7)]
    public void A_sine_in_the_pass_band_stays_what_it_is_and_where_it_is(int from, int to)
    {
        double lower = Math.Min(from, to);
        foreach (double frequency in new[] { 0, 0.11, 0.29, 0.4499 })
        {
            double hertz = frequency * lower;
            int count = (int)Math.Min(2_000_000, 600.0 * from / lower);
            float[] output = Resample(from, to, Sine(hertz, from, count));
            Assert.Equal((long)Math.Ceiling((decimal)count * to / from), output.Length);
            // Away from both ends, where the recording begins and ends suddenly.
            int edge = (int)(60 * to / lower) + 1;
            double worst = 0;
            for (int k = edge; k < output.Length - edge; k++)
                worst = Math.Max(worst, Math.Abs(output[k] - Math.Cos(Math.Tau * hertz * k / to + 0.3)));
            Assert.True(worst < 2e-4, $"{from} → {to} at {hertz} Hz: {worst}");
        }
    }

    [Theory]
    [InlineData(16000, 8000)]
    [InlineData(44100, 16000)]
    [InlineData(44101, 15999)]
    public void What_the_new_rate_cannot_hold_is_gone(int from, int to)
    {
        foreach (double hertz in new[] { 0.501 * to, 0.55 * to, 0.7 * to, 0.495 * from })
        {
            float[] output = Resample(from, to, Sine(hertz, from, from / 4));
            double worst = output.Skip(120).SkipLast(120).Max(Math.Abs);
            Assert.True(worst < 1.2e-4, $"{from} → {to} at {hertz} Hz: {20 * Math.Log10(worst)} dB");
        }
    }

    [Fact]
    public void Equal_rates_pass_bit_for_bit()
    {
        float[] input = Noise(10_000);
        Assert.Equal(input, Resample(8000, 8000, input, 333));
        Assert.Equal(0, new Resampler(8000, 8000).Latency);
    }

    [Theory]
    [InlineData(44100, 16000)]
    [InlineData(8000, 22050)]
    [InlineData(44101, 15999)]
    public void Blocks_of_any_size_give_the_same_bits(int from, int to)
    {
        float[] input = Noise(9000), whole = Resample(from, to, input, input.Length);
        foreach (int size in new[] { 1, 17, 4096, 4999 })
            Assert.Equal(whole, Resample(from, to, input, size));
    }

    [Fact]
    public void It_can_be_used_again()
    {
        var resampler = new Resampler(16000, 11025);
        float[] first = Run(resampler, Noise(5000), 500);
        resampler.Clear();
        Assert.Equal(first, Run(resampler, Noise(5000), 77));
    }

    /// <summary>Every output is the sum that the summary gives, computed without any of the machinery.</summary>
    [Fact]
    public void The_sum_of_the_formula()
    {
        float[] input = Noise(400), output = Resample(3, 2, input);
        const double cutoff = 0.95 * 2 / 3, half = 78;
        for (int k = 0; k < output.Length; k++)
        {
            double sum = 0, weights = 0;
            for (int n = (int)(k * 1.5 - half) - 1; n <= k * 1.5 + half + 1; n++)
            {
                double u = k * 1.5 - n, edge = u / half;
                if (Math.Abs(edge) >= 1)
                    continue;
                double weight = (u == 0 ? 1 : Math.Sin(Math.PI * cutoff * u) / (Math.PI * cutoff * u)) * I0(7.857 * Math.Sqrt(1 - edge * edge));
                weights += weight;
                sum += n >= 0 && n < input.Length ? weight * input[n] : 0;
            }
            Assert.Equal(sum / weights, output[k], 1e-6);
        }

        static double I0(double x) => Enumerable.Range(0, 2000).Average(i => Math.Exp(x * Math.Cos(Math.PI * (i + 0.5) / 2000)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void A_recording_may_be_shorter_than_the_filter(int samples)
    {
        float[] ones = [.. Enumerable.Repeat(1f, samples)];
        Assert.Equal((samples + 1) / 2, Resample(16000, 8000, ones).Length);
        Assert.Equal(samples * 2, Resample(8000, 16000, ones).Length);
    }

    [Fact]
    public void Steps_allocate_nothing_and_tables_stay_small()
    {
        long start = GC.GetAllocatedBytesForCurrentThread();
        foreach ((int from, int to) in new[] { (767_999, 400_000), (767_999, 1000), (1, 768_000) })
            _ = new Resampler(from, to);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - start < 60_000_000);

        var resampler = new Resampler(44100, 16000);
        float[] block = new float[441], output = new float[200];
        resampler.Accept(block);
        resampler.Read(output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            for (int taken = 0; taken < block.Length; taken += resampler.Accept(block.AsSpan(taken)))
            {
                while (resampler.Read(output) > 0)
                { }
            }
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0, 8000)]
    [InlineData(8000, 768_001)]
    public void A_rate_out_of_range_is_refused(int from, int to) => Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(from, to));

    private static float[] Sine(double hertz, int rate, int count) => [.. Enumerable.Range(0, count).Select(n => (float)Math.Cos(Math.Tau * hertz * n / rate + 0.3))];

    private static float[] Noise(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }

    private static float[] Resample(int from, int to, float[] input, int block = 1000) => Run(new Resampler(from, to), input, block);

    private static float[] Run(Resampler resampler, float[] input, int size)
    {
        var all = new List<float>();
        var output = new float[211];
        for (int start = 0; start < input.Length; start += size)
        {
            Span<float> block = input.AsSpan(start, Math.Min(size, input.Length - start));
            while (block.Length > 0)
            {
                block = block[resampler.Accept(block)..];
                Drain();
            }
        }
        resampler.Finish();
        Drain();
        return [.. all];

        void Drain()
        {
            while (resampler.Read(output) is > 0 and int count)
                all.AddRange(output.AsSpan(0, count));
        }
    }
}
