using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>The convolution kernels of a tile of channels: K[l] = 2·Re Σₙ Cₙ·B̄ₙ·Āₙˡ, and the way back from their gradients.</summary>
/// <remarks>
/// With l = 64·s + r, K[l] = Re Σₙ P[s, n]·Q[r, n], P = 2·C·B̄·Ā^(64·s), Q = Āʳ: two tables of powers and a small matrix product take the place of a Vandermonde matrix.
/// The powers are made in double, eight channels at a time, and rounded once, so their phase is right after any number of steps.
/// </remarks>
internal readonly unsafe struct KernelTables<L> where L : struct, IVectorLane<L>
{
    /// <summary>Steps that one row of P covers.</summary>
    public const int Stretch = 64;

    private readonly StateSpaceCall _call;
    private readonly StateSpacePointers _parameters;
    private readonly int _tile, _rows;
    private readonly float* _p, _q;     // P [direction][s][mode][re, −im][lane], Q [r][mode][re, im][lane]
    private readonly double* _modes;    // [mode][Ā, then 2·C·B̄ of each direction][re, im][lane]

    /// <param name="memory"><see cref="Floats"/> floats.</param>
    public KernelTables(in StateSpaceCall call, in StateSpacePointers parameters, int tile, int points, float* memory)
    {
        (_call, _parameters, _tile, _rows) = (call, parameters, tile, RowsFor(points));
        _modes = (double*)memory;
        _q = memory + 2 * ModeDoubles(call);
        _p = _q + Stretch * Row;
    }

    private nint Row => 2 * _call.Modes * L.Count;

    /// <summary>Lanes of doubles: those of <see cref="DoublePairs"/> at least.</summary>
    private static int Lanes => Math.Max(L.Count, DoublePairs.Count);

    /// <summary>Floats of all tables.</summary>
    public static nint Floats(in StateSpaceCall call, int points) => 2 * ModeDoubles(call) + PowerFloats(call, points);

    private static nint PowerFloats(in StateSpaceCall call, int points) => (Stretch + (nint)call.Directions * RowsFor(points)) * 2 * call.Modes * L.Count;

    private static nint ModeDoubles(in StateSpaceCall call) => (nint)call.Modes * (1 + call.Directions) * 2 * Lanes;

    private static int RowsFor(int points) => (points + Stretch - 1) / Stretch;

    /// <summary>Lanes of this tile that are channels.</summary>
    private int Channels => Math.Min(L.Count, _call.Channels - _tile * L.Count);

    private double* Mode(int n) => _modes + (nint)n * (1 + _call.Directions) * 2 * Lanes;

    /// <summary>Fills the tables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill()
    {
        new Span<double>(_modes, (int)ModeDoubles(_call)).Clear();
        for (int n = 0; n < _call.Modes; n++)
        {
            double* at = Mode(n);
            for (int lane = 0; lane < Channels; lane++)
            {
                int channel = _tile * L.Count + lane;
                var mode = new DiscreteMode(_parameters, _call, channel, n);
                DoublePairs.Put(at + lane, Lanes, mode.Step);
                for (int d = 0; d < _call.Directions; d++)
                    DoublePairs.Put(at + 2 * (1 + d) * Lanes + lane, Lanes, 2 * mode.Input * Output(d, channel, n));
            }
            for (int lane = 0; lane < L.Count; lane += DoublePairs.Count)
                FillPowers(at + lane, 2 * n * L.Count + lane);
        }
    }

    /// <summary>The powers of eight channels' mode.</summary>
    private void FillPowers(double* mode, nint at)
    {
        int used = Math.Min(DoublePairs.Count, L.Count);
        DoublePairs step = DoublePairs.Load(mode, Lanes), power = DoublePairs.One;
        for (int r = 0; r < Stretch; r++, power *= step)
            power.StoreFloats(_q + r * Row + at, L.Count, used);
        DoublePairs jump = power.Kept();
        for (int d = 0; d < _call.Directions; d++)
        {
            power = DoublePairs.Load(mode + 2 * (1 + d) * Lanes, Lanes);
            for (int s = 0; s < _rows; s++, power = (power * jump).Kept())
                power.Conjugate().StoreFloats(_p + ((nint)d * _rows + s) * Row + at, L.Count, used);
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
    public static nint BackwardFloats(in StateSpaceCall call, int points) => PowerFloats(call, points) + 16 * Lanes;

    /// <summary>Adds the gradients of what is learned, given those of the kernels; those of A and B are written to a place of each channel's own, for they may be shared.</summary>
    /// <param name="dKernels">[directions][points][lane].</param>
    /// <param name="points">A power of two.</param>
    /// <param name="scratch"><see cref="BackwardFloats"/> floats.</param>
    /// <param name="gradients">Of LogStep, C and D; the rest is not touched.</param>
    /// <param name="shared">[H, N/2, 4] doubles: LogDecay, Frequency, B.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(float* dKernels, int points, float* scratch, in StateSpacePointers gradients, double* shared)
    {
        int rows = RowsFor(points), columns = Math.Min(points, Stretch);
        double* sums = (double*)scratch; // gradients of Ā, then of 2·C·B̄ of each direction, as in _modes
        float* dQ = scratch + 16 * Lanes, dP = dQ + Stretch * Row;
        for (int d = 0; d < _call.Directions; d++)
        {
            float* dK = dKernels + (nint)d * points * L.Count;
            LaneProduct.Run<L>(new(dK, Stretch * L.Count, L.Count), new(_q, L.Count, Row), new(dP + (nint)d * _rows * Row, Row, L.Count),
                rows, 2 * _call.Modes, columns, accumulate: false);
            LaneProduct.Run<L>(new(dK, L.Count, Stretch * L.Count), new(_p + (nint)d * _rows * Row, L.Count, Row), new(dQ, Row, L.Count),
                columns, 2 * _call.Modes, rows, accumulate: d > 0);
        }
        double* dLogStep = stackalloc double[16];
        new Span<double>(dLogStep, 16).Clear();
        for (int n = 0; n < _call.Modes; n++)
        {
            for (int lane = 0; lane < L.Count; lane += DoublePairs.Count)
                PowersBackward(Mode(n) + lane, sums + lane, dQ + 2 * n * L.Count + lane, dP + 2 * n * L.Count + lane, rows, columns);
            for (int lane = 0; lane < Channels; lane++)
                dLogStep[lane] += ModeBackward(_tile * L.Count + lane, n, sums + lane, gradients, shared);
        }
        for (int lane = 0; lane < Channels; lane++)
        {
            gradients.LogStep[_tile * L.Count + lane] += (float)dLogStep[lane];
            gradients.D[_tile * L.Count + lane] += dKernels[lane];
        }
    }

    /// <summary>From the gradients of the powers of eight channels' mode to those of Ā and of 2·C·B̄.</summary>
    private void PowersBackward(double* mode, double* sums, float* dQ, float* dP, int rows, int columns)
    {
        int used = Math.Min(DoublePairs.Count, L.Count);
        // Ā^r and its derivative r·Ā^(r−1).
        DoublePairs step = DoublePairs.Load(mode, Lanes), power = DoublePairs.One, before = default, dStep = default;
        for (int r = 0; r < columns; r++)
        {
            dStep += (before.Conjugate() * DoublePairs.LoadFloats(dQ + r * Row, L.Count, used)).Times(r);
            (before, power) = (power, power * step);
        }
        DoublePairs jump = power.Kept();
        for (int d = 0; d < _call.Directions; d++)
        {
            DoublePairs gain = DoublePairs.Load(mode + 2 * (1 + d) * Lanes, Lanes), dGain = default, dPower = default, here = DoublePairs.One, last = default;
            for (int s = 0; s < rows; s++)
            {
                DoublePairs dRow = DoublePairs.LoadFloats(dP + ((nint)d * _rows + s) * Row, L.Count, used).Conjugate();
                dGain += here.Conjugate() * dRow;
                dPower += ((last * before).Conjugate() * dRow).Times(s * (double)Stretch);
                (last, here) = (here, (here * jump).Kept());
            }
            dStep += gain.Conjugate() * dPower;
            dGain.Store(sums + 2 * (1 + d) * Lanes, Lanes);
        }
        dStep.Store(sums, Lanes);
    }

    private double ModeBackward(int channel, int n, double* sums, in StateSpacePointers gradients, double* shared)
    {
        var mode = new DiscreteMode(_parameters, _call, channel, n);
        Complex dInput = Complex.Zero;
        for (int d = 0; d < _call.Directions; d++)
        {
            Complex dGain = DoublePairs.Get(sums + 2 * (1 + d) * Lanes, Lanes), dC = Complex.Conjugate(2 * mode.Input) * dGain;
            float* c = gradients.C + 2 * (((nint)d * _call.Channels + channel) * _call.Modes + n);
            c[0] += (float)dC.Real;
            c[1] += (float)dC.Imaginary;
            dInput += Complex.Conjugate(2 * Output(d, channel, n)) * dGain;
        }
        mode.Backward(DoublePairs.Get(sums, Lanes), dInput, out double dLogStep, out double dLogDecay, out double dFrequency, out Complex dB);
        double* own = shared + 4 * ((nint)channel * _call.Modes + n);
        (own[0], own[1], own[2], own[3]) = (dLogDecay, dFrequency, dB.Real, dB.Imaginary);
        return dLogStep;
    }

    private Complex Output(int direction, int channel, int n)
    {
        float* c = _parameters.C + 2 * (((nint)direction * _call.Channels + channel) * _call.Modes + n);
        return new Complex(c[0], c[1]);
    }
}
