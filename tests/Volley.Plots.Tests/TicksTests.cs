namespace Volley.Plots.Tests;

public class TicksTests
{
    [Theory]
    [InlineData(0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 10, 5, "0 2 4 6 8 10")]
    [InlineData(-1, 1, 4, "−1.0 −0.5 0 0.5 1.0")]
    [InlineData(3, 97, 5, "20 40 60 80")]
    [InlineData(0.1, 0.3, 4, "0.10 0.15 0.20 0.25 0.30")]
    [InlineData(0, 250000, 5, "0 50k 100k 150k 200k 250k")]
    [InlineData(0, 3e6, 3, "0 1M 2M 3M")]
    [InlineData(0, 9000, 3, "0 2,000 4,000 6,000 8,000")]
    [InlineData(0, 4e-4, 4, "0 10⁻⁴ 2×10⁻⁴ 3×10⁻⁴ 4×10⁻⁴")]
    [InlineData(1e6, 1e6 + 10, 5, "1.000000M 1.000002M 1.000004M 1.000006M 1.000008M 1.000010M")]
    public void LinearTicksAreRound(double min, double max, int count, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Linear(min, max, count).Labels));

    [Theory]
    [InlineData(1, 1000, 5, "1 10 100 1,000")]
    [InlineData(1, 20, 5, "1 2 5 10 20")]
    [InlineData(16, 1024, 6, "20 50 100 200 500 1,000")]
    [InlineData(1e-5, 1e-1, 5, "10⁻⁵ 10⁻⁴ 10⁻³ 0.01 0.1")]
    [InlineData(1e-12, 1, 4, "10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³ 1")]
    public void LogarithmicTicksArePowersOfTen(double min, double max, int count, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Logarithmic(min, max, count).Labels));

    [Theory]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 40, "5 10 15 20 25 30 35 40")]
    [InlineData(0.5, 1.5, "1")]
    public void WholeNumbersHaveNoTicksBetween(double min, double max, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Linear(min, max, 6, NumberFormat.Whole).Labels));

    [Fact]
    public void PercentTicksAreAHundredTimesTheValue() =>
        Assert.Equal("0% 20% 40% 60% 80% 100%", string.Join(' ', Ticks.Linear(0, 1, 5, NumberFormat.Percent).Labels));

    [Theory]
    [InlineData(0.13, 2.31, 5, 0, 2.5)]
    [InlineData(0, 1, 5, 0, 1)]
    [InlineData(-0.2, 0.9, 5, -0.2, 1)]
    public void WideningEndsOnTicks(double min, double max, int count, double low, double high) =>
        Assert.Equal((low, high), Ticks.Widen(min, max, count));

    [Theory]
    [InlineData(3, 700, 2, 1000)]
    [InlineData(1, 10, 1, 10)]
    [InlineData(0.004, 0.004001, 0.002, 0.005)]
    public void LogarithmicWideningEndsOnOneTwoFive(double min, double max, double low, double high) =>
        Assert.Equal((low, high), Ticks.WidenLogarithmic(min, max));

    [Fact]
    public void TicksStayWithinTheRangeAndAscend()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            double size = Math.Pow(10, random.Next(-90, 90)), a = (random.NextDouble() - 0.5) * size, b = a + random.NextDouble() * size + size * 1e-6;
            int count = 1 + random.Next(10);
            IReadOnlyList<double> ticks = Ticks.Linear(a, b, count).Values;
            double slack = 1e-8 * (b - a) + 1e-14 * Math.Max(Math.Abs(a), Math.Abs(b));
            Assert.All(ticks, t => Assert.InRange(t, a - slack, b + slack));
            Assert.True(ticks.Zip(ticks.Skip(1), (p, q) => p < q).All(ascending => ascending), $"[{a}, {b}]");
            Assert.True(ticks.Count <= 2 * count + 2, $"{ticks.Count} ticks for {count}");
            (double low, double high) = Ticks.Widen(a, b, count);
            Assert.True(low <= a + slack && high >= b - slack);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void AnEmptyRangeIsRefused(double min, double max)
    {
        Assert.Throws<ArgumentException>(() => Ticks.Linear(min, max, 5));
        Assert.Throws<ArgumentException>(() => Ticks.Logarithmic(min, max, 5));
    }

    [Fact]
    public void ALogarithmicRangeStartsAboveZero() => Assert.Throws<ArgumentException>(() => Ticks.Logarithmic(0, 1, 5));
}
