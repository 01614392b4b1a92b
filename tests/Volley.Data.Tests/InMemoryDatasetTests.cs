namespace Volley.Data.Tests;

public sealed class InMemoryDatasetTests
{
    [Fact]
    public void Values_of_different_lengths()
    {
        var data = InMemoryDataset.FromValues("mine", [[1, 2], [3, 4, 5, 6]], [1, 0], units: 2, classes: 2, ["no", "yes"]);
        Assert.Equal((2, 2, 2), (data.Count, data.Info.MaxSteps, data.Info.Units));
        Assert.Equal((1, 2), (data.Length(0), data.Length(1)));
        var values = new float[4];
        data.ReadValues(1, values);
        Assert.Equal([3, 4, 5, 6], values);
        Assert.Throws<InvalidOperationException>(() => data.ReadSpikes(0, new ulong[1]));
        Assert.Throws<ArgumentException>(() => data.ReadValues(0, values));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.ReadValues(2, values));
    }

    [Fact]
    public void Events_become_bits()
    {
        var data = InMemoryDataset.FromEvents("mine", [[new(1, 64), new(0, 0), new(1, 64)], []], [2, 3], [0, 1], units: 65, classes: 2);
        var bits = new ulong[] { 9, 9, 9, 9 };
        data.ReadSpikes(0, bits);
        Assert.Equal(new ulong[] { 1, 0, 0, 1 }, bits);
        bits = [9, 9, 9, 9, 9, 9];
        data.ReadSpikes(1, bits);
        Assert.All(bits, word => Assert.Equal(0UL, word));
        Assert.Equal(["0", "1"], data.Info.ClassNames);
    }

    [Fact]
    public void Tokens_become_one_bit_a_step()
    {
        var data = InMemoryDataset.FromTokens("mine", [[0, 64, 199], [3]], [1, 0], symbols: 200, classes: 2);
        Assert.Equal((SampleKind.Spikes, 200, 3), (data.Info.Kind, data.Info.Units, data.Info.MaxSteps));
        Assert.Equal([0, 64, 199], Tokens.Of(data, 0));
        Assert.Equal([3], Tokens.Of(data, 1));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Says("samples[1] has 3 values", () => InMemoryDataset.FromValues("x", [[1, 2], [1, 2, 3]], [0, 0], 2, 1));
        Says("samples[0] has 0 values", () => InMemoryDataset.FromValues("x", [[]], [0], 2, 1));
        Says("labels[1] is 3", () => InMemoryDataset.FromValues("x", [[1], [1]], [0, 3], 1, 3));
        Says("1 labels for 2 samples", () => InMemoryDataset.FromValues("x", [[1], [1]], [0], 1, 3));
        Says("2 class names for 3 classes", () => InMemoryDataset.FromValues("x", [[1]], [0], 1, 3, ["a", "b"]));
        Says("samples[0] is empty", () => InMemoryDataset.FromTokens("x", [[]], [0], 2, 1));
        Says("samples[1] has symbol 2 at step 1", () => InMemoryDataset.FromTokens("x", [[1], [1, 2]], [0, 0], 2, 1));
        Says("step 2, unit 0", () => InMemoryDataset.FromEvents("x", [[new(2, 0)]], [2], [0], 1, 1));
        Says("step 0, unit -1", () => InMemoryDataset.FromEvents("x", [[new(0, -1)]], [2], [0], 1, 1));
        Says("lengths[0] is 0", () => InMemoryDataset.FromEvents("x", [[]], [0], [0], 1, 1));
        static void Says(string what, Action action) => Assert.Contains(what, Assert.ThrowsAny<ArgumentException>(action).Message);
    }
}
