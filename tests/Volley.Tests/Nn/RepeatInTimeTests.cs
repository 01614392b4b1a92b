using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Tests.Nn;

public sealed class RepeatInTimeTests : IDisposable
{
    private readonly Cpu _cpu = new(1);

    public void Dispose() => _cpu.Dispose();

    [Theory]
    [InlineData(InputKind.Floats)]
    [InlineData(InputKind.Spikes)]
    public void EveryStepIsThereSeveralTimesAndItsGradientIsTheSum(object kind)
    {
        LayerInput input = LayerInput.Random((InputKind)kind, 2, 3, new Shape(2, 2), lengths: [3, 1]);
        using var arena = new Arena();
        var tape = new Tape(_cpu, arena, training: true);
        Signal x = input.In(arena);
        x.NeedsGradient = true;
        var y = (Tensor)new RepeatInTime(4).Forward(tape, x);
        Assert.Equal(new Shape(2, 12, 2, 2), y.Shape);
        Assert.Equal([12, 4], y.Lengths!);
        GradientTarget target = tape.Target(y);
        for (int i = 0; i < target.Span.Length; i++)
            target.Span[i] = i + 1;
        target.Commit();
        tape.WalkBack();
        for (int i = 0; i < y.Shape.Count; i++)
            Assert.Equal(input.Values[i / 16 * 4 + i % 4], y.Data[i]);
        for (int i = 0; i < x.Shape.Count; i++)
            Assert.Equal(Enumerable.Range(0, 4).Sum(k => i / 4 * 16 + 4 * k + i % 4 + 1), x.Gradient!.Data[i]);
    }

    [Fact]
    public void AStreamCannotMakeStepsAndSaysWhatToDo() =>
        Assert.Contains("at every step", Assert.Throws<NotSupportedException>(() => Stage.Open(new RepeatInTime(2), new StageInput(_cpu, StepSignal.OfValues(3)))).Message, StringComparison.Ordinal);

    [Fact]
    public void NoTimesAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RepeatInTime(0));
}
