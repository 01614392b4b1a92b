using Volley.Cli.Runs;
using Volley.Training;

namespace Volley.Cli.Views;

/// <summary>How a training run is shown while it goes on.</summary>
internal abstract class TrainView
{
    /// <summary>The view that suits a terminal.</summary>
    public static TrainView For(Terminal terminal, bool json) =>
        json ? new JsonView(terminal.Out) : terminal.Interactive ? new LiveView(terminal.Out) : new PlainView(terminal.Out);

    /// <summary>Says what is about to happen.</summary>
    public abstract void Begin(RunPlan plan);

    /// <summary>Runs the training; a view that redraws the screen frames it.</summary>
    public virtual void While(Action training) => training();

    public abstract void Step(StepReport step);

    public abstract void Epoch(EpochMetrics epoch);

    /// <summary>Says what came out and what to do next.</summary>
    public abstract void Finish(RunPlan plan, RunResult result);

    /// <summary>Says how to go on after Ctrl-C.</summary>
    public abstract void Interrupted(RunFolder folder, int epochsDone, int epochs);

    /// <summary>Says that there is nothing left to do.</summary>
    public abstract void AlreadyDone(RunFolder folder, RunResult result);

    /// <summary>Sums up the runs of several seeds.</summary>
    public abstract void Summary(RunFolder folder, SeedSummary summary);
}
