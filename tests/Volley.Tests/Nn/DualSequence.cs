using Volley.Kernels.Lanes;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>[B, T, …] of doubles, each with its derivative in one direction.</summary>
internal sealed class DualSequence(int batch, int steps, Shape step, int[]? lengths)
{
    public int Batch => batch;

    public int Steps => steps;

    public Shape Step => step;

    /// <summary>Elements of a step.</summary>
    public int Units => step.Count;

    public Dual[] Values { get; } = new Dual[batch * steps * step.Count];

    public ref Dual this[int b, int t, int n] => ref Values[(b * steps + t) * step.Count + n];

    public int Length(int b) => lengths is null ? steps : lengths[b];

    /// <summary>The same samples and steps with other axes, all 0.</summary>
    public DualSequence With(Shape other) => new(batch, steps, other, lengths);

    /// <summary>The same samples with other axes, every one that many steps longer, all 0.</summary>
    public DualSequence Longer(int extra, Shape other) => new(batch, steps + extra, other, lengths is null ? null : [.. lengths.Select(length => length + extra)]);

    /// <summary>The same elements with other axes.</summary>
    public DualSequence SeenAs(Shape other)
    {
        DualSequence seen = With(other);
        Values.CopyTo(seen.Values, 0);
        return seen;
    }

    /// <summary>The samples, steps and places of the last axis that count; an element is this place's number · channels + channel.</summary>
    public IEnumerable<(int B, int T, int Place)> Places()
    {
        foreach ((int b, int t) in Rows())
        {
            for (int place = 0; place < step.Rows; place++)
                yield return (b, t, place);
        }
    }

    /// <summary>The samples and steps that count.</summary>
    public IEnumerable<(int B, int T)> Rows()
    {
        for (int b = 0; b < batch; b++)
        {
            for (int t = 0; t < Length(b); t++)
                yield return (b, t);
        }
    }
}
