using Volley.Tensors;

namespace Volley.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void AShapeKnowsItsAxes()
    {
        var shape = new Shape(2, 3, 4);
        Assert.Equal((3, 24, 4, 6), (shape.Rank, shape.Count, shape.Last, shape.Rows));
        Assert.Equal("[2, 3, 4]", shape.ToString());
        Assert.Equal(new Shape(2, 3, 9), shape.WithLast(9));
        Assert.NotEqual(new Shape(6, 4), shape);
        Assert.Contains("3 axes", Assert.Throws<ArgumentOutOfRangeException>(() => shape[3]).Message, StringComparison.Ordinal);
        for (int rank = 1; rank <= 5; rank++)
        {
            int[] sizes = [.. Enumerable.Range(2, rank)];
            Assert.Equal(sizes, Enumerable.Range(0, rank).Select(axis => new Shape(sizes)[axis]));
            Assert.Equal([.. sizes[..^1], 7], Enumerable.Range(0, rank).Select(axis => new Shape(sizes).WithLast(7)[axis]));
        }
    }

    [Fact]
    public void AShapeRefusesWhatCannotBe()
    {
        Assert.Throws<ArgumentException>(() => new Shape([]));
        Assert.Throws<ArgumentException>(() => new Shape(1, 1, 1, 1, 1, 1));
        Assert.Contains("-2", Assert.Throws<ArgumentException>(() => new Shape(3, -2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Shape(65536, 65536));
        Assert.Equal(0, new Shape(3, 0).Rows);
    }

    [Fact]
    public void ATensorOfValuesCopiesThemAndRefusesAnotherNumber()
    {
        float[] values = [1, 2, 3, 4];
        var tensor = Tensor.Of(new Shape(2, 2), values);
        values[0] = 9;
        Assert.Equal([1f, 2, 3, 4], tensor.Data.ToArray());
        Assert.Throws<ArgumentException>(() => Tensor.Of(new Shape(5), values));
        Assert.Throws<ArgumentException>(() => tensor.Reshaped(new Shape(5)));
    }

    // Kernels go through lengths with pointers.
    [Theory]
    [InlineData(new[] { 3 }, "1 lengths for the 2 samples")]
    [InlineData(new[] { 3, 6 }, "sample 1 is 6")]
    [InlineData(new[] { -1, 3 }, "sample 0 is -1")]
    public void LengthsThatDoNotFitAreRefusedBeforeAnyKernelSeesThem(int[] lengths, string message)
    {
        using var arena = new Arena();
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Tensor.In(arena, new Shape(2, 5, 3), lengths)).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Spikes.In(arena, new Shape(2, 5, 3), lengths)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tensor.In(arena, new Shape(2), [1, 1]));
    }

    [Fact]
    public void NoSpikesAreNone()
    {
        Spikes none = Spikes.None(new Shape(2, 3, 70));
        Assert.Equal(2, none.WordsPerRow);
        Assert.Equal(12, none.Bits.Length);
        Assert.Equal(0, none.Count());
        Assert.True(none.Negative.IsEmpty);
    }
}
