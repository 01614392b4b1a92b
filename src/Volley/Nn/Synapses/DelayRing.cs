namespace Volley.Nn;

/// <summary>What is on its way in a stream: a row for this step and one for each later one, and the steps that are left when the input has ended.</summary>
/// <param name="rows">K.</param>
/// <param name="width">Elements of a row.</param>
/// <param name="extra">Steps that the output is longer than the input.</param>
internal sealed class DelayRing(int rows, int width, int extra)
{
    // The row of the next step, and the steps since the input ended.
    private readonly float[] _counts = new float[2];

    /// <summary>[K, width].</summary>
    public float[] Values { get; } = new float[rows * width];

    /// <summary>The row of this step.</summary>
    public int Now => (int)_counts[0];

    public Span<float> Row => Values.AsSpan(Now * width, width);

    public IEnumerable<Memory<float>> State => [Values, _counts];

    /// <summary>Begins a step; false where neither the input nor what it left has one.</summary>
    public bool Begin(bool live)
    {
        _counts[1] = live ? 0 : Math.Min(_counts[1] + 1, extra + 1);
        return _counts[1] <= extra;
    }

    /// <summary>Ends the step: its row is that of a later one from now on.</summary>
    public void End()
    {
        Row.Clear();
        _counts[0] = Now + 1 == rows ? 0 : Now + 1;
    }
}
