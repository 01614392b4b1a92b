using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>What one forward and backward pass of a module gave.</summary>
/// <param name="Shape">Shape of the output.</param>
/// <param name="Output">[B, T, M], spikes as numbers.</param>
/// <param name="DInput">[B, T, N].</param>
/// <param name="DParameters">Of each parameter, by path.</param>
/// <param name="Buffers">Each running statistic after the pass, by path.</param>
internal sealed record LayerRun(Shape Shape, float[] Output, float[] DInput, IReadOnlyList<(string Path, float[] Values)> DParameters,
    IReadOnlyList<(string Path, float[] Values)> Buffers)
{
    /// <summary>Runs loss = Σ c·output over the steps that count, with c = <see cref="Cotangent"/>.</summary>
    public static LayerRun Of(Cpu cpu, Module module, LayerInput input, int passes = 1, int truncate = 0, ulong seed = 5)
    {
        Model model = AsModel(module, input.Step);
        foreach (NamedParameter parameter in model.Parameters)
            parameter.Parameter.Gradient.Data.Clear();
        using var arena = new Arena();
        Signal x = null!, y = null!;
        var tape = new Tape(cpu, arena, training: true) { Truncate = truncate, Random = new Rng(seed) };
        for (int pass = 0; pass < passes; pass++)
        {
            tape.Clear();
            x = input.In(arena);
            x.NeedsGradient = true;
            y = module.Forward(tape, x);
            GradientTarget target = tape.Target(y);
            Span<float> c = target.Span;
            for (int i = 0; i < c.Length; i++)
                c[i] = Cotangent(y.Shape, input, i);
            target.Commit();
            tape.WalkBack();
        }
        return new LayerRun(y.Shape, tape.Floats(y).Data.ToArray(), x.Gradient is { } dX ? dX.Data.ToArray() : new float[x.Shape.Count],
            [.. model.Parameters.Select(p => (p.Path, p.Parameter.Gradient.Data.ToArray()))], [.. model.Buffers.Select(b => (b.Name, b.Value.Data.ToArray()))]);
    }

    /// <summary>Everything in a row.</summary>
    public float[] All() => [.. Output, .. DInput, .. DParameters.SelectMany(p => p.Values), .. Buffers.SelectMany(b => b.Values)];

    /// <summary>The weight of an element of the output in the loss: a function of sample, step and unit, 0 in padding.</summary>
    public static float Cotangent(Shape shape, LayerInput input, int index)
    {
        int units = shape.Step.Count, n = index % units, t = index / units % shape[1], b = index / units / shape[1];
        return t < input.Length(b) + shape[1] - input.Steps ? (float)Math.Sin(1 + 12.9 * b + 7.23 * t + 3.77 * n) : 0;
    }

    /// <summary>A module in a model, which gives its parts their paths.</summary>
    public static Model AsModel(Module module, Shape step, ReadoutKind readout = ReadoutKind.Mean)
    {
        Shape output = module.OutputShape(step);
        return new("test", output.Rank == 1 ? module : new Chain(module, new Flatten()), step, output.Count, readout);
    }
}
