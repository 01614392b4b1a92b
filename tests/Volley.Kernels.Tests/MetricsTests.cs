namespace Volley.Kernels.Tests;

public class MetricsTests
{
    [Fact]
    public void TheFirstOfTheHighestWinsAndNaNNever()
    {
        float nan = float.NaN, low = float.NegativeInfinity;
        float[] scores = [1, 2, 2, 3, 3, 3, nan, 0, nan, 5, nan, 6, nan, low, nan, nan, nan, nan, low, low, low];
        var predictions = new int[7];
        Metrics.ArgMax(scores, predictions, 7, 3);
        Assert.Equal([1, 0, 1, 2, 1, 0, 0], predictions);
        Assert.Throws<ArgumentException>(() => Metrics.ArgMax(scores, predictions, 7, 4));
    }

    [Fact]
    public void ConfusionHasLabelsInRows()
    {
        var confusion = new int[9];
        Metrics.AddConfusion([0, 1, 1, 2, 1], [0, 2, 1, 2, 2], confusion, 3);
        Metrics.AddConfusion([0], [1], confusion, 3);
        Assert.Equal([1, 1, 0, 0, 1, 2, 0, 0, 1], confusion);
        Assert.Contains("predictions[1] is 3", Assert.Throws<ArgumentException>(() => Metrics.AddConfusion([0, 0], [0, 3], new int[9], 3)).Message);
        Assert.Contains("labels[0] is 3", Assert.Throws<ArgumentException>(() => Metrics.AddConfusion([3], [0], new int[9], 3)).Message);
    }

    [Fact]
    public void StepsWithoutALabelAreNotCounted()
    {
        var confusion = new int[9];
        Metrics.AddStepConfusion([0, -1, 1, 2, -1], [0, 2, 2, 2, 99], confusion, 3);
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 1], confusion);
        Assert.Contains("predictions[1] is 3", Assert.Throws<ArgumentException>(() => Metrics.AddStepConfusion([0, 0], [0, 3], new int[9], 3)).Message);
        Assert.Contains("labels[0] is 3", Assert.Throws<ArgumentException>(() => Metrics.AddStepConfusion([3], [0], new int[9], 3)).Message);
    }
}
