namespace Volley.Data.Tests;

public sealed class SplitsTests
{
    private static readonly InMemoryDataset Data = Make([.. Enumerable.Range(0, 1000).Select(i => i % 7 == 0 ? 0 : i % 3)]);

    [Fact]
    public void Hold_out_is_a_partition_with_the_share_of_every_class()
    {
        (IDataset train, IDataset valid) = Data.HoldOut(0.1, seed: 5);
        Assert.Equal(100, valid.Count);
        Assert.Equal(Enumerable.Range(0, 1000), Sources(train).Concat(Sources(valid)).Order());
        for (int c = 0; c < 3; c++)
            Assert.InRange(Labels.Of(valid).Count(l => l == c) - 0.1 * Labels.Of(Data).Count(l => l == c), -1, 1);
    }

    [Fact]
    public void Hold_out_is_a_function_of_the_seed()
    {
        Assert.Equal(Sources(Data.HoldOut(0.1, 5).Valid), Sources(Data.HoldOut(0.1, 5).Valid));
        Assert.NotEqual(Sources(Data.HoldOut(0.1, 5).Valid), Sources(Data.HoldOut(0.1, 6).Valid));
        // Fixed once: a change would give every seeded experiment other samples.
        Assert.Equal([26, 31, 72, 80, 92], Sources(Data.HoldOut(0.1, 5).Valid).Take(5));
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1e-9, 1)]
    [InlineData(0.9999, 999)]
    public void A_fraction_above_zero_leaves_something_on_both_sides(double fraction, int held) =>
        Assert.Equal(held, Data.HoldOut(fraction).Valid.Count);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_fraction_out_of_range_is_refused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.HoldOut(fraction));

    [Fact]
    public void A_limit_keeps_the_shares_and_the_order()
    {
        IDataset some = Data.Limit(50, seed: 2);
        Assert.Equal(50, some.Count);
        Assert.Equal(Sources(some).Order(), Sources(some));
        for (int c = 0; c < 3; c++)
            Assert.InRange(Labels.Of(some).Count(l => l == c) - 0.05 * Labels.Of(Data).Count(l => l == c), -1, 1);
        Assert.Same(Data, Data.Limit(1000));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.Limit(0));
    }

    [Fact]
    public void Validation_never_comes_from_test_and_does_not_move_with_the_limit()
    {
        DatasetSplits whole = Splits.Divide(Data, Make([0, 1, 2])), few = Splits.Divide(Data, Make([0, 1, 2]), new SplitOptions(Limit: 30));
        Assert.Equal((900, 100, 3), (whole.Train.Count, whole.Valid.Count, whole.Test.Count));
        Assert.Equal((30, 100, 3), (few.Train.Count, few.Valid.Count, few.Test.Count));
        Assert.Equal(Values(whole.Valid), Values(few.Valid));
        Assert.Empty(Values(few.Train).Intersect(Values(few.Valid)));
    }

    [Fact]
    public void Slice_and_subset_read_through()
    {
        IDataset slice = Data.Slice(10, 3), back = Data.Subset(12, 10, 12);
        Assert.Equal([10f, 11, 12], Values(slice));
        Assert.Equal([12f, 10, 12], Values(back));
        Assert.Equal(Data.Label(12), back.Label(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.Label(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.Slice(999, 2));
        Assert.Contains("indices[1] is 1000", Assert.Throws<ArgumentOutOfRangeException>(() => Data.Subset(0, 1000)).Message);
    }

    private static InMemoryDataset Make(int[] labels) =>
        InMemoryDataset.FromValues("count", [.. labels.Select((_, i) => new float[] { i })], labels, units: 1, classes: 3);

    private static int[] Sources(IDataset view) => [.. Enumerable.Range(0, view.Count).Select(((Subset)view).SourceIndex)];

    private static float[] Values(IDataset dataset)
    {
        var value = new float[1];
        return [.. Enumerable.Range(0, dataset.Count).Select(i =>
        {
            dataset.ReadValues(i, value);
            return value[0];
        })];
    }
}
