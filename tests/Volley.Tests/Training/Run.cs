using Volley.Kernels;
using Volley.Nn;
using Volley.Tests.Neurons;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Training;

/// <summary>A model with its optimiser and trainer.</summary>
internal sealed class Run : IDisposable
{
    public Run(Module root, Cpu cpu, TrainerOptions options, Func<Model, Optimizer>? optimizer = null, int units = Networks.Units)
    {
        Model = new Model("net", root, units, Networks.Classes, ReadoutKind.SumSoftmax);
        Optimizer = optimizer?.Invoke(Model) ?? new Adam(Model.Parameters);
        Trainer = new Trainer(Model, Optimizer, cpu, options);
    }

    public Model Model { get; }

    public Optimizer Optimizer { get; }

    public Trainer Trainer { get; }

    public void Dispose() => Trainer.Dispose();

    public static TrainerOptions Options(int epochs, float rate = 0.02f) => new() { Epochs = epochs, Rate = rate, Seed = 5 };

    /// <summary>Everything that training changes, by name.</summary>
    public Dictionary<string, float[]> Everything()
    {
        Dictionary<string, float[]> all = TrainerCheckpoint.Save(Trainer).Arrays.ToDictionary(entry => entry.Key, entry => entry.Value.ToSingles());
        all["steps"] = [Optimizer.Steps];
        return all;
    }

    /// <summary>Throws unless every bit is the same.</summary>
    public static void Same(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, string what)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach ((string name, float[] values) in expected)
            SameBits.Check(values, actual[name], $"{name} {what}");
    }

    /// <summary>What a report says, without its time.</summary>
    public static string Text(EpochReport report) => FormattableString.Invariant(
        $"{report.Epoch} {report.TrainLoss:R} {report.TrainAccuracy:R} {report.Valid?.Loss:R} {report.Valid?.Accuracy:R} {report.Rate:R} {report.SpikesPerNeuron:R} {report.IsBest} {report.Steps} ")
        + string.Join(' ', report.GradientNorms.Select(norm => FormattableString.Invariant($"{norm.Path}:{norm.Mean:R}")));
}

/// <summary>Calls back at once, on the same thread.</summary>
internal sealed class Each(Action<StepReport> action) : IProgress<StepReport>
{
    public void Report(StepReport value) => action(value);
}
