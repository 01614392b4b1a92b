using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Nn;
using Volley.Tensors;
using Volley.Testing;
using Volley.Tests.Neurons;
using Xunit.Sdk;

namespace Volley.Tests.Nn;

/// <summary>What holds for every module. Each check throws where it does not; <see cref="PlantedLayerTests"/> shows that it can.</summary>
internal static class LayerChecks
{
    private static readonly Cpu s_cpu = new();

    /// <summary>Output, gradient of the input and every gradient of a parameter agree with the reference.</summary>
    public static void AgreesWithReference(LayerCase layer, int truncate = 0, double tolerance = 1e-4, Func<int, int, int, double>? kept = null)
    {
        Module module = layer.Module(11);
        LayerInput input = LayerInput.Random(layer.Input, 2, 11, layer.Step, layer.Density, [11, 8], seed: 8);
        LayerRun run = LayerRun.Of(s_cpu, module, input, truncate: truncate);
        DualSequence expected = Reference(module, input, null, -1, truncate, kept);
        var output = new double[expected.Values.Length];
        foreach ((int b, int t) in expected.Rows())
        {
            for (int n = 0; n < expected.Units; n++)
                output[(b * expected.Steps + t) * expected.Units + n] = expected[b, t, n].Value;
        }
        Compare(output, Valid(run.Output, run.Shape, input), tolerance, "output");

        var dInput = new double[input.Values.Length];
        for (int i = 0; i < dInput.Length; i++)
            dInput[i] = Slope(Reference(module, input, null, i, truncate, kept), run.Shape, input);
        Compare(dInput, run.DInput, tolerance, "gradient of the input");
        Model model = LayerRun.AsModel(module, layer.Step);
        for (int p = 0; p < model.Parameters.Count; p++)
        {
            Parameter parameter = model.Parameters[p].Parameter;
            var gradient = new double[parameter.Value.Shape.Count];
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] = Slope(Reference(module, input, parameter, i, truncate, kept), run.Shape, input);
            if (Array.TrueForAll(gradient, g => g == 0))
                throw new XunitException($"The gradient of {model.Parameters[p].Path} is 0 and checks nothing.");
            Compare(gradient, run.DParameters[p].Values, tolerance, $"gradient of {model.Parameters[p].Path}");
        }
    }

    /// <summary>The output has the units that the module promises, and another input is refused with a message that says what was expected.</summary>
    public static void KeepsItsShape(LayerCase layer)
    {
        Module module = layer.Module(3);
        LayerInput input = LayerInput.Random(layer.Input, 2, 3, layer.Step);
        LayerRun run = LayerRun.Of(s_cpu, module, input);
        var promised = Shape.Sequence(2, 3 + layer.Extra, module.OutputShape(layer.Step));
        if (run.Shape != promised)
            throw new XunitException($"The output is {run.Shape}, not {promised}.");
        if (run.DInput.Length != input.Values.Length)
            throw new XunitException("The gradient of the input has not the shape of the input.");
    }

    /// <summary>A second backward pass adds to the gradients of the parameters and writes that of the input anew.</summary>
    public static void GradientsAccumulate(LayerCase layer)
    {
        LayerInput input = LayerInput.Random(layer.Input, 2, 9, layer.Step, layer.Density);
        LayerRun one = LayerRun.Of(s_cpu, layer.Module(9), input), two = LayerRun.Of(s_cpu, layer.Module(9), input, passes: 2);
        SameBits.Check(one.DInput, two.DInput, "gradient of the input after a second pass");
        for (int p = 0; p < one.DParameters.Count; p++)
            Compare([.. one.DParameters[p].Values.Select(g => 2.0 * g)], two.DParameters[p].Values, 1e-5, $"gradient of {one.DParameters[p].Path} after a second pass");
    }

    /// <summary>Outputs, gradients and statistics are the same bits for every vector width on one thread and three.</summary>
    public static void SameBitsEverywhere(LayerCase layer)
    {
        const int Units = 37;
        LayerInput input = LayerInput.Random(layer.Input, 7, 70, layer.StepOf(Units), layer.Density, [70, 3, 64, 70, 41, 70, 12]);
        TestCpus.SameBits(cpu => LayerRun.Of(cpu, layer.Module(Units, 70), input).All());
    }

    /// <summary>Neither more padding nor what is in it changes a bit of what counts.</summary>
    public static void PaddingChangesNothing(LayerCase layer)
    {
        LayerInput input = LayerInput.Random(layer.Input, 3, 14, layer.Step, layer.Density, [14, 5, 9]);
        LayerRun run = LayerRun.Of(s_cpu, layer.Module(14), input);
        foreach (LayerInput padded in (LayerInput[])(layer.MakeForSteps is null ? [input.Padded(0, 1e6f), input.Padded(7, -3.5f)] : [input.Padded(0, 1e6f), input.Padded(0, -3.5f)]))
            SameWhereItCounts(run, input, LayerRun.Of(s_cpu, layer.Module(14), padded), padded, $"with {padded.Steps - input.Steps} more steps of padding");
        if (layer.MakeForSteps is not null)
            return;
        for (int b = 0; b < input.Batch; b++)
        {
            LayerInput alone = input.Sample(b);
            LayerRun exact = LayerRun.Of(s_cpu, layer.Module(), alone);
            SameWhereItCounts(exact, alone, LayerRun.Of(s_cpu, layer.Module(), alone.Padded(6, 11)), alone.Padded(6, 11), $"with sample {b} alone");
            if (!layer.UsesWholeBatch && !layer.Draws)
                SameBits.Check(exact.Output, [.. Valid(run.Output, run.Shape, input).AsSpan(b * run.Shape[1] * run.Shape.Step.Count, exact.Output.Length)], $"output of sample {b} alone");
        }
    }

    /// <summary>Every step of a stream is that of the whole sequence in evaluation, also after its state was saved and put into another stream.</summary>
    public static void StreamsLikeEvaluation(LayerCase layer)
    {
        LayerInput input = LayerInput.Random(layer.Input is InputKind.Floats ? InputKind.Floats : InputKind.Spikes, 2, 23, layer.Step, layer.Density);
        Module module = layer.Module(23);
        LayerRun.Of(s_cpu, module, input);
        using var arena = new Arena();
        var tape = new Tape(s_cpu, arena, training: false);
        float[] whole = tape.Floats(module.Forward(tape, input.In(arena))).Data.ToArray();
        int outputs = module.OutputShape(layer.Step).Count;
        for (int b = 0; b < input.Batch; b++)
        {
            StepSignal signal = Open(input, out Action<int> feed, b);
            Stage stage = Stage.Open(module, new StageInput(s_cpu, signal));
            for (int t = 0; t < input.Steps + layer.Extra; t++)
            {
                if (t == 10 || t == input.Steps + 1)
                {
                    float[][] saved = [.. stage.State.Select(part => part.ToArray())];
                    stage = Stage.Open(module, new StageInput(s_cpu, signal));
                    foreach ((Memory<float> part, float[] values) in stage.State.Zip(saved))
                        values.CopyTo(part);
                }
                if (t < input.Steps)
                    feed(t);
                else
                    signal.Silence();
                stage.Advance(signal);
                if (!stage.Output.Live)
                    throw new XunitException($"The stream ends after {t} steps, not {input.Steps + layer.Extra}.");
                var step = new float[outputs];
                SameBits.Check(whole.AsSpan((b * (input.Steps + layer.Extra) + t) * outputs, outputs).ToArray(), stage.Output.Floats(step).ToArray(), $"sample {b}, step {t} of a stream");
            }
            signal.Silence();
            stage.Advance(signal);
            if (stage.Output.Live)
                throw new XunitException($"The stream goes on behind {input.Steps + layer.Extra} steps.");
            signal.Live = true;
        }
    }

    /// <summary>A step of a stream allocates nothing.</summary>
    public static void StreamingAllocatesNothing(LayerCase layer)
    {
        LayerInput input = LayerInput.Random(layer.Input is InputKind.Floats ? InputKind.Floats : InputKind.Spikes, 1, 1, layer.Step, layer.Density);
        StepSignal signal = Open(input, out Action<int> feed, 0);
        feed(0);
        DriverChecks.StepsAllocateNothing(Stage.Open(layer.Module(1200), new StageInput(s_cpu, signal)).Step);
    }

    /// <summary>A call leaves nothing behind in the module: the second gives what the first gave.</summary>
    public static void RemembersNothing(LayerCase layer)
    {
        LayerInput input = LayerInput.Random(layer.Input, 2, 9, layer.Step, layer.Density);
        Module module = layer.Module(9);
        LayerRun first = LayerRun.Of(s_cpu, module, input), second = LayerRun.Of(s_cpu, module, input);
        SameBits.Check([.. first.Output, .. first.DInput], [.. second.Output, .. second.DInput], "the second call");
    }

    public static void Compare(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        double scale = 1e-6;
        foreach (double value in expected)
            scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * scale))
                throw new XunitException($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}; the largest is {scale:R}.");
        }
    }

    private static StepSignal Open(LayerInput input, out Action<int> feed, int b)
    {
        StepSignal signal = input.Kind == InputKind.Floats ? StepSignal.OfValues(input.Step) : StepSignal.OfSpikes(input.Step, 1.25f);
        feed = t =>
        {
            ReadOnlySpan<float> row = input.Values.AsSpan((b * input.Steps + t) * input.Units, input.Units);
            if (signal.IsSpikes)
                SpikeBits.FromFloats(row, signal.Bits, input.Step.Rows, input.Step.Last, out _);
            else
                row.CopyTo(signal.Values);
        };
        return signal;
    }

    private static void SameWhereItCounts(LayerRun expected, LayerInput input, LayerRun actual, LayerInput padded, string what)
    {
        SameBits.Check(Packed(expected.Output, expected.Shape.Step.Count, input, expected.Shape[1]), Packed(actual.Output, actual.Shape.Step.Count, padded, actual.Shape[1]), $"output {what}");
        SameBits.Check(Packed(expected.DInput, input.Units, input, input.Steps), Packed(actual.DInput, padded.Units, padded, padded.Steps), $"gradient of the input {what}");
        for (int p = 0; p < expected.DParameters.Count; p++)
            SameBits.Check(expected.DParameters[p].Values, actual.DParameters[p].Values, $"gradient of {expected.DParameters[p].Path} {what}");
        for (int i = 0; i < expected.Buffers.Count; i++)
            SameBits.Check(expected.Buffers[i].Values, actual.Buffers[i].Values, $"{expected.Buffers[i].Path} {what}");
    }

    /// <summary>The rows that count, one behind the other.</summary>
    private static float[] Packed(float[] values, int units, LayerInput input, int steps) =>
        [.. Enumerable.Range(0, input.Batch).SelectMany(b => values.AsSpan(b * steps * units, (input.Length(b) + steps - input.Steps) * units).ToArray())];

    /// <summary>The output with zeros in the padding.</summary>
    private static float[] Valid(float[] values, Shape shape, LayerInput input)
    {
        float[] valid = [.. values];
        for (int b = 0; b < input.Batch; b++)
            valid.AsSpan((b * shape[1] + input.Length(b) + shape[1] - input.Steps) * shape.Step.Count, (input.Steps - input.Length(b)) * shape.Step.Count).Clear();
        return valid;
    }

    private static DualSequence Reference(Module module, LayerInput input, Parameter? parameter, int index, int truncate, Func<int, int, int, double>? kept)
    {
        var x = new DualSequence(input.Batch, input.Steps, input.Step, input.Lengths);
        for (int i = 0; i < x.Values.Length; i++)
            x.Values[i] = new Dual(input.Values[i], parameter is null && i == index ? 1 : 0);
        return new ReferenceNetwork(parameter is null ? null : (parameter, index), truncate, kept).Run(module, x);
    }

    private static double Slope(DualSequence output, Shape shape, LayerInput input)
    {
        double sum = 0;
        for (int i = 0; i < output.Values.Length; i++)
            sum += LayerRun.Cotangent(shape, input, i) * output.Values[i].Tangent;
        return sum;
    }
}
