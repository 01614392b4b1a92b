using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>Padding that is read as data: exactly what the layers do with whole samples.</summary>
public sealed class PaddingAsDataTests
{
    private const int Batch = 3, Steps = 11, Units = 6;
    private static readonly int[] s_lengths = [11, 4, 7];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ForwardAndBackwardAreThoseOfWholeSamples(bool spikes)
    {
        Result padded = Run(inner => new PaddingAsData(inner), s_lengths, spikes), whole = Run(inner => inner, null, spikes);
        Assert.Equal(whole.Y, padded.Y);
        Assert.Equal(whole.DX, padded.DX);
        Assert.Equal(whole.Gradients, padded.Gradients);
        Assert.Equal(s_lengths, padded.Lengths);
        // The second kernel reads backward: what is behind a sample's end takes part.
        Assert.Contains(Enumerable.Range(4 * Units, 7 * Units), i => padded.DX[Steps * Units + i] != 0);
    }

    [Fact]
    public void LayersThatMaskGiveOtherResults() => Assert.NotEqual(Run(inner => new PaddingAsData(inner), s_lengths, false).Y, Run(inner => inner, s_lengths, false).Y);

    private sealed record Result(float[] Y, float[] DX, float[] Gradients, int[]? Lengths);

    private static Result Run(Func<Module, Module> wrap, int[]? lengths, bool spikes)
    {
        var options = new StateSpaceOptions { States = 4, Bidirectional = true };
        S4D layer = spikes ? S4D.Gated(Units, options, new Rng(2)) : S4D.WithGelu(Units, options, new Rng(2));
        Module module = wrap(new Chain(new Dense(Units, Units, new Rng(1)), new StateSpaceBlock(layer, new BatchNorm(Units), normFirst: true), new BatchNorm(Units)));
        using var cpu = new Cpu(1);
        using var arena = new Arena();
        var tape = new Tape(cpu, arena, training: true);
        var x = Tensor.In(arena, new Shape(Batch, Steps, Units), lengths);
        new Rng(3).FillNormal(cpu, x.Data, 0, 1);
        x.NeedsGradient = true;
        Signal y = module.Forward(tape, x);
        float[] values = tape.Floats(y).Data.ToArray();
        GradientTarget target = tape.Target(y);
        new Rng(4).FillNormal(cpu, target.Span, 0, 1);
        // A readout sends nothing back into padding.
        for (int b = 0; b < Batch; b++)
            target.Span.Slice((b * Steps + s_lengths[b]) * Units, (Steps - s_lengths[b]) * Units).Clear();
        target.Commit();
        tape.WalkBack();
        return new Result(values, x.Gradient!.Data.ToArray(), [.. Every(module).SelectMany(m => m.Parameters).SelectMany(p => p.Gradient.Data.ToArray())], y.Lengths);
    }

    private static IEnumerable<Module> Every(Module module) => [module, .. module.Children.SelectMany(child => Every(child.Module))];
}
