using System.Numerics;
using System.Security.Cryptography;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests.Audio;

/// <summary>Inputs A and B against the values that plain numpy gave (shared/reference/fsdd.md, section 3).</summary>
public sealed class FsddInputTests
{
    private static readonly LogMelRecipe InputA = new(Steps: 100);
    private static readonly MelSpikesRecipe InputB = new(Steps: 100);

    [RealDataFact("fsdd")]
    public void Log_mel_gives_the_check_values()
    {
        List<float[]> steps = FrontEndRun.Values(InputA, FsddFiles.Read(0, 0, 0));
        Assert.Equal(100, steps.Count);
        Close([-8.807625, -3.993863, 0.534396, 2.010131], steps[0]);
        Close([-7.413039, -4.073475, -0.929259, -0.512308], steps[10]);
        Assert.All(steps[99], value => Assert.Equal((float)Math.Log(1e-6), value));

        static void Close(double[] expected, float[] found)
        {
            for (int c = 0; c < expected.Length; c++)
                Assert.Equal(expected[c], found[c], 1e-6);
        }
    }

    [RealDataFact("fsdd")]
    public void Log_mel_has_the_mean_and_deviation_of_the_official_training_part()
    {
        var sum = new double[40];
        var squares = new double[40];
        long count = 0;
        foreach ((int speaker, int digit, int index) in FsddFiles.All())
        {
            bool valid = index % 10 == 9 && (index < 49 || (digit + speaker) % 2 == 0);
            if (index < 5 || valid)
                continue;
            foreach (float[] step in FrontEndRun.Values(InputA, FsddFiles.Read(speaker, digit, index)))
            {
                count++;
                for (int c = 0; c < step.Length; c++)
                {
                    sum[c] += step[c];
                    squares[c] += (double)step[c] * step[c];
                }
            }
        }
        Assert.Equal(2430 * 100, count);
        double Mean(int c) => sum[c] / count;
        double Sd(int c) => Math.Sqrt(squares[c] / count - Mean(c) * Mean(c));
        double[] means = [Mean(0), Mean(1), Mean(39)], deviations = [Sd(0), Sd(1), Sd(39)];
        double[] expectedMeans = [-10.54629, -9.72689, -11.03497], expectedDeviations = [4.50058, 5.25584, 3.79780];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expectedMeans[i], means[i], 1e-5);
            Assert.Equal(expectedDeviations[i], deviations[i], 1e-5);
        }
    }

    [RealDataFact("fsdd")]
    public void Mel_spikes_of_all_recordings_are_the_packed_array_bit_for_bit()
    {
        byte[] packed = File.ReadAllBytes(RealData.Of("fsdd/b_3000x100x140.bits"));
        Assert.Equal("67d631e9679d651ce012b617ed61641ea06b3b24d54a4b98ad18d3e9f30f002d", Convert.ToHexStringLower(SHA256.HashData(packed)));
        var found = new byte[3000 * 100 * 140];
        (int Speaker, int Digit, int Index)[] files = [.. FsddFiles.All()];
        Parallel.For(0, files.Length, i =>
        {
            (int speaker, int digit, int index) = files[i];
            List<ulong[]> steps = FrontEndRun.Spikes(InputB, FsddFiles.Read(speaker, digit, index));
            for (int t = 0; t < 100; t++)
            {
                for (int c = 0; c < 140; c++)
                    found[(i * 100 + t) * 140 + c] = (byte)(steps[t][c >> 6] >> c & 1);
            }
        });
        int wrong = 0;
        for (int i = 0; i < found.Length; i++)
            wrong += found[i] != (packed[i >> 3] >> (7 - (i & 7)) & 1) ? 1 : 0;
        Assert.Equal(0, wrong);
        Assert.Equal("b5eefeaec48c4f039aa96ba717d8d9d63e163f990c2d3807ef6ea8c3fee73fb5", Convert.ToHexStringLower(SHA256.HashData(found)));
        Assert.Equal(0.0362, found.Sum(spike => (long)spike) / (double)found.Length, 5e-5);
    }

    [RealDataFact("fsdd")]
    public void Mel_spikes_fire_where_the_reference_does()
    {
        List<ulong[]> steps = FrontEndRun.Spikes(InputB, FsddFiles.Read(0, 0, 0));
        int[] counts = [.. steps.Select(step => step.Sum(BitOperations.PopCount))];
        Assert.Equal(421, counts.Sum());
        Assert.Equal([0, 11, 25, 23, 28, 16, 25, 27, 17, 29], counts[..10]);
        Assert.Equal([5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23], Fired(steps[1]));
        Assert.Equal([2, 9, 16, 19, 20, 23, 100, 102, 117, 118, 121, 123, 125, 131, 134, 135], Fired(steps[5]));

        static IEnumerable<int> Fired(ulong[] step) => Enumerable.Range(0, 140).Where(c => (step[c >> 6] >> c & 1) != 0);
    }

    /// <summary>The energies behind the spikes, as a log-mel front end with the bank of input B and no floor to speak of shows them.</summary>
    [RealDataFact("fsdd")]
    public void The_energies_behind_the_spikes_are_those_of_the_reference()
    {
        var energies = new LogMelRecipe(Steps: 100, Fft: 1024, Channels: 140, Low: 100, Floor: 1e-30);
        List<float[]> steps = FrontEndRun.Values(energies, FsddFiles.Read(0, 0, 0));
        Assert.Equal(120.969563, Math.Exp(steps.Max(step => step.Max())), 1e-4);
        double[] expected = [0.207837, 0.518002, 1.107958];
        for (int c = 0; c < 3; c++)
            Assert.Equal(expected[c], Math.Exp(steps[5][c]), 1e-6);
    }
}
