using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>A batch as plain numbers, from which a signal of its kind is made.</summary>
/// <param name="Kind">What carries the numbers.</param>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Step">Axes of a step; [N], or the number N by itself.</param>
/// <param name="Values">[B, T, …].</param>
/// <param name="Lengths">Steps that count, or null.</param>
internal sealed record LayerInput(InputKind Kind, int Batch, int Steps, Shape Step, float[] Values, int[]? Lengths = null)
{
    private const float Scale = 1.25f;

    /// <summary>Elements of a step.</summary>
    public int Units => Step.Count;

    /// <summary>Numbers in ±2; or spikes at that density, which count 1.25, −1.25, or 1.25 times 1 … 3.</summary>
    public static LayerInput Random(InputKind kind, int batch, int steps, Shape step, double density = 0.2, int[]? lengths = null, int seed = 3)
    {
        var random = new Random(seed);
        var values = new float[batch * steps * step.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (kind == InputKind.Floats)
                values[i] = (float)(4 * random.NextDouble() - 2);
            else if (random.NextDouble() < density)
                values[i] = Scale * kind switch { InputKind.CountedSpikes => 1 + random.Next(3), InputKind.SignedSpikes => random.Next(2) * 2 - 1, _ => 1 };
        }
        return new LayerInput(kind, batch, steps, step, values, lengths);
    }

    public Signal In(Arena arena)
    {
        var shape = Shape.Sequence(Batch, Steps, Step);
        if (Kind == InputKind.Floats)
        {
            var tensor = Tensor.In(arena, shape, Lengths);
            Values.CopyTo(tensor.Data);
            return tensor;
        }
        Tensor? counts = null;
        if (Kind == InputKind.CountedSpikes)
        {
            counts = Tensor.In(arena, shape, Lengths);
            for (int i = 0; i < Values.Length; i++)
                counts.Data[i] = Values[i] / Scale;
        }
        var spikes = Spikes.In(arena, shape, Lengths, Scale, counts, Kind == InputKind.SignedSpikes);
        SpikeBits.FromFloats(Values, spikes.Bits, shape.Rows, shape.Last, out _);
        if (Kind == InputKind.SignedSpikes)
            SpikeBits.FromFloats([.. Values.Select(value => Math.Min(value, 0))], spikes.Negative, shape.Rows, shape.Last, out _);
        return spikes;
    }

    /// <summary>The same samples with garbage behind their lengths, and with further steps of it.</summary>
    /// <param name="more">Further steps.</param>
    /// <param name="garbage">What the padding of floats holds; spikes fire there.</param>
    public LayerInput Padded(int more, float garbage)
    {
        int steps = Steps + more;
        int[] lengths = Lengths ?? [.. Enumerable.Repeat(Steps, Batch)];
        var values = new float[Batch * steps * Units];
        Array.Fill(values, Kind == InputKind.Floats ? garbage : Scale);
        for (int b = 0; b < Batch; b++)
            Values.AsSpan(b * Steps * Units, lengths[b] * Units).CopyTo(values.AsSpan(b * steps * Units));
        return this with { Steps = steps, Values = values, Lengths = lengths };
    }

    /// <summary>One sample by itself, without padding.</summary>
    public LayerInput Sample(int b)
    {
        int length = Length(b);
        return this with { Batch = 1, Steps = length, Values = Values.AsSpan(b * Steps * Units, length * Units).ToArray(), Lengths = null };
    }

    public int Length(int b) => Lengths is null ? Steps : Lengths[b];
}
