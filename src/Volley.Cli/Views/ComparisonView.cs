using System.Diagnostics;
using Volley.Cli.Comparisons;
using Volley.Cli.Runs;
using Volley.Training;

namespace Volley.Cli.Views;

/// <summary>A comparison in lines: one as a run begins and one as it ends, and the table.</summary>
internal sealed class ComparisonView(TextWriter output) : TrainView
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private long _lastLine, _began;

    public override void Begin(RunPlan plan)
    {
        _began = Stopwatch.GetTimestamp();
        Line($"{plan.Setup.Recipe.Name}, seed {plan.Setup.Seed}: {plan.Network}, {Text.Whole(plan.Model.ParameterCount)} parameters, {plan.Training.Epochs} epochs, {plan.Optimizer}");
    }

    public override void Step(StepReport step)
    {
    }

    public override void Epoch(EpochMetrics epoch)
    {
        if (Stopwatch.GetElapsedTime(_lastLine) >= Silence)
            Line($"  epoch {epoch.Epoch}: validation accuracy {Text.Percent(epoch.ValidAccuracy, 1)}, {Text.Seconds(epoch.Seconds)} an epoch");
    }

    public override void Finish(RunPlan plan, RunResult result) =>
        Line($"  test accuracy {Text.Percent(result.TestAccuracy)} after {Text.Seconds(Stopwatch.GetElapsedTime(_began).TotalSeconds)}");

    public override void Interrupted(RunFolder folder, int epochsDone, int epochs) => Line($"  interrupted after {epochsDone} of {epochs} epochs; everything is saved");

    public override void AlreadyDone(RunFolder folder, RunResult result)
    {
    }

    public override void Summary(RunFolder folder, SeedSummary summary)
    {
    }

    /// <summary>The table, best first, and where the page is.</summary>
    public static void Write(TextWriter output, ComparisonFolder folder, ComparisonResult result)
    {
        output.WriteLine();
        output.WriteLine($"{result.Name}: {result.Dataset}, seeds {string.Join(", ", result.Seeds)}; epochs chosen on validation samples");
        output.WriteLine();
        var table = new TextTable("network", ">test accuracy", ">parameters", ">spikes/neuron", ">additions", ">multiply-adds", ">energy, nJ", ">s/epoch", ">µs/step as a stream");
        foreach (EntrantResult e in result.Entrants.OrderByDescending(e => e.TestAccuracy ?? double.NegativeInfinity))
        {
            table.Add(
                e.Name, Text.Percent(e.TestAccuracy) + (e.TestAccuracySd is { } sd ? $" ± {Text.Percent(sd)}" : ""), Text.Whole(e.Parameters), Text.Number(e.SpikesPerNeuron, "0.00"),
                Text.Whole((long)Math.Round(e.SynopsPerSample)), e.MacsPerSample is { } macs ? Text.Whole((long)Math.Round(macs)) : "–", Energy(e), Text.Number(e.SecondsPerEpoch, "0.00"),
                e.StepMicrosecondsMedian is { } step ? Text.Number(step, "0.0") : e.NoStream is null ? "–" : "none");
        }
        table.Write(output, "  ");
        foreach (EntrantResult e in result.Entrants.Where(e => e.NoStream is not null))
            output.WriteLine($"  {e.Name}: {e.NoStream}");
        output.WriteLine("  additions, multiply-adds and the energy of this arithmetic in 45 nm (8-bit integers to 32-bit floats) are of a test sample; memory is left out (docs/cost.md)");
        output.WriteLine();
        output.WriteLine($"  open {Text.Argument(folder.Report)}   (learning curves, firing rates, cost, side by side)");
    }

    /// <summary>Of the arithmetic of a sample, 8-bit integers to 32-bit floats.</summary>
    private static string Energy(EntrantResult e) => $"{Text.Number(e.EnergyInt8Nanojoules, "0.0")} – {Text.Number(e.EnergyFloat32Nanojoules, "0.0")}";

    private void Line(string text)
    {
        output.WriteLine(text);
        output.Flush();
        _lastLine = Stopwatch.GetTimestamp();
    }
}
