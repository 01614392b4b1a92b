using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class SpikeBitsTests
{
    [Theory]
    [InlineData(3, 60, 5, 60)]
    [InlineData(3, 60, 60, 4)]
    [InlineData(2, 130, 130, 65)]
    [InlineData(2, 195, 65, 13)]
    [InlineData(2, 256, 64, 128)]
    [InlineData(1, 256, 32, 256)]
    [InlineData(9, 768, 256, 96)]
    [InlineData(4, 7, 7, 7)]
    [InlineData(0, 6, 2, 3)]
    public void RegroupedBitsAreTheSameElementsInOtherRows(int groups, int elements, int columns, int newColumns)
    {
        SpikeReference.Spikes x = SpikeReference.Random(groups * elements / columns, columns, 0.4, "bits", 5);
        int rows = groups * elements / newColumns;
        float[] regrouped = TestCpus.SameBits(cpu =>
        {
            using var to = new GuardedBuffer<ulong>(rows * SpikeBits.WordsPerRow(newColumns));
            to.Span.Fill(ulong.MaxValue);
            SpikeBits.Regroup(cpu, x.Bits, to.Span, groups, elements, columns, newColumns);
            Assert.Equal(SpikeBits.CountSpikes(x.Bits), SpikeBits.CountSpikes(to.Span));
            return (x with { Bits = to.Span.ToArray(), Rows = rows, Columns = newColumns }).Expand();
        });
        Assert.Equal(x.Expand(), regrouped);
    }

    [Fact]
    public void RowsThatAreNotWholeAreRefused() =>
        Assert.Contains("rows of 4", Assert.Throws<ArgumentException>(() => SpikeBits.Regroup(new Cpu(1), new ulong[2], new ulong[2], 1, 6, 3, 4)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 63)]
    [InlineData(7, 64)]
    [InlineData(7, 65)]
    [InlineData(40, 140)]
    public void ExpandingAndCountingFollowTheLayout(int rows, int columns)
    {
        foreach (string kind in (string[])["bits", "values", "ternary"])
        {
            SpikeReference.Spikes x = SpikeReference.Random(rows, columns, 0.3, kind, 4);
            float[] expected = x.Expand();
            float[] dense = TestCpus.SameBits(cpu =>
            {
                using var to = new GuardedBuffer<float>(rows * columns);
                to.Span.Fill(float.NaN);
                SpikeBits.Expand(cpu, x.Matrix, to.Span);
                return to.Span.ToArray();
            });
            Assert.Equal(expected, dense);
            Assert.Equal(expected.Count(v => v != 0), SpikeBits.CountSpikes(x.Bits));
            var counts = new int[columns];
            SpikeBits.CountColumns(x.Bits, counts, rows, columns);
            for (int c = 0; c < columns; c++)
                Assert.Equal(Enumerable.Range(0, rows).Count(r => expected[r * columns + c] != 0), counts[c]);
        }
    }

    [Theory]
    [InlineData("bits", true)]
    [InlineData("values", false)]
    public void FloatsGiveTheBitsBack(string kind, bool same)
    {
        SpikeReference.Spikes x = SpikeReference.Random(9, 130, 0.3, kind, 5);
        float[] dense = x.Expand();
        var bits = new ulong[x.Bits.Length];
        Array.Fill(bits, ulong.MaxValue);
        Assert.Equal(same, SpikeBits.FromFloats(dense, bits, 9, 130, out float scale));
        Assert.Equal(x.Bits, bits);
        Assert.Equal(same ? x.Scale : 1, scale);
    }

    [Fact]
    public void SilenceIsAMaskWithoutSpikes()
    {
        var bits = new ulong[] { 5 };
        Assert.True(SpikeBits.FromFloats(new float[3], bits, 1, 3, out float scale));
        Assert.Equal(0ul, bits[0]);
        Assert.Equal(1, scale);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(21)]
    public void AndKeepsWhatBothHave(int words)
    {
        var random = new Random(1);
        ulong[] a = [.. Enumerable.Range(0, words).Select(_ => (ulong)random.NextInt64())], b = [.. Enumerable.Range(0, words).Select(_ => (ulong)random.NextInt64())];
        ulong[] expected = [.. a.Zip(b, (p, q) => p & q)];
        SpikeBits.And(a, b, a);
        Assert.Equal(expected, a);
    }
}
