using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Finds out where a number stopped being finite.</summary>
internal static class Failure
{
    /// <summary>Looks at the parameters, then at the data, then runs the batch once more and looks at the output of every layer.</summary>
    public static TrainingFailedException Explain(Model model, Cpu cpu, Batch batch, TrainerState state, string what)
    {
        string when = $"at epoch {state.Epoch + 1}, step {state.Batch + 1}";
        foreach (NamedParameter parameter in model.Parameters)
        {
            if (!Elementwise.AllFinite(cpu, parameter.Parameter.Value.Data))
                return new TrainingFailedException($"The {what} is not finite {when}: parameter {parameter.Path} holds NaN or infinity; lower the learning rate.");
        }
        if (batch.Input is Tensor input && !Elementwise.AllFinite(cpu, input.Data))
            return new TrainingFailedException($"The {what} is not finite {when}: the data of this batch hold NaN or infinity.");
        using var arena = new Arena();
        string? first = null;
        var tape = new Tape(cpu, arena, training: false)
        {
            Inspector = (layer, output) =>
            {
                if (first is null && output is Tensor values && !Elementwise.AllFinite(cpu, values.Data))
                    first = layer;
            },
        };
        model.Forward(tape, batch.Input);
        return new TrainingFailedException(first is null
            ? $"The {what} is not finite {when}, though every layer's output is; the scores are too large."
            : $"The {what} is not finite {when}: layer {first} is the first whose output holds NaN or infinity; lower the learning rate or clip gradients.");
    }
}
