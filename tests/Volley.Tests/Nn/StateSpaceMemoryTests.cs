using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>What state-space layers keep between forward and backward.</summary>
public sealed class StateSpaceMemoryTests
{
    private const int Units = 64;

    public static TheoryData<string> Mixers => ["glu", "gsu"];

    /// <summary>A batch so large that what lies between is computed again gives what its two halves give, for which it is kept.</summary>
    [Theory]
    [MemberData(nameof(Mixers))]
    public void Computed_again_or_kept_is_the_same(string mixer)
    {
        const int Rows = RowChunks.KeptFloats / (2 * Units);
        Module whole = Make(mixer), halves = Make(mixer);
        using var cpu = new Cpu(2);
        float[] values = new float[2 * Rows * Units];
        new Rng(1).FillNormal(cpu, values, 0, 1);
        (float[] y, float[] dX) = Pass(cpu, whole, values);
        var parts = new List<(float[] Y, float[] DX)>();
        foreach (float[] part in values.Chunk(Rows * Units))
            parts.Add(Pass(cpu, halves, part));
        Assert.Equal(y, parts.SelectMany(part => part.Y));
        Assert.Equal(dX, parts.SelectMany(part => part.DX));
        foreach ((Parameter a, Parameter b) in whole.Parameters.Zip(halves.Parameters))
        {
            float largest = a.Gradient.Data.ToArray().Max(MathF.Abs);
            for (int i = 0; i < a.Gradient.Data.Length; i++)
                Assert.Equal(a.Gradient.Data[i], b.Gradient.Data[i], 1e-4 * largest);
        }
    }

    /// <summary>At L = 4096: y, what is mixed, the output and its gradient, which is written over for the gradients before it; the kernels' spectra come on top.</summary>
    [Theory]
    [InlineData("s4d")]
    [InlineData("binary-s4d")]
    [InlineData("gsu-s4d")]
    public void A_layer_holds_four_tensors_and_a_half(string kind)
    {
        const int Batch = 16, Steps = 4096, Units = 128;
        var options = new StateSpaceOptions { States = 64 };
        S4D layer = kind switch
        {
            "s4d" => S4D.WithGelu(Units, options, new Rng(1)),
            "binary-s4d" => S4D.Binary(Units, options, new Rng(1)),
            _ => S4D.Gated(Units, options, new Rng(1)),
        };
        using var cpu = new Cpu(2);
        using var arena = new Arena();
        var tape = new Tape(cpu, arena, training: true);
        var x = Tensor.Zeros(new Shape(Batch, Steps, Units));
        x.NeedsGradient = true;
        GradientTarget target = tape.Target(layer.Forward(tape, x));
        target.Span.Fill(1);
        target.Commit();
        tape.WalkBack();
        Assert.InRange((double)arena.UsedBytes / (4.0 * Batch * Steps * Units), 3.5, 4.75);
    }

    /// <summary>y and the residual stream, and the output and the gradient of dropout; the gradients of a block lie where those of the block behind it lay.</summary>
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 4)]
    public void ABlockMoreHoldsFewTensorsMore(bool dropout, int tensors)
    {
        const int Batch = 8, Steps = 1024, More = 4, Units = 128;
        double Held(int depth)
        {
            var options = new StateSpaceOptions { States = 4 };
            Module[] blocks = [.. Enumerable.Range(0, depth).Select(i => new StateSpaceBlock(S4D.Binary(Units, options, new Rng(1)), new BatchNorm(Units), normFirst: true, dropout ? 0.1f : 0))];
            using var cpu = new Cpu(2);
            using var arena = new Arena();
            var tape = new Tape(cpu, arena, training: true);
            var x = Tensor.Zeros(new Shape(Batch, Steps, Units));
            x.NeedsGradient = true;
            GradientTarget target = tape.Target(new Chain(blocks).Forward(tape, x));
            target.Span.Fill(1);
            target.Commit();
            tape.WalkBack();
            return arena.UsedBytes / (4.0 * Batch * Steps * Units);
        }
        // What lies between product and gate, two tensors, is kept at this size; spectra and bits come on top.
        Assert.InRange((Held(2 + More) - Held(2)) / More, tensors + 2, tensors + 2.9);
    }

    private static Module Make(string mixer) => mixer == "glu" ? new GatedLinear(Units, Units, new Rng(2)) : new GatedSpikingUnit(Units, new Rng(2));

    private static (float[] Y, float[] DX) Pass(Cpu cpu, Module module, float[] values)
    {
        using var arena = new Arena();
        var tape = new Tape(cpu, arena, training: true);
        var x = Tensor.Zeros(new Shape(1, values.Length / Units, Units));
        values.CopyTo(x.Data);
        x.NeedsGradient = true;
        var y = (Tensor)module.Forward(tape, x);
        GradientTarget target = tape.Target(y);
        for (int i = 0; i < values.Length; i++)
            target.Span[i] = values[i];
        target.Commit();
        tape.WalkBack();
        return (y.Data.ToArray(), x.Gradient!.Data.ToArray());
    }
}
