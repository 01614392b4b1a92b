using Volley.Kernels;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests;

/// <summary>Each augmentation beside the plainest form of its formula.</summary>
public sealed class AugmentationTests
{
    private const int Draws = 16;

    public static TheoryData<SampleKind, int, int> Both => SampleGrid.Sizes(SampleKind.Spikes, SampleKind.Values);

    public static TheoryData<SampleKind, int, int> Spikes => SampleGrid.Sizes(SampleKind.Spikes);

    public static TheoryData<SampleKind, int, int> Values => SampleGrid.Sizes(SampleKind.Values);

    [Theory]
    [MemberData(nameof(Both))]
    public void Channels_shift(SampleKind kind, int steps, int units)
    {
        if (units == 1)
            return;
        float[][] x = SampleGrid.Random(kind, steps, units);
        foreach (Fill fill in Fills(kind))
        {
            var shift = new ChannelShift(Math.Min(70, units - 1), fill);
            float? filled = Filled(fill, x);
            for (int i = 0; i < Draws; i++)
            {
                Rng random = new Rng(5).Fork(i);
                int d = random.Below(2 * shift.Most + 1, 0) - shift.Most;
                float[][] expected = SampleGrid.Zeros(steps, units);
                for (int t = 0; t < steps; t++)
                {
                    for (int c = 0; c < units; c++)
                        expected[t][c] = c - d >= 0 && c - d < units ? x[t][c - d] : filled ?? x[t][Math.Clamp(c - d, 0, units - 1)];
                }
                Equal(expected, SampleGrid.Apply(shift, kind, x, random));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Steps_shift(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units);
        foreach (Fill fill in Fills(kind))
        {
            var shift = new TimeShift(9, fill);
            float? filled = Filled(fill, x);
            for (int i = 0; i < Draws; i++)
            {
                Rng random = new Rng(6).Fork(i);
                int most = Math.Min(9, steps - 1), d = random.Below(2 * most + 1, 0) - most;
                float[][] expected = SampleGrid.Zeros(steps, units);
                for (int t = 0; t < steps; t++)
                {
                    for (int c = 0; c < units; c++)
                        expected[t][c] = t - d >= 0 && t - d < steps ? x[t - d][c] : filled ?? x[Math.Clamp(t - d, 0, steps - 1)][c];
                }
                Equal(expected, SampleGrid.Apply(shift, kind, x, random));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Time_stretches(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units, density: 0.1);
        var stretch = new TimeStretch(0.6);
        var lengths = new HashSet<int>();
        foreach (int maxSteps in new[] { steps, 2 * steps })
        {
            for (int i = 0; i < Draws; i++)
            {
                Rng random = new Rng(7).Fork(i);
                int all = Math.Max(1, (int)Math.Round(steps * (1 + 0.6 * (2.0 * random.Uniform(0) - 1)))), kept = Math.Min(all, maxSteps);
                float[][] actual = SampleGrid.Apply(stretch, kind, x, random, maxSteps), expected = SampleGrid.Zeros(kept, units);
                lengths.Add(all);
                Assert.Equal(kept, actual.Length);
                for (int c = 0; c < units; c++)
                {
                    if (kind == SampleKind.Spikes)
                    {
                        for (int t = 0; t < steps; t++)
                        {
                            int place = (int)Math.Floor((decimal)(2 * t + 1) * all / (2 * steps));
                            if (place < kept && x[t][c] == 1)
                                expected[place][c] = 1;
                        }
                        continue;
                    }
                    for (int s = 0; s < kept; s++)
                    {
                        double place = Math.Clamp((s + 0.5) * steps / all - 0.5, 0, steps - 1);
                        int left = (int)place;
                        expected[s][c] = (float)(x[left][c] + (place - left) * (x[Math.Min(left + 1, steps - 1)][c] - x[left][c]));
                    }
                }
                if (kind == SampleKind.Spikes)
                    Equal(expected, actual);
                else
                    Near(expected, actual, 2e-5);
            }
        }
        Assert.True(steps == 1 || lengths.Count > 1);
    }

    [Fact]
    public void A_whole_stretched_sample_loses_spikes_only_to_each_other()
    {
        // One spike a channel, so none can meet another: all of them are there, in their order.
        float[][] x = SampleGrid.Zeros(33, 33);
        for (int t = 0; t < 33; t++)
            x[t][t] = 1;
        for (int i = 0; i < 300; i++)
        {
            float[][] y = SampleGrid.Apply(new TimeStretch(0.9), SampleKind.Spikes, x, new Rng(1).Fork(i), maxSteps: 100);
            int[] places = [.. Enumerable.Range(0, 33).Select(c => Array.FindIndex(y, row => row[c] == 1))];
            Assert.Equal(33, y.Sum(row => row.Sum()));
            Assert.Equal(places.Order(), places);
            Assert.True(places[0] >= 0);
        }
    }

    [Theory]
    [MemberData(nameof(Spikes))]
    public void Events_drop_by_time_and_channels(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units);
        for (int i = 0; i < Draws; i++)
        {
            Rng random = new Rng(8).Fork(i);
            double rate = (i + 1.0) / Draws;
            int width = (int)Math.Round(rate * steps), start = random.Below(steps - width + 1, 2);
            Equal(Emptied(x, (t, c) => t >= start && t < start + width, 0), SampleGrid.Apply(new EventDrop(rate, DropBy.Time), kind, x, random));
            int wide = (int)Math.Round(rate * units), first = random.Below(units - wide + 1, 2);
            Equal(Emptied(x, (t, c) => c >= first && c < first + wide, 0), SampleGrid.Apply(new EventDrop(rate, DropBy.Channels), kind, x, random));
        }
    }

    [Theory]
    [MemberData(nameof(Spikes))]
    public void Events_drop_one_by_one_or_any_way(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units);
        using var cpu = new Cpu();
        int words = SpikeWords.Per(units);
        var mask = new ulong[steps * words];
        int untouched = 0;
        for (int i = 0; i < Draws; i++)
        {
            Rng random = new Rng(9).Fork(i);
            random.FillBits(cpu, mask, 0.3);
            Equal(Emptied(x, (t, c) => (mask[t * words + c / 64] >> c % 64 & 1) == 1, 0), SampleGrid.Apply(new EventDrop(0.3), kind, x, random));
            float[][] any = SampleGrid.Apply(new EventDrop(1, DropBy.Any), kind, x, random);
            Assert.DoesNotContain(true, any.SelectMany((row, t) => row.Select((v, c) => v > x[t][c])));
            if (any.SelectMany(row => row).SequenceEqual(x.SelectMany(row => row)))
                untouched++;
        }
        Assert.True(untouched > 0);
        if (steps >= 7 && units >= 63)
            Assert.True(untouched < Draws / 2);
        Equal(SampleGrid.Zeros(steps, units), SampleGrid.Apply(new EventDrop(1), kind, x, new Rng(1)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Masks_empty_windows(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units);
        foreach (Fill fill in Fills(kind).Where(fill => fill != Fill.Edge))
        {
            float filled = Filled(fill, x)!.Value;
            for (int i = 0; i < Draws; i++)
            {
                Rng random = new Rng(10).Fork(i);
                (float[][] byTime, float[][] byChannel) = (x, x);
                for (int k = 0; k < 3; k++)
                {
                    int width = random.Below(Math.Min(9, steps / 2) + 1, 2 * k), start = random.Below(steps - width + 1, 2 * k + 1);
                    byTime = Emptied(byTime, (t, c) => t >= start && t < start + width, filled);
                    int wide = random.Below(Math.Min(70, units) + 1, 2 * k), first = random.Below(units - wide + 1, 2 * k + 1);
                    byChannel = Emptied(byChannel, (t, c) => c >= first && c < first + wide, filled);
                }
                Equal(byTime, SampleGrid.Apply(new TimeMask(9, 3, 0.5, fill), kind, x, random));
                Equal(byChannel, SampleGrid.Apply(new ChannelMask(70, 3, fill), kind, x, random));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Noise_and_gain_add(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units);
        Rng random = new Rng(11).Fork(1);
        float offset = (float)(0.7 * (2.0 * random.Uniform(0) - 1));
        Equal([.. x.Select(row => row.Select(v => v + offset).ToArray())], SampleGrid.Apply(new Gain(0.7), kind, x, random));
        Equal([.. x.Select((row, t) => row.Select((v, c) => v + 0.3f * random.Normal(t * units + c)).ToArray())], SampleGrid.Apply(new Noise(0.3), kind, x, random));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Spectra_tilt_and_warp(SampleKind kind, int steps, int units)
    {
        float[][] x = SampleGrid.Random(kind, steps, units);
        for (int i = 0; i < Draws; i++)
        {
            Rng random = new Rng(12).Fork(i);
            double[] a = [.. Enumerable.Range(0, 3).Select(k => 0.5 * (2 * random.Uniform(k) - 1))];
            Near([.. x.Select(row => row.Select((v, c) => (float)(v + a.Select((size, k) => size * Math.Cos(Math.PI * (k + 1) * (c + 0.5) / units)).Sum())).ToArray())],
                SampleGrid.Apply(new SpectralTilt(0.5, 3), kind, x, random), 1e-6);

            double factor = 1 + 0.3 * (2 * random.Uniform(0) - 1), last = units - 1;
            foreach (double knee in new[] { 0.6, 1.0 })
            {
                double height = knee * last * Math.Min(factor, 1), bend = height / factor;
                float[][] expected = [.. x.Select(row => row.Select((_, c) =>
                {
                    double place = c <= bend ? factor * c : height + (c - bend) * (last - height) / (last - bend);
                    int left = Math.Clamp((int)place, 0, units - 1), right = Math.Min(left + 1, units - 1);
                    return (float)(row[left] + (place - left) * (row[right] - row[left]));
                }).ToArray())];
                Near(expected, SampleGrid.Apply(new SpectralWarp(0.3, knee), kind, x, random), 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(0.00002)]
    public void Spurious_and_lost_spikes_have_their_rate(double rate)
    {
        const int steps = 500, units = 65, samples = 100;
        float[][] silent = SampleGrid.Zeros(steps, units), loud = [.. silent.Select(row => row.Select(_ => 1f).ToArray())];
        double added = 0, lost = 0, cells = (double)steps * units * samples, bound = 5 * Math.Sqrt(cells * rate) + 1e-4 * cells * rate + cells * Math.Pow(2, -25);
        for (int i = 0; i < samples; i++)
        {
            added += SampleGrid.Apply(new SpikeNoise(rate), SampleKind.Spikes, silent, new Rng(13).Fork(i)).Sum(row => row.Sum());
            lost += steps * units - SampleGrid.Apply(new EventDrop(rate), SampleKind.Spikes, loud, new Rng(14).Fork(i)).Sum(row => row.Sum());
        }
        // Multiples of 2⁻¹⁶ above 2⁻⁸.
        if (rate > 1.0 / 256)
            bound += cells / 131072;
        Assert.InRange(added, cells * rate - bound, cells * rate + bound);
        Assert.InRange(lost, cells * rate - bound, cells * rate + bound);
    }

    [Fact]
    public void Spikes_stay_where_noise_is_added()
    {
        foreach (int units in SampleGrid.Units)
        {
            float[][] x = SampleGrid.Random(SampleKind.Spikes, 40, units), y = SampleGrid.Apply(new SpikeNoise(0.5), SampleKind.Spikes, x, new Rng(1));
            Assert.DoesNotContain(true, y.SelectMany((row, t) => row.Select((v, c) => v < x[t][c])));
        }
        Assert.Equal(40 * 65, SampleGrid.Apply(new SpikeNoise(1), SampleKind.Spikes, SampleGrid.Zeros(40, 65), new Rng(1)).Sum(row => row.Sum()));
    }

    [Fact]
    public void What_is_drawn_is_uniform_and_centred()
    {
        const int draws = 4000, most = 4;
        var shifts = new int[2 * most + 1];
        double gain = 0, gains = 0, stretch = 0, tilt = 0;
        float[][] line = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]], silent = SampleGrid.Zeros(1, 10), one = SampleGrid.Zeros(100, 1);
        for (int i = 0; i < draws; i++)
        {
            Rng random = new Rng(15).Fork(i);
            shifts[(int)(line[0][5] - SampleGrid.Apply(new ChannelShift(most), SampleKind.Values, line, random)[0][5]) + most]++;
            double g = SampleGrid.Apply(new Gain(2), SampleKind.Values, silent, random)[0][0];
            (gain, gains) = (gain + g, gains + g * g);
            stretch += SampleGrid.Apply(new TimeStretch(0.2), SampleKind.Values, one, random, 200).Length;
            tilt += SampleGrid.Apply(new SpectralTilt(1), SampleKind.Values, silent, random)[0][0];
        }
        // 99.99 % of χ² with 8 degrees of freedom lie below 31.8.
        Assert.InRange(shifts.Sum(n => Math.Pow(n - draws / 9.0, 2) / (draws / 9.0)), 0, 31.8);
        Assert.InRange(gain / draws, -0.1, 0.1);
        Assert.InRange(gains / draws, 1.2, 1.46);
        Assert.InRange(stretch / draws, 99, 101);
        Assert.InRange(tilt / draws, -0.05, 0.05);
    }

    [Fact]
    public void Chance_decides_whether_a_sample_is_changed()
    {
        using var cpu = new Cpu();
        SampleBuffer sample = SampleGrid.Load(SampleKind.Values, SampleGrid.Zeros(1, 1), 1, cpu);
        var gain = new Gain(1) { Probability = 0.3 };
        int changed = 0;
        for (int i = 0; i < 3000; i++)
        {
            sample.Values[0] = 0;
            gain.Run(sample, new Rng(16).Fork(i));
            changed += sample.Values[0] == 0 ? 0 : 1;
        }
        Assert.InRange(changed, 900 - 125, 900 + 125);
    }

    [Fact]
    public void The_width_of_vectors_changes_no_bit()
    {
        Augmentation[] values = [new ChannelShift(3, Fill.Mean), new TimeStretch(0.3), new Noise(0.1), new SpectralTilt(1, 4), new SpectralWarp(0.2), new TimeMask(5, Fill: Fill.Mean)];
        TestCpus.SameBits(cpu =>
        {
            SampleBuffer sample = SampleGrid.Load(SampleKind.Values, SampleGrid.Random(SampleKind.Values, 57, 43), 100, cpu);
            for (int i = 0; i < values.Length; i++)
                values[i].Apply(sample, new Rng(17).Fork(i));
            return sample.Values.ToArray();
        });
        Augmentation[] spikes = [new EventDrop(0.3), new SpikeNoise(0.01), new EventDrop(0.001)];
        TestCpus.SameBits(cpu =>
        {
            SampleBuffer sample = SampleGrid.Load(SampleKind.Spikes, SampleGrid.Random(SampleKind.Spikes, 57, 130), 100, cpu);
            for (int i = 0; i < spikes.Length; i++)
                spikes[i].Apply(sample, new Rng(18).Fork(i));
            return [.. SampleGrid.Read(sample).SelectMany(row => row)];
        });
    }

    private static Fill[] Fills(SampleKind kind) => kind == SampleKind.Spikes ? [Fill.Zero] : Enum.GetValues<Fill>();

    private static float? Filled(Fill fill, float[][] x) => fill switch
    {
        Fill.Mean => (float)SampleGrid.Mean(x),
        Fill.Least => SampleGrid.Least(x),
        Fill.Edge => null,
        _ => 0,
    };

    private static float[][] Emptied(float[][] x, Func<int, int, bool> where, float value) =>
        [.. x.Select((row, t) => row.Select((v, c) => where(t, c) ? value : v).ToArray())];

    // Means are sums of floats in the one and of doubles in the other.
    private static void Equal(float[][] expected, float[][] actual) => Near(expected, actual, 1e-6);

    private static void Near(float[][] expected, float[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int t = 0; t < expected.Length; t++)
        {
            for (int c = 0; c < expected[t].Length; c++)
            {
                if (!(Math.Abs(expected[t][c] - actual[t][c]) <= tolerance))
                    Assert.Fail($"step {t}, channel {c}: {actual[t][c]:R}, not {expected[t][c]:R}");
            }
        }
    }
}
