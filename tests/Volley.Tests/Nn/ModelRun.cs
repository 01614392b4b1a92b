using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Neurons;
using Volley.Training;

namespace Volley.Tests.Nn;

/// <summary>What one training pass of a model gave.</summary>
/// <param name="Scores">[B, C].</param>
/// <param name="Loss">The loss; with a regulariser its penalty too.</param>
/// <param name="Gradients">Of each parameter, by path.</param>
/// <param name="Buffers">Each running statistic after the pass, by path.</param>
internal sealed record ModelRun(float[] Scores, double Loss, IReadOnlyList<(string Path, float[] Values)> Gradients, IReadOnlyList<(string Path, float[] Values)> Buffers)
{
    public static ModelRun Of(Cpu cpu, Model model, LayerInput input, int[] labels, Loss loss, float[]? soft = null, RateRegularizer? regularizer = null, int truncate = 0, int[]? stepLabels = null)
    {
        using var arena = new Arena();
        foreach (NamedParameter parameter in model.Parameters)
            parameter.Parameter.Gradient.Data.Clear();
        var tape = new Tape(cpu, arena, training: true) { Random = new Rng(6), Truncate = truncate };
        var batch = new Batch(input.In(arena), labels) { SoftLabels = soft is null ? null : Tensor.Of(new Shape(labels.Length, model.Classes), soft), StepLabels = stepLabels };
        Prediction prediction = model.Forward(tape, batch.Input);
        Tensor value = loss.Compute(tape, prediction, batch);
        double penalty = regularizer?.Apply(tape) ?? 0;
        tape.Backward(value);
        return new ModelRun(prediction.Scores.Data.ToArray(), value.Data[0] + penalty, [.. model.Parameters.Select(p => (p.Path, p.Parameter.Gradient.Data.ToArray()))],
            [.. model.Buffers.Select(b => (b.Name, b.Value.Data.ToArray()))]);
    }

    /// <summary>Everything in a row.</summary>
    public float[] All() => [.. Scores, (float)Loss, .. Gradients.SelectMany(g => g.Values), .. Buffers.SelectMany(b => b.Values)];

    /// <summary>Throws unless every bit is the same.</summary>
    public static void Same(ModelRun expected, ModelRun actual, string what)
    {
        SameBits.Check(expected.Scores, actual.Scores, $"scores {what}");
        SameBits.Check([(float)expected.Loss], [(float)actual.Loss], $"loss {what}");
        for (int i = 0; i < expected.Gradients.Count; i++)
            SameBits.Check(expected.Gradients[i].Values, actual.Gradients[i].Values, $"gradient of {expected.Gradients[i].Path} {what}");
        for (int i = 0; i < expected.Buffers.Count; i++)
            SameBits.Check(expected.Buffers[i].Values, actual.Buffers[i].Values, $"{expected.Buffers[i].Path} {what}");
    }
}
