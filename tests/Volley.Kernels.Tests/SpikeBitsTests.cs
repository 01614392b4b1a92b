using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class SpikeBitsTests
{
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
