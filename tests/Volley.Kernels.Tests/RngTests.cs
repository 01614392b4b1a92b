using Volley.Testing;

namespace Volley.Kernels.Tests;

public class RngTests
{
    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 255, 256, 257, 1000, 5000];

    private static readonly Rng Stream = new Rng(42).Fork("test");

    [Fact]
    public void FillsGiveTheElementsOfTheStream()
    {
        foreach (int size in Sizes)
        {
            TestCpus.ForEach(cpu =>
            {
                using var uniform = new GuardedBuffer<float>(size);
                using var normal = new GuardedBuffer<float>(size);
                Stream.FillUniform(cpu, uniform.Span, 0, 1);
                Stream.FillNormal(cpu, normal.Span, 0, 1);
                for (int i = 0; i < size; i++)
                {
                    Assert.Equal(Stream.Uniform(i), uniform.Span[i]);
                    Assert.Equal(Stream.Normal(i), normal.Span[i]);
                }
            });
        }
    }

    [Fact]
    public void BitsAreThePiecesOfTheirBlocks()
    {
        const double probability = 0.3;
        foreach (int size in (int[])[0, 1, 2, 3, 7, 300, 1025])
        {
            TestCpus.ForEach(cpu =>
            {
                using var words = new GuardedBuffer<ulong>(size);
                Stream.FillBits(cpu, words.Span, probability, firstWord: 5);
                for (int w = 0; w < size; w++)
                    Assert.Equal(Reference(w + 5, (int)Math.Round(probability * 65536)), words.Span[w]);
            });
        }
    }

    private static ulong Reference(long word, int limit)
    {
        ulong bits = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            var (x0, x1, x2, x3) = Philox.Block((uint)(8 * word + bit % 32 / 4), 0, 3, 0, Stream.Key, 7);
            uint x = (bit / 32 * 4 + bit % 4) switch { < 2 => x0, < 4 => x1, < 6 => x2, _ => x3 };
            uint piece = bit % 2 == 0 ? x & 0xFFFF : x >> 16;
            if (piece < limit)
                bits |= 1UL << bit;
        }
        return bits;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void BitsHaveTheirProbability(double probability)
    {
        using var cpu = new Cpu();
        var words = new ulong[20000];
        Stream.FillBits(cpu, words, probability);
        double count = words.Sum(w => (long)System.Numerics.BitOperations.PopCount(w)), n = 64.0 * words.Length;
        Assert.InRange(count / n - probability, -5 * Math.Sqrt(probability * (1 - probability) / n), 5 * Math.Sqrt(probability * (1 - probability) / n) + 1e-5);
        if (probability is > 0 and < 1)
        {
            // Every one of the 64 places, and neighbours together.
            for (int bit = 0; bit < 64; bit++)
                Assert.InRange(words.Average(w => (double)(w >> bit & 1)), probability - 0.02, probability + 0.02);
            Assert.InRange(words.Average(w => System.Numerics.BitOperations.PopCount(w & w >> 1 & ~(1UL << 63)) / 63.0), probability * probability - 0.01, probability * probability + 0.01);
        }
    }

    [Fact]
    public void MomentsAreThoseOfTheirDistributions()
    {
        using var cpu = new Cpu(2);
        const int n = 1_000_000;
        var x = new float[n];
        Stream.FillUniform(cpu, x, -2, 6);
        Assert.True(x.All(v => v is >= -2 and < 6));
        Assert.InRange(x.Average(v => (double)v), 2 - 0.012, 2 + 0.012);
        Assert.InRange(x.Average(v => (v - 2.0) * (v - 2.0)), 64 / 12.0 - 0.03, 64 / 12.0 + 0.03);
        Stream.FillNormal(cpu, x, 3, 2);
        Assert.InRange(x.Average(v => (double)v), 3 - 0.01, 3 + 0.01);
        Assert.InRange(x.Average(v => Math.Pow((v - 3.0) / 2, 2)), 1 - 0.008, 1 + 0.008);
        Assert.InRange(x.Average(v => Math.Pow((v - 3.0) / 2, 3)), -0.02, 0.02);
        Assert.InRange(x.Average(v => Math.Pow((v - 3.0) / 2, 4)), 3 - 0.06, 3 + 0.06);
        Assert.InRange(x.Count(v => Math.Abs(v - 3) > 4) / (double)n, 0.0455 - 0.001, 0.0455 + 0.001);
    }

    [Fact]
    public void BoxMullerInDouble()
    {
        for (long i = 0; i < 20000; i += 2)
        {
            double u = ((Stream.Bits32(i) >> 8) + 1) / 16777216.0, v = (Stream.Bits32(i + 1) >> 8) / 16777216.0;
            double radius = Math.Sqrt(-2 * Math.Log(u));
            Assert.Equal(radius * Math.Cos(2 * Math.PI * v), Stream.Normal(i), 2e-6);
            Assert.Equal(radius * Math.Sin(2 * Math.PI * v), Stream.Normal(i + 1), 2e-6);
        }
    }

    [Fact]
    public void PermutationsArePermutationsAndEquallyLikely()
    {
        foreach (int size in Sizes)
        {
            var items = new int[size];
            Stream.Fork(size).Permutation(items);
            Assert.Equal(Enumerable.Range(0, size), items.Order());
        }
        var seen = new Dictionary<string, int>();
        var four = new int[4];
        for (int i = 0; i < 24000; i++)
        {
            Stream.Fork(i).Permutation(four);
            string key = string.Join(' ', four);
            seen[key] = seen.GetValueOrDefault(key) + 1;
        }
        Assert.Equal(24, seen.Count);
        Assert.All(seen.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void ForksDifferAndStayTheSame()
    {
        var rng = new Rng(7);
        ulong[] keys = [rng.Key, rng.Fork("a").Key, rng.Fork("b").Key, rng.Fork("ab").Key, rng.Fork("ba").Key, rng.Fork("").Key, rng.Fork(0).Key, rng.Fork(1).Key, rng.Fork(0).Fork(0).Key, new Rng(8).Fork("a").Key];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        // Committed values: a checkpoint from another process or machine must find the same streams.
        Assert.Equal(0xB894B7F6428804DDUL, rng.Fork("dropout").Key);
        Assert.Equal(0x838FBA74C099EA42UL, rng.Fork(123456789012).Key);
        Assert.Equal(rng.Fork("a"), new Rng(7).Fork("a"));
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using var cpu = new Cpu();
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.FillBits(cpu, new ulong[1], 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.FillBits(cpu, new ulong[1], double.NaN));
        Assert.Throws<ArgumentException>(() => Stream.FillUniform(cpu, new float[1], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Stream.Below(0, 0));
    }
}
