using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>y = 2·x + w, right in every way; each descendant does one thing wrong.</summary>
internal abstract class PlantedModule : Module, ICausal
{
    protected PlantedModule(int units)
    {
        Bias = new Parameter("bias", Tensor.Of(new Shape(units), [.. Enumerable.Range(0, units).Select(i => 0.1f * i)]));
        Parameters = [Bias];
    }

    public override string Kind => "planted";

    public override IReadOnlyList<Parameter> Parameters { get; }

    protected Parameter Bias { get; }

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input)
    {
        Tensor x = tape.Floats(input);
        var y = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        y.NeedsGradient = true;
        for (int i = 0; i < y.Shape.Count; i++)
            y.Data[i] = 2 * x.Data[i] + Bias.Value.Data[i % y.Shape.Last];
        Change(tape, x, y.Data);
        tape.Record(new Back(this, input, y));
        return y;
    }

    /// <summary>The mistake in forward.</summary>
    protected virtual void Change(Tape tape, Tensor x, Span<float> y)
    {
    }

    protected virtual float InputFactor => 2;

    protected virtual void AddBiasGradient(Tape tape, ReadOnlySpan<float> dY, int rows) => Reduce.AddColumnSums(tape.Cpu, dY, Bias.Gradient.Data, rows, Bias.Value.Shape.Count);

    protected virtual void ChangeStep(Span<float> y, int step)
    {
    }

    Stage ICausal.OpenStage(StageInput input) => new PlantedStage(this, input.Signal);

    private sealed class Back(PlantedModule layer, Signal input, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            GradientTarget target = tape.Target(input);
            for (int i = 0; i < target.Span.Length; i++)
                target.Span[i] = layer.InputFactor * y.Gradient!.Data[i];
            layer.AddBiasGradient(tape, y.Gradient!.Data, y.Shape.Rows);
            target.Commit();
        }
    }

    private sealed class PlantedStage(PlantedModule layer, StepSignal input) : Stage(StepSignal.OfValues(input.Units))
    {
        private readonly float[] _x = new float[input.Units];
        private int _step;

        public override void Step()
        {
            ReadOnlySpan<float> x = input.Floats(_x);
            for (int i = 0; i < x.Length; i++)
                Output.Values[i] = 2 * x[i] + layer.Bias.Value.Data[i];
            layer.ChangeStep(Output.Values, _step++);
        }
    }
}

/// <summary>Nothing is wrong: the checks pass.</summary>
internal sealed class NothingWrong(int units) : PlantedModule(units);

/// <summary>Reads the last step, padding or not.</summary>
internal sealed class ReadsPadding(int units) : PlantedModule(units)
{
    protected override void Change(Tape tape, Tensor x, Span<float> y)
    {
        int size = x.Shape[1] * x.Shape[2];
        for (int b = 0; b < x.Shape[0]; b++)
            y[b * size] += x.Data[(b + 1) * size - 1];
    }
}

/// <summary>Draws one stream over the whole batch, so that further padding shifts what a sample gets.</summary>
internal sealed class DrawsAcrossPadding(int units) : PlantedModule(units)
{
    protected override void Change(Tape tape, Tensor x, Span<float> y)
    {
        Rng random = tape.NextRandom();
        for (int i = 0; i < y.Length; i++)
            y[i] += random.Uniform(i);
    }
}

/// <summary>Its backward pass forgets the 2.</summary>
internal sealed class ForgetsFactor(int units) : PlantedModule(units)
{
    protected override float InputFactor => 1;
}

/// <summary>Its backward pass sums all but the first row.</summary>
internal sealed class ForgetsRow(int units) : PlantedModule(units)
{
    protected override void AddBiasGradient(Tape tape, ReadOnlySpan<float> dY, int rows) => base.AddBiasGradient(tape, dY[Bias.Value.Shape.Count..], rows - 1);
}

/// <summary>Its backward pass writes the gradient of the parameter where it should add.</summary>
internal sealed class OverwritesGradient(int units) : PlantedModule(units)
{
    protected override void AddBiasGradient(Tape tape, ReadOnlySpan<float> dY, int rows)
    {
        Bias.Gradient.Data.Clear();
        base.AddBiasGradient(tape, dY, rows);
    }
}

/// <summary>Sums in as many parts as there are threads.</summary>
internal sealed class SplitsByThreads(int units) : PlantedModule(units)
{
    protected override void AddBiasGradient(Tape tape, ReadOnlySpan<float> dY, int rows)
    {
        int columns = Bias.Value.Shape.Count, part = (rows + tape.Cpu.Threads - 1) / tape.Cpu.Threads;
        for (int first = 0; first < rows; first += part)
            base.AddBiasGradient(tape, dY.Slice(first * columns, Math.Min(part, rows - first) * columns), Math.Min(part, rows - first));
    }
}

/// <summary>Rounds differently with wide lanes.</summary>
internal sealed class RoundsByWidth(int units) : PlantedModule(units)
{
    protected override void Change(Tape tape, Tensor x, Span<float> y)
    {
        if (tape.Cpu.Width == LaneWidth.Vector256)
            y[0] = MathF.BitIncrement(y[0]);
    }
}

/// <summary>Keeps hidden state between calls.</summary>
internal sealed class Remembers(int units) : PlantedModule(units)
{
    private int _calls;

    protected override void Change(Tape tape, Tensor x, Span<float> y) => y[0] += _calls++;
}

/// <summary>Its stream has a state that it does not show.</summary>
internal sealed class HidesStreamState(int units) : PlantedModule(units)
{
    protected override void Change(Tape tape, Tensor x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] += i / x.Shape[2] % x.Shape[1];
    }

    protected override void ChangeStep(Span<float> y, int step)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] += step;
    }
}

/// <summary>Its stream rounds differently.</summary>
internal sealed class StreamsOtherwise(int units) : PlantedModule(units)
{
    protected override void ChangeStep(Span<float> y, int step) => y[0] = MathF.BitIncrement(y[0]);
}

/// <summary>Its steps allocate.</summary>
internal sealed class AllocatesSteps(int units) : PlantedModule(units)
{
    protected override void ChangeStep(Span<float> y, int step) => y[0] += new string(default, y.Length).Length - y.Length;
}

/// <summary>Looks ahead, and says so by not being causal.</summary>
internal sealed class Reversed : Module, INonCausal
{
    public override string Kind => "reversed";

    string INonCausal.Alternative => " Use a forward layer instead.";

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input) => input;
}
