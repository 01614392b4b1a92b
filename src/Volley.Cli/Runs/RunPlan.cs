using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Recipes;

namespace Volley.Cli.Runs;

/// <summary>All that can be said about a run before its first step.</summary>
/// <param name="Setup">Recipe and seed.</param>
/// <param name="Data">The data.</param>
/// <param name="Model">The network.</param>
/// <param name="Folder">Where the results go.</param>
/// <param name="Cpu">What it runs on.</param>
/// <param name="EpochsDone">Epochs that another process did.</param>
/// <param name="StepsDone">Steps of the next epoch that it did, too.</param>
internal sealed record RunPlan(RunSetup Setup, RunData Data, Model Model, RunFolder Folder, Cpu Cpu, int EpochsDone, int StepsDone)
{
    public bool IsResumed => EpochsDone > 0 || StepsDone > 0;

    public TrainingRecipe Training => Setup.Recipe.Training;

    /// <summary>Such as "50-128-10, recurrent cadlif".</summary>
    public string Network => Describe(Model);

    /// <summary>Such as "Adam at 0.01 (cosine)".</summary>
    public string Optimizer
    {
        get
        {
            string name = Training.Optimizer switch { SgdRecipe => "SGD", AdamWRecipe => "AdamW", _ => "Adam" };
            string schedule = Training.Schedule switch
            {
                StepScheduleRecipe => "falling in steps",
                CosineScheduleRecipe => "falling along a cosine",
                OneCycleScheduleRecipe => "in one cycle",
                WarmupCosineScheduleRecipe => "after a warm-up along a cosine",
                PlateauScheduleRecipe => "falling on plateaus",
                _ => "constant",
            };
            return FormattableString.Invariant($"{name}, rate {Training.Optimizer.Rate:0.######} {schedule}");
        }
    }

    public static string Describe(Model model)
    {
        IEnumerable<string> kinds = model.Modules.Where(module => module is ParallelNeuronLayer or NeuronLayer { Kernel.Spiking: true }).Select(layer => layer.Kind).Distinct();
        string recurrent = model.Modules.Any(module => module is Recurrent or DelayedRecurrent) ? "recurrent " : "";
        string fired = recurrent + string.Join(" and ", kinds);
        return fired.Length == 0 ? model.Name : $"{model.Name}, {fired}";
    }
}
