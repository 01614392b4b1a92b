using Volley.Kernels.Delays;

namespace Volley.Kernels.Tests.Delays;

/// <summary>The triangles that spikes come back in.</summary>
public class FeedbackTapTests
{
    private static double Height(double delay, double sigma, int step)
    {
        double s = 1 + sigma;
        return step == 0 ? 0 : Math.Max(0, (s - Math.Abs(step - (1 + delay))) / (s * s));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.06)]
    [InlineData(2.5)]
    [InlineData(10)]
    public void TapsAndTheirGradientsAreThoseOfTheFormula(float sigma)
    {
        float[] delays = [.. Enumerable.Range(0, 37).Select(n => n * 0.37f % 9)];
        int count = FeedbackTaps.Count(9, sigma);
        var taps = new float[new AxonalCall(0, 0, 37, count, 0).TapFloats];
        Array.Fill(taps, float.NaN);
        FeedbackTaps.Build(delays, sigma, 1.25f, taps, count);
        float[] dTaps = [.. taps.Select((_, i) => MathF.Sin(i))], dDelays = new float[37];
        Array.Fill(dDelays, 2);
        FeedbackTaps.Backward(delays, sigma, 1.25f, dTaps, dDelays, count);
        for (int n = 0; n < 48; n++)
        {
            double slope = 0;
            for (int step = 0; step < count; step++)
            {
                int at = (n / 16 * count + step) * 16 + n % 16;
                Assert.Equal(n < 37 ? 1.25 * Height(delays[n], sigma, step) : 0, taps[at], 1e-6);
                // Half the difference of both sides: at a corner, which whole delays have, neither counts.
                slope += n < 37 ? dTaps[at] * 1.25 * (Height(delays[n] + 1e-6, sigma, step) - Height(delays[n] - 1e-6, sigma, step)) / 2e-6 : 0;
            }
            if (n is > 0 and < 37)
                Assert.Equal(2 + slope, dDelays[n], 2e-4);
        }
    }

    [Fact]
    public void WithoutWidthAWholeDelayIsOneTap()
    {
        var taps = new float[16 * 7];
        FeedbackTaps.Build([3], 0, 1, taps, 7);
        for (int step = 0; step < 7; step++)
            Assert.Equal(step == 4 ? 1 : 0, taps[step * 16]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4.5f, 0.3f)]
    [InlineData(50, 10)]
    public void NothingLiesBehindTheLastTap(float longest, float sigma)
    {
        int count = FeedbackTaps.Count(longest, sigma);
        Assert.Equal(0, Height(longest, sigma, count), 1e-6);
        Assert.True(Height(longest, sigma, count - 1) > 0);
    }
}
