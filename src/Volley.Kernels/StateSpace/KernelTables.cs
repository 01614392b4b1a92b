using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>The convolution kernels of a tile of channels: K[l] = 2·Re Σₙ Cₙ·B̄ₙ·Āₙˡ, and the way back from their gradients.</summary>
/// <remarks>
/// With l = 64·s + r, K[l] = Re Σₙ P[s, n]·Q[r, n], P = 2·C·B̄·Ā^(64·s), Q = Āʳ: two tables of powers and a small matrix product take the place of a Vandermonde matrix.
/// The powers are made in double and rounded once, so their phase is right after any number of steps.
/// </remarks>
internal readonly unsafe struct KernelTables<L> where L : struct, IVectorLane<L>
{
    /// <summary>Steps that one row of P covers.</summary>
    public const int Stretch = 64;

    // Smaller numbers would be denormal soon, in products if not by themselves.
    private const double Least = 1e-30, LeastPower = 1e-280;

    private readonly StateSpaceCall _call;
    private readonly StateSpacePointers _parameters;
    private readonly int _tile, _rows;
    private readonly float* _p, _q;   // P [direction][s][mode][re, −im][lane], Q [r][mode][re, im][lane]

    /// <param name="memory"><see cref="Floats"/> floats.</param>
    public KernelTables(in StateSpaceCall call, in StateSpacePointers parameters, int tile, int points, float* memory)
    {
        (_call, _parameters, _tile, _rows) = (call, parameters, tile, RowsFor(points));
        _q = memory;
        _p = memory + Stretch * Row;
    }

    private nint Row => 2 * _call.Modes * L.Count;

    /// <summary>Floats of both tables.</summary>
    public static nint Floats(in StateSpaceCall call, int points) => (Stretch + (nint)call.Directions * RowsFor(points)) * 2 * call.Modes * L.Count;

    private static int RowsFor(int points) => (points + Stretch - 1) / Stretch;

    /// <summary>Lanes of this tile that are channels.</summary>
    private int Channels => Math.Min(L.Count, _call.Channels - _tile * L.Count);

    /// <summary>Fills the tables.</summary>
    public void Fill()
    {
        if (Channels < L.Count)
            new Span<float>(_q, (int)Floats(_call, _rows * Stretch)).Clear();
        for (int lane = 0; lane < Channels; lane++)
        {
            int channel = _tile * L.Count + lane;
            for (int n = 0; n < _call.Modes; n++)
            {
                var mode = new DiscreteMode(_parameters, _call, channel, n);
                nint at = 2 * n * L.Count + lane;
                Complex power = Complex.One;
                for (int r = 0; r < Stretch; r++, power *= mode.Step)
                    Put(_q + r * Row + at, power);
                Complex jump = Kept(power);
                for (int d = 0; d < _call.Directions; d++)
                {
                    power = Gain(mode, d, channel, n);
                    for (int s = 0; s < _rows; s++, power = Kept(power * jump))
                        Put(_p + ((nint)d * _rows + s) * Row + at, Complex.Conjugate(power));
                }
            }
        }
    }

    /// <summary>K[l] of one direction for l below <paramref name="points"/>, rows of one lane.</summary>
    public void Kernel(int direction, int points, float* kernel)
    {
        int rows = RowsFor(points), columns = Math.Min(points, Stretch);
        LaneProduct.Run<L>(new(_p + (nint)direction * _rows * Row, Row, L.Count), new(_q, Row, L.Count), new(kernel, Stretch * L.Count, L.Count),
            rows, columns, 2 * _call.Modes, accumulate: false);
    }

    /// <summary>Floats that <see cref="Backward"/> needs beside the tables.</summary>
    public static nint BackwardFloats(in StateSpaceCall call, int points) => Floats(call, points);

    /// <summary>Adds the gradients of what is learned, given those of the kernels; those of A and B are written to a place of each channel's own, for they may be shared.</summary>
    /// <param name="dKernels">[directions][points][lane].</param>
    /// <param name="points">A power of two.</param>
    /// <param name="scratch"><see cref="BackwardFloats"/> floats.</param>
    /// <param name="gradients">Of LogStep, C and D; the rest is not touched.</param>
    /// <param name="shared">[H, N/2, 4] doubles: LogDecay, Frequency, B.</param>
    public void Backward(float* dKernels, int points, float* scratch, in StateSpacePointers gradients, double* shared)
    {
        int rows = RowsFor(points), columns = Math.Min(points, Stretch);
        float* dQ = scratch, dP = scratch + Stretch * Row;
        for (int d = 0; d < _call.Directions; d++)
        {
            float* dK = dKernels + (nint)d * points * L.Count;
            LaneProduct.Run<L>(new(dK, Stretch * L.Count, L.Count), new(_q, L.Count, Row), new(dP + (nint)d * _rows * Row, Row, L.Count),
                rows, 2 * _call.Modes, columns, accumulate: false);
            LaneProduct.Run<L>(new(dK, L.Count, Stretch * L.Count), new(_p + (nint)d * _rows * Row, L.Count, Row), new(dQ, Row, L.Count),
                columns, 2 * _call.Modes, rows, accumulate: d > 0);
        }
        for (int lane = 0; lane < Channels; lane++)
        {
            int channel = _tile * L.Count + lane;
            double dLogStep = 0;
            for (int n = 0; n < _call.Modes; n++)
                dLogStep += ModeBackward(channel, n, dQ + 2 * n * L.Count + lane, dP + 2 * n * L.Count + lane, rows, columns, gradients, shared);
            gradients.LogStep[channel] += (float)dLogStep;
            gradients.D[channel] += dKernels[lane];
        }
    }

    private double ModeBackward(int channel, int n, float* dQ, float* dP, int rows, int columns, in StateSpacePointers gradients, double* shared)
    {
        var mode = new DiscreteMode(_parameters, _call, channel, n);
        // Ā^r and its derivative r·Ā^(r−1).
        Complex power = Complex.One, before = Complex.Zero, dStep = Complex.Zero;
        for (int r = 0; r < columns; r++)
        {
            dStep += r * (Complex.Conjugate(before) * new Complex(dQ[r * Row], dQ[r * Row + L.Count]));
            (before, power) = (power, power * mode.Step);
        }
        Complex dInput = Complex.Zero;
        if (columns == Stretch)
        {
            Complex jump = Kept(power);
            for (int d = 0; d < _call.Directions; d++)
            {
                Complex gain = Complex.Conjugate(Gain(mode, d, channel, n)), dGain = Complex.Zero, dPower = Complex.Zero;
                Complex here = Complex.One, last = Complex.Zero;
                for (int s = 0; s < rows; s++)
                {
                    float* at = dP + ((nint)d * _rows + s) * Row;
                    var dRow = new Complex(at[0], -at[L.Count]);
                    dGain += Complex.Conjugate(here) * dRow;
                    dPower += s * (double)Stretch * (Complex.Conjugate(last * before) * dRow);
                    (last, here) = (here, Kept(here * jump));
                }
                dStep += gain * dPower;
                dInput += GainBackward(mode, d, channel, n, dGain, gradients);
            }
        }
        else
        {
            for (int d = 0; d < _call.Directions; d++)
                dInput += GainBackward(mode, d, channel, n, new Complex(dP[d * _rows * Row], -dP[d * _rows * Row + L.Count]), gradients);
        }
        mode.Backward(dStep, dInput, out double dLogStep, out double dLogDecay, out double dFrequency, out Complex dB);
        double* own = shared + 4 * ((nint)channel * _call.Modes + n);
        (own[0], own[1], own[2], own[3]) = (dLogDecay, dFrequency, dB.Real, dB.Imaginary);
        return dLogStep;
    }

    private Complex Gain(in DiscreteMode mode, int direction, int channel, int n) => 2 * mode.Input * Output(direction, channel, n);

    private Complex Output(int direction, int channel, int n)
    {
        float* c = _parameters.C + 2 * (((nint)direction * _call.Channels + channel) * _call.Modes + n);
        return new Complex(c[0], c[1]);
    }

    /// <summary>Adds the gradient of C and returns that of B̄.</summary>
    private Complex GainBackward(in DiscreteMode mode, int direction, int channel, int n, Complex dGain, in StateSpacePointers gradients)
    {
        Complex dC = Complex.Conjugate(2 * mode.Input) * dGain;
        float* c = gradients.C + 2 * (((nint)direction * _call.Channels + channel) * _call.Modes + n);
        c[0] += (float)dC.Real;
        c[1] += (float)dC.Imaginary;
        return Complex.Conjugate(2 * Output(direction, channel, n)) * dGain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* to, Complex value)
    {
        to[0] = Math.Abs(value.Real) < Least ? 0 : (float)value.Real;
        to[L.Count] = Math.Abs(value.Imaginary) < Least ? 0 : (float)value.Imaginary;
    }

    /// <summary>A power that has all but vanished is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Complex Kept(Complex power) => Math.Abs(power.Real) + Math.Abs(power.Imaginary) < LeastPower ? Complex.Zero : power;
}
