namespace Volley.Data.Tests;

public sealed class TokenBlockTests
{
    [Fact]
    public void Samples_of_two_texts_lie_side_by_side()
    {
        TokenBlock block = TokenBlock.Create([new byte[] { 1 }, new byte[] { 2, 3, 64 }, new byte[] { 5, 6 }, new byte[] { 7 }], [1, 0], 2, 128, 2, "x");
        TokenBlock? again = TokenBlock.Parse(block.Bytes.ToArray(), 2, 128, 2);
        Assert.NotNull(again);
        Assert.Equal([2, 3, 64], again.Text(0, 1).ToArray());
        var data = new TokenSequences("x", again, 128, 10, ["a", "b"]);
        Assert.Equal((2, 256, 3, 2), (data.Count, data.Info.Units, data.Length(0), data.Length(1)));
        Assert.Equal((1, 0), (data.Label(0), data.Label(1)));
        ulong[] bits = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9];
        data.ReadSpikes(0, bits);
        Assert.Equal(new ulong[] { 2, 0, 4, 0, 0, 0, 8, 0, 0, 0, 0, 1 }, bits);
        Assert.Throws<ArgumentException>(() => data.ReadSpikes(0, new ulong[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.ReadSpikes(2, bits));
        Assert.Throws<InvalidOperationException>(() => data.ReadValues(0, new float[3]));
    }

    [Fact]
    public void What_is_no_block_is_none()
    {
        byte[] good = TokenBlock.Create([new byte[] { 1 }, new byte[] { 2, 3 }], [1, 0], 1, 15, 2, "x").Bytes.ToArray();
        Assert.Null(TokenBlock.Parse(good, 2, 15, 2));
        Assert.Null(TokenBlock.Parse(good, 1, 17, 2));
        Assert.Null(TokenBlock.Parse(good, 1, 15, 3));
        Assert.Null(TokenBlock.Parse([], 1, 15, 2));
        var random = new Random(1);
        int parsed = 0;
        for (int i = 0; i < 5000; i++)
        {
            if (TokenBlock.Parse(Mutations.Of(good, random), 1, 15, 2) is not { } block)
                continue;
            parsed++;
            for (int s = 0; s < block.Count; s++)
            {
                Assert.InRange(block.Labels[s], 0, 1);
                Assert.True(block.Text(s).Length > 0 && block.Text(s).IndexOfAnyExceptInRange((byte)0, (byte)14) < 0);
            }
        }
        Assert.InRange(parsed, 10, 4000);
    }
}
