namespace Volley.Data.Tests.Audio;

/// <summary>Against the C library, which is right to about half a unit in the last place.</summary>
public sealed class StableMathTests
{
    [Fact]
    public void Logarithms_are_right_to_two_units_in_the_last_place()
    {
        var random = new Random(1);
        double worst = 0;
        for (int i = 0; i < 200_000; i++)
        {
            double x = i % 2 == 0 ? Math.Pow(10, 40 * random.NextDouble() - 20) : 0.5 + 1.5 * random.NextDouble(), expected = Math.Log(x);
            worst = Math.Max(worst, Math.Abs(StableMath.Log(x) - expected) / Math.Max(double.BitIncrement(Math.Abs(expected)) - Math.Abs(expected), double.Epsilon));
        }
        Assert.InRange(worst, 0, 2);
        Assert.Equal(0, StableMath.Log(1));
        Assert.Equal(Math.Log(double.Epsilon), StableMath.Log(double.Epsilon), 1e-12);
        Assert.Equal(Math.Log(double.MaxValue), StableMath.Log(double.MaxValue), 1e-12);
    }

    [Fact]
    public void Exponentials_cosines_and_sines_are_right_to_a_few_units()
    {
        var random = new Random(2);
        for (int i = 0; i < 20_000; i++)
        {
            double x = 100 * (random.NextDouble() - 0.5), turns = 4 * (random.NextDouble() - 0.5);
            Assert.Equal(1, StableMath.Exp(x) / Math.Exp(x), 4e-15);
            Assert.Equal(Math.Cos(Math.Tau * turns), StableMath.CosTurns(turns), 4e-15);
            Assert.Equal(Math.Sin(Math.Tau * turns), StableMath.SinTurns(turns), 4e-15);
        }
        Assert.Equal((1, 0, -1), (StableMath.CosTurns(0), StableMath.CosTurns(0.25), StableMath.CosTurns(0.5)));
    }

    /// <summary>The same bits everywhere: these were written down once.</summary>
    [Fact]
    public void Known_bits()
    {
        double sum = 0;
        for (int i = 1; i <= 1000; i++)
            sum += StableMath.Log(i * 0.37) + StableMath.Exp(-0.01 * i) + StableMath.CosTurns(i / 997.0);
        Assert.Equal("40b39c5f37aa5ad2", BitConverter.DoubleToInt64Bits(sum).ToString("x"));
    }
}
