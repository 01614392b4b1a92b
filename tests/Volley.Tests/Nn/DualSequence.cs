using Volley.Kernels.Lanes;

namespace Volley.Tests.Nn;

/// <summary>[B, T, N] of doubles, each with its derivative in one direction.</summary>
internal sealed class DualSequence(int batch, int steps, int units, int[]? lengths)
{
    public int Batch => batch;

    public int Steps => steps;

    public int Units => units;

    public Dual[] Values { get; } = new Dual[batch * steps * units];

    public ref Dual this[int b, int t, int n] => ref Values[(b * steps + t) * units + n];

    public int Length(int b) => lengths is null ? steps : lengths[b];

    /// <summary>The same samples and steps with other units, all 0.</summary>
    public DualSequence With(int otherUnits) => new(batch, steps, otherUnits, lengths);

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
