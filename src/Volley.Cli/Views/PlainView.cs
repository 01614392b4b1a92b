using System.Diagnostics;
using System.Globalization;
using Volley.Cli.Runs;
using Volley.Training;

namespace Volley.Cli.Views;

/// <summary>Plain lines, for a file, a pipe or a terminal that cannot redraw.</summary>
internal sealed class PlainView(TextWriter output) : TrainView
{
    private static readonly TimeSpan StepLines = TimeSpan.FromSeconds(20);

    private long _lastLine = Stopwatch.GetTimestamp();

    public override void Begin(RunPlan plan)
    {
        foreach (string line in Story.Beginning(plan))
            output.WriteLine(line);
        output.WriteLine();
        output.WriteLine("epoch  train loss  accuracy  valid loss  accuracy  spikes/neuron  seconds");
        Mark();
    }

    public override void Step(StepReport step)
    {
        if (Stopwatch.GetElapsedTime(_lastLine) < StepLines)
            return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Epoch + 1,5}  step {step.Batch} of {step.BatchesPerEpoch}, loss {step.Loss:0.0000}"));
        Mark();
    }

    public override void Epoch(EpochMetrics epoch)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{epoch.Epoch,5}  {epoch.TrainLoss,10:0.0000}  {Text.Percent(epoch.TrainAccuracy, 1),8}  {Text.Number(epoch.ValidLoss, "0.0000"),10}  {Text.Percent(epoch.ValidAccuracy, 1),8}  {epoch.SpikesPerNeuron,13:0.00}  {epoch.Seconds,7:0.0}{(epoch.Best ? "  best" : "")}"));
        Mark();
    }

    public override void Finish(RunPlan plan, RunResult result)
    {
        output.WriteLine();
        WriteAll(Story.End(plan, result));
    }

    public override void Interrupted(RunFolder folder, int epochsDone, int epochs) => output.WriteLine(Story.Interrupted(folder, epochsDone, epochs));

    public override void AlreadyDone(RunFolder folder, RunResult result) => WriteAll(Story.Done(folder, result));

    public override void Summary(RunFolder folder, SeedSummary summary) => WriteAll(summary.Story(folder));

    private void WriteAll(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            output.WriteLine(line);
        output.Flush();
    }

    private void Mark()
    {
        output.Flush();
        _lastLine = Stopwatch.GetTimestamp();
    }
}
