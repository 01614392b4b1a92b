using System.Globalization;
using System.Text.Json.Serialization;
using Volley.Autograd;
using Volley.Nn;
using Volley.Serialization;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>One line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch.</param>
/// <param name="TrainAccuracy">Accuracy over the epoch while the parameters moved, dropout on.</param>
/// <param name="ValidLoss">Mean validation loss; null without validation samples.</param>
/// <param name="ValidAccuracy">Validation accuracy; null without validation samples.</param>
/// <param name="Rate">Learning rate of the last step.</param>
/// <param name="Seconds">Time of the training part.</param>
/// <param name="SpikesPerNeuron">Spikes a neuron and training sample.</param>
/// <param name="Best">Whether this was the best epoch so far on validation samples.</param>
/// <param name="ResumedAt">The step at which another process went on, for an epoch whose time is only a part; null for a whole one.</param>
internal sealed record EpochMetrics(
    int Epoch, double TrainLoss, double TrainAccuracy, double? ValidLoss, double? ValidAccuracy, double Rate, double Seconds,
    double SpikesPerNeuron, bool Best, int? ResumedAt)
{
    /// <summary>Steps of the epoch; null in runs of older versions, as all that follows.</summary>
    public int? Steps { get; init; }

    /// <summary>Peak memory of the process until the epoch ended, in MB.</summary>
    public double? PeakMemoryMb { get; init; }

    /// <summary>The mean norm over the epoch's steps of each parameter's gradient, before clipping, to five digits; keys like <c>0-dense.weight</c>.</summary>
    public IReadOnlyDictionary<string, double>? Gradients { get; init; }

    public static EpochMetrics Of(EpochReport report, Model model, int? resumedAt) => new(
        report.Epoch + 1, report.TrainLoss, report.TrainAccuracy, report.Valid?.Loss, report.Valid?.Accuracy, report.Rate,
        Math.Round(report.Seconds, 3), report.SpikesPerNeuron, report.IsBest, resumedAt)
    {
        Steps = report.Steps,
        PeakMemoryMb = RunEnvironment.PeakMemoryMb(),
        Gradients = GradientsOf(report.GradientNorms, model),
    };

    /// <summary>Time of a step of training; null where the steps are not known.</summary>
    [JsonIgnore]
    public double? SecondsPerStep => Steps - (ResumedAt ?? 0) is > 0 and var steps ? Seconds / steps : null;

    public static IReadOnlyList<EpochMetrics> Read(string path) => File.Exists(path)
        ? [.. JsonLines.Read(path).Select(line => RunJson.Convert<EpochMetrics>(line, path))]
        : [];

    /// <summary>Mean time of the epochs that one process did as a whole, or of all where there is none; null without epochs.</summary>
    public static double? SecondsPerEpoch(IReadOnlyList<EpochMetrics> epochs)
    {
        EpochMetrics[] whole = [.. epochs.Where(e => e.ResumedAt is null)];
        IReadOnlyList<EpochMetrics> counted = whole.Length > 0 ? whole : epochs;
        return counted.Count == 0 ? null : Math.Round(counted.Average(e => e.Seconds), 3);
    }

    private static Dictionary<string, double> GradientsOf(IReadOnlyList<GradientNorm> norms, Model model)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Module module in model.Modules)
        {
            foreach (Parameter parameter in module.Parameters)
                names[module.Path.Length == 0 ? parameter.Name : $"{module.Path}.{parameter.Name}"] = $"{module}.{parameter.Name}";
        }
        return norms.ToDictionary(norm => names[norm.Path], norm => FiveDigits(norm.Mean));
    }

    private static double FiveDigits(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
