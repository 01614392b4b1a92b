using Volley.Cli.Runs;
using Volley.Data;
using Volley.Nn;
using Volley.Serialization;

namespace Volley.Cli.Comparisons;

/// <summary>How long a step of a trained network takes as a stream, on one thread.</summary>
/// <param name="Median">Microseconds; null where the network cannot stream, or the test part is too short to tell.</param>
/// <param name="P99">99 of 100 steps took no longer.</param>
/// <param name="Refused">Why it cannot stream.</param>
internal sealed record StreamLatency(double? Median, double? P99, string? Refused)
{
    /// <summary>Enough steps for a quantile of 99 in 100, few enough to take no time.</summary>
    private const int Steps = 20_000;

    public static StreamLatency Of(string modelFile, IDataset test, CancellationToken interrupted)
    {
        Model model = ModelFile.Open(modelFile);
        int samples = Math.Clamp(Steps / Math.Max(1, test.Info.MaxSteps), 1, test.Count);
        try
        {
            var stream = StreamEvaluation.Run(model, test.Subset([.. Enumerable.Range(0, samples)]), interrupted);
            return new StreamLatency(Known(stream.MedianMicroseconds), Known(stream.P99Microseconds), null);
        }
        catch (NotSupportedException refused)
        {
            return new StreamLatency(null, null, refused.Message);
        }
    }

    /// <summary>Fewer steps than warm a stream up have no time.</summary>
    private static double? Known(double microseconds) => double.IsFinite(microseconds) ? microseconds : null;
}
