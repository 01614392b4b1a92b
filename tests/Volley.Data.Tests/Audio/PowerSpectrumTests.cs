using Volley.Data.Audio;

namespace Volley.Data.Tests.Audio;

public sealed class PowerSpectrumTests
{
    [Theory]
    [InlineData(8, 8)]
    [InlineData(8, 3)]
    [InlineData(16, 1)]
    [InlineData(64, 63)]
    [InlineData(256, 200)]
    [InlineData(1024, 1000)]
    public void It_is_the_direct_sum(int points, int length)
    {
        var random = new Random(points + length);
        double[] x = [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextDouble() - 1)];
        var spectrum = new PowerSpectrum(points);
        var power = new double[spectrum.Bins];
        double[] scratch = spectrum.Scratch();
        Array.Fill(scratch, double.NaN);
        spectrum.Of(x, power, scratch);
        for (int k = 0; k < power.Length; k++)
            Assert.Equal(NaiveFrontEnds.Power(x, k, points), power[k], 1e-12 * length * length);
    }

    [Fact]
    public void Silence_has_none()
    {
        var spectrum = new PowerSpectrum(32);
        var power = new double[spectrum.Bins];
        spectrum.Of([], power, spectrum.Scratch());
        Assert.All(power, p => Assert.Equal(0, p));
    }
}
