using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Finds out where a number stopped being finite.</summary>
internal static class Failure
{
    /// <summary>Looks at the parameters, then at the data, then runs the step's forward pass once more and looks at the output of every layer.</summary>
    /// <remarks>That pass moves running statistics, as the first did; the caller puts them back.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="failed">The tape of the step.</param>
    /// <param name="batch">What the step was to learn from.</param>
    /// <param name="state">Where training stands.</param>
    /// <param name="what">What is not finite: "loss".</param>
    public static TrainingFailedException Explain(Model model, Tape failed, Batch batch, TrainerState state, string what)
    {
        Cpu cpu = failed.Cpu;
        string when = $"at epoch {state.Epoch + 1}, step {state.Batch + 1}";
        foreach (NamedParameter parameter in model.Parameters)
        {
            if (!Elementwise.AllFinite(cpu, parameter.Parameter.Value.Data))
                return new TrainingFailedException($"The {what} is not finite {when}: parameter {parameter.Path} holds NaN or infinity; lower the learning rate.");
        }
        using var arena = new Arena();
        string? first = null;
        void Look(string layer, Signal output)
        {
            if (first is null && !AllFinite(cpu, output))
                first = layer;
        }

        var tape = new Tape(cpu, arena, training: true) { Random = failed.Random, Truncate = failed.Truncate, Inspector = Look };
        if (!AllFinite(cpu, Padding.Cleared(tape, batch.Input)))
            return new TrainingFailedException($"The {what} is not finite {when}: the data of this batch hold NaN or infinity.");
        Look(model.Root.ToString(), model.Forward(tape, batch.Input).Sequence);
        return new TrainingFailedException(first is null
            ? $"The {what} is not finite {when}, though the output of every layer is: some values are too large; lower the learning rate or normalise."
            : $"The {what} is not finite {when}: layer {first} is the first whose output holds NaN or infinity; lower the learning rate or clip gradients.");
    }

    private static bool AllFinite(Cpu cpu, Signal signal) => signal switch
    {
        Tensor values => Elementwise.AllFinite(cpu, values.Data),
        Scaled scaled => Elementwise.AllFinite(cpu, scaled.Factors) && Elementwise.AllFinite(cpu, scaled.Offsets),
        _ => ((Spikes)signal).Values is not { } numbers || Elementwise.AllFinite(cpu, numbers.Data),
    };
}
