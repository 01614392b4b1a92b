using Volley.Cli.Runs;
using Volley.Recipes;

namespace Volley.Cli.Views;

/// <summary>What people read before and after a run, line by line.</summary>
internal static class Story
{
    public static IEnumerable<string> Beginning(RunPlan plan)
    {
        Recipe recipe = plan.Setup.Recipe;
        RunData data = plan.Data;
        if (plan.IsResumed)
            yield return $"Going on with {plan.Folder.Path}: {plan.EpochsDone} of {plan.Training.Epochs} epochs are done{(plan.StepsDone > 0 ? $", and {plan.StepsDone} steps of the next" : "")}.";
        else
            yield return $"{recipe.Name}: {(recipe.Description.Length > 0 ? recipe.Description : $"a spiking network learns {data.Name}.")}";
        yield return $"  data      {data.Name}, {data.Classes} classes: {Text.Whole(data.Train)} samples to learn from, {Text.Whole(data.Valid)} to validate, {Text.Whole(data.Test)} to test;"
            + $" each {data.Steps} time steps of {data.Units} inputs";
        yield return $"  network   {plan.Network}: {Text.Whole(plan.Model.ParameterCount)} parameters";
        yield return $"  training  {plan.Training.Epochs} epochs in batches of {plan.Training.Batch}, {plan.Optimizer}; seed {plan.Setup.Seed}";
        yield return $"  machine   {plan.Cpu.Threads} {(plan.Cpu.Threads == 1 ? "thread" : "threads")}, {plan.Cpu.Width}";
        yield return $"  results   {plan.Folder.Path}   (Ctrl-C stops; volley train --resume --out {Text.Argument(plan.Folder.Path)} goes on)";
    }

    public static IEnumerable<string> End(RunPlan plan, RunResult result)
    {
        int samples = plan.Data.Test;
        string why = result.Selection == "best" ? $"best on the validation samples: {Text.Percent(result.ValidAccuracy)}" : "the last";
        string found = plan.Model.Readout == Nn.ReadoutKind.EachStep
            ? $"that part of the labelled time steps of {Text.Whole(samples)} samples that the network had never seen was"
            : $"of {Text.Whole(samples)} samples that the network had never seen, {Text.Whole((long)Math.Round(samples * (result.TestAccuracy ?? 0)))} were";
        yield return $"Test accuracy {Text.Percent(result.TestAccuracy)}: {found} recognised; guessing gives {Text.Percent(1.0 / plan.Data.Classes, 0)}.";
        yield return $"  kept      the network of epoch {result.SelectedEpoch} ({why}); that of the last epoch has {Text.Percent(result.LastTestAccuracy)} on the test samples";
        yield return $"  activity  {Text.Number(result.SpikesPerNeuron, "0.00")} spikes a neuron and sample, {Text.Whole((long)Math.Round(result.SynopsPerSample))} synaptic operations a sample";
        yield return $"  cost      {Text.Seconds(result.SecondsPerEpoch)} an epoch, {Text.Number(result.PeakMemoryMb, "0")} MB of memory at most";
        if (plan.Setup.Recipe.Expected is { } expected)
            yield return $"  expected  {Text.Percent(expected.TestAccuracy)}{(expected.TestAccuracySd is { } sd ? $" ± {Text.Percent(sd)}" : "")} by the unchanged recipe{(expected.Source is { } source ? $" ({source})" : "")}";
        yield return "Next:";
        foreach (string line in Next(plan.Folder, streams: !plan.Model.Modules.Any(module => module is Nn.INonCausal)))
            yield return line;
    }

    /// <param name="folder">Of the run.</param>
    /// <param name="streams">False where the network looks ahead, and where nobody knows.</param>
    private static IEnumerable<string> Next(RunFolder folder, bool streams)
    {
        string run = Text.Argument(folder.Path);
        yield return $"  open {Text.Argument(folder.Report)}   (learning curves, firing rates, rasters, confusion)";
        if (streams)
            yield return $"  volley eval {run} --streaming   (the same network, one time step after another, as it would run in a device)";
        yield return $"  volley inspect {run}   (its layers and parameters)";
    }

    public static IEnumerable<string> Done(RunFolder folder, RunResult result)
    {
        yield return $"The run in {folder.Path} is finished: {result.Epochs} epochs, test accuracy {Text.Percent(result.TestAccuracy)}. There is nothing to resume.";
        foreach (string line in Next(folder, streams: false))
            yield return line;
    }

    public static string Interrupted(RunFolder folder, int epochsDone, int epochs) =>
        $"Interrupted after {epochsDone} of {epochs} epochs; everything is saved. Go on with: volley train --resume --out {Text.Argument(folder.Path)}";
}
