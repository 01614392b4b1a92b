using System.Text.Json.Nodes;
using Volley.Cli.Runs;
using Volley.Training;

namespace Volley.Cli.Views;

/// <summary>One JSON object a line: what happens in <c>event</c>, the last one a result.</summary>
internal sealed class JsonView(TextWriter output) : TrainView
{
    public override void Begin(RunPlan plan) => Write("start", new JsonObject
    {
        ["recipe"] = plan.Setup.Recipe.Name,
        ["dataset"] = plan.Data.Name,
        ["seed"] = plan.Setup.Seed,
        ["epochs"] = plan.Training.Epochs,
        ["model"] = plan.Network,
        ["parameters"] = plan.Model.ParameterCount,
        ["train_samples"] = plan.Data.Train,
        ["valid_samples"] = plan.Data.Valid,
        ["test_samples"] = plan.Data.Test,
        ["threads"] = plan.Cpu.Threads,
        ["epochs_done"] = plan.EpochsDone,
        ["steps_done"] = plan.StepsDone,
        ["run"] = plan.Folder.Path,
    });

    public override void Step(StepReport step)
    {
    }

    public override void Epoch(EpochMetrics epoch) => Write("epoch", epoch);

    public override void Finish(RunPlan plan, RunResult result) => Write("result", result with { Run = plan.Folder.Path });

    public override void Interrupted(RunFolder folder, int epochsDone, int epochs) =>
        Write("interrupted", new JsonObject { ["run"] = folder.Path, ["epochs_done"] = epochsDone, ["epochs"] = epochs });

    public override void AlreadyDone(RunFolder folder, RunResult result) => Write("result", result with { Run = folder.Path });

    public override void Summary(RunFolder folder, SeedSummary summary) => Write("summary", summary);

    /// <summary>Writes a record as one line, with <paramref name="what"/> as its event.</summary>
    public void Write<T>(string what, T value) => Write(what, JsonNode.Parse(RunJson.Line(value))!.AsObject());

    private void Write(string what, JsonObject members)
    {
        members.Insert(0, "event", what);
        output.WriteLine(members.ToJsonString(RunJson.Relaxed));
        output.Flush();
    }
}
