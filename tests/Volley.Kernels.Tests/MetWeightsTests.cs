namespace Volley.Kernels.Tests;

public class MetWeightsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(16, 1)]
    [InlineData(65, 2)]
    [InlineData(130, 1)]
    public void CountsAreThoseOfPlainLoops(int columns, int rows)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            bool whole = seed % 2 == 0;
            int[] met = [.. Enumerable.Range(0, whole ? rows * columns : columns).Select(_ => random.Next(5))];
            float[] sizes = seed % 4 < 2 ? [1, -1] : [1, -1, 2, 0.5f];
            float[] x = [.. Enumerable.Range(0, rows * columns).Select(_ => random.Next(3) == 0 ? sizes[random.Next(sizes.Length)] : 0)];
            long expected = 0;
            bool expectedUnits = true;
            for (int i = 0; i < x.Length; i++)
            {
                expected += x[i] != 0 ? met[i % met.Length] : 0;
                expectedUnits &= x[i] is 0 or 1 or -1;
            }

            bool units = true;
            Assert.Equal(expected, MetWeights.Count(x, met, ref units));
            Assert.Equal(expectedUnits, units);

            var bits = new ulong[rows * SpikeBits.WordsPerRow(columns)];
            SpikeBits.FromFloats(x, bits, rows, columns, out _);
            units = true;
            Assert.Equal(expected, MetWeights.Count(new SpikeMatrix(bits, rows, columns, 0.5f, [.. x.Select(v => 2 * v)]), met, -1, ref units));
            Assert.Equal(expectedUnits, units);

            units = true;
            Assert.Equal(expected, MetWeights.Count(new SpikeMatrix(bits, rows, columns), met, -1, ref units));
            Assert.True(units);
            Assert.Equal(3L * x.Count(v => v != 0), MetWeights.Count(new SpikeMatrix(bits, rows, columns, 1.25f), met, 3, ref units));
            Assert.Equal(x.All(v => v == 0), units);
        }
    }

    [Fact]
    public void WhatIsFalseStaysFalse()
    {
        bool units = false;
        MetWeights.Count([1f, 0], [1, 1], ref units);
        Assert.False(units);
        Assert.Throws<ArgumentException>(() =>
        {
            bool any = true;
            return MetWeights.Count([1f, 0, 1], [1, 1], ref any);
        });
    }
}
