namespace Volley.Kernels.StateSpace;

/// <summary>The roots of unity that transforms over time multiply by, of every size up to the one that was asked for. Made once, in double; read by any thread.</summary>
public sealed unsafe class TwiddleTable : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private readonly int _largest;

    /// <param name="steps">The longest sequence.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1 or above 2²⁴.</exception>
    public TwiddleTable(int steps)
    {
        if (steps is < 1 or > 1 << 24)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, "A sequence must have between 1 and 16,777,216 steps.");
        Steps = steps;
        _largest = TimeFourier.PointsFor(steps);
        // Tables of size m lie at the sum of those before: 9·m/4 floats of turns and 12·m/4 of twists, for m = 4, 8, …, largest.
        _buffer = new AlignedBuffer(Offset(2 * _largest) * sizeof(float));
        for (int m = 4; m <= _largest; m *= 2)
            Fill(m);
    }

    /// <summary>The longest sequence.</summary>
    public int Steps { get; }

    public void Dispose() => _buffer.Dispose();

    /// <summary>W^j, W^2j, W^3j as (re, im, −im) with W = e^(−2πi/m), for j below m/4.</summary>
    internal float* Turns(int m) => (float*)_buffer.Start + Offset(m);

    /// <summary>W^(j·(1 + 4r)) as (re, im, −im) with W = e^(−2πi/4m), for j below m/4 and r from 0 to 3.</summary>
    internal float* Twist(int m) => Turns(m) + 9 * (m / 4);

    private static nint Offset(int m) => 21 * (m / 4 - (nint)1);

    private void Fill(int m)
    {
        float* turns = Turns(m), twist = Twist(m);
        for (int j = 0; j < m / 4; j++)
        {
            for (int r = 1; r < 4; r++, turns += 3)
                Root((double)j * r / m, turns);
            for (int r = 0; r < 4; r++, twist += 3)
                Root((double)j * (1 + 4 * r) / (4.0 * m), twist);
        }
    }

    private static void Root(double turn, float* to)
    {
        (double s, double c) = Math.SinCos(-2 * Math.PI * turn);
        (to[0], to[1], to[2]) = ((float)c, (float)s, -(float)s);
    }
}
