using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;
using Volley.Cli.Runs;
using Volley.Training;

namespace Volley.Cli.Views;

/// <summary>A table that grows by a row an epoch, with a bar below it for the epoch that is under way.</summary>
internal sealed class LiveView : TrainView
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly PlainView _plain;
    private readonly Table _table = new() { Border = TableBorder.Simple };
    private LiveDisplayContext? _display;
    private long _drawn, _began = Stopwatch.GetTimestamp();
    private int _epochs;

    public LiveView(TextWriter output)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        _plain = new PlainView(output);
        foreach (string column in new[] { "epoch", "train loss", "accuracy", "valid loss", "accuracy", "spikes", "time" })
            _table.AddColumn(new TableColumn(column).RightAligned());
    }

    public override void Begin(RunPlan plan)
    {
        foreach (string line in Story.Beginning(plan))
            _console.WriteLine(line);
        _epochs = plan.Training.Epochs;
        _table.Rows.Clear();
    }

    public override void While(Action training) => _console.Live(_table).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).Start(display =>
    {
        _display = display;
        _began = Stopwatch.GetTimestamp();
        try
        {
            training();
            display.UpdateTarget(_table);
        }
        finally
        {
            _display = null;
        }
    });

    public override void Step(StepReport step)
    {
        if (Stopwatch.GetElapsedTime(_drawn) < Redraw)
            return;
        double part = (double)step.Batch / step.BatchesPerEpoch;
        int filled = (int)(part * BarWidth);
        string bar = $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]";
        string text = $"epoch {step.Epoch + 1} of {_epochs} {bar} {step.Batch}/{step.BatchesPerEpoch}  loss {Text.Number(step.Loss, "0.0000")}  {Text.Seconds(Stopwatch.GetElapsedTime(_began).TotalSeconds)}";
        Draw(new Rows(_table, new Markup(text)));
    }

    public override void Epoch(EpochMetrics epoch)
    {
        string accuracy = Text.Percent(epoch.ValidAccuracy, 1);
        _table.AddRow(
            Text.Whole(epoch.Epoch), Text.Number(epoch.TrainLoss, "0.0000"), Text.Percent(epoch.TrainAccuracy, 1), Text.Number(epoch.ValidLoss, "0.0000"),
            epoch.Best ? $"[green]{accuracy}[/]" : accuracy, Text.Number(epoch.SpikesPerNeuron, "0.00"), Text.Seconds(epoch.Seconds));
        Draw(_table);
    }

    public override void Finish(RunPlan plan, RunResult result) => _plain.Finish(plan, result);

    public override void Interrupted(RunFolder folder, int epochsDone, int epochs) => _plain.Interrupted(folder, epochsDone, epochs);

    public override void AlreadyDone(RunFolder folder, RunResult result) => _plain.AlreadyDone(folder, result);

    public override void Summary(RunFolder folder, SeedSummary summary) => _plain.Summary(folder, summary);

    private void Draw(IRenderable target)
    {
        _display?.UpdateTarget(target);
        _drawn = Stopwatch.GetTimestamp();
    }
}
