using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>A causal diagonal state-space layer step by step: x ← Ā·x + u, y = Re Σ 2·C·B̄·x + D·u. Evaluation and streams use it, so that both give the same bits.</summary>
/// <remarks>Coefficients and state are [numbers, H rounded up to 16]. Sums over modes are one chain, ascending, that starts at D·u. A state of size below 10⁻³⁰ becomes 0
/// after every 16th step.</remarks>
public static unsafe class StateSpaceScan
{
    private const int Block = 16;

    /// <summary>The coefficients of one step: Re Ā, Im Ā, Re 2·C·B̄, −Im 2·C·B̄ of each mode, then D.</summary>
    /// <remarks>coefficients: <see cref="StateSpaceCall.ScanCount"/>. They are made in double and rounded once.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or the layer reads backward in time.</exception>
    public static void Coefficients(StateSpaceParameters parameters, Span<float> coefficients, StateSpaceCall call)
    {
        parameters.CheckLengths(call);
        CheckCausal(call);
        Check.Length(coefficients, call.ScanCount, nameof(coefficients));
        coefficients.Clear();
        fixed (float* logStep = parameters.LogStep, logDecay = parameters.LogDecay, frequency = parameters.Frequency, b = parameters.B, c = parameters.C, to = coefficients)
        {
            var pointers = new StateSpacePointers { LogStep = logStep, LogDecay = logDecay, Frequency = frequency, B = b, C = c };
            int row = call.Padded;
            for (int channel = 0; channel < call.Channels; channel++)
            {
                for (int n = 0; n < call.Modes; n++)
                {
                    var mode = new DiscreteMode(pointers, call, channel, n);
                    float* output = c + 2 * ((nint)channel * call.Modes + n);
                    Complex gain = 2 * mode.Input * new Complex(output[0], output[1]);
                    float* at = to + 4 * (nint)n * row + channel;
                    (at[0], at[row], at[2 * row], at[3 * row]) = ((float)mode.Step.Real, (float)mode.Step.Imaginary, (float)gain.Real, (float)-gain.Imaginary);
                }
                to[4 * (nint)call.Modes * row + channel] = parameters.D[channel];
            }
        }
    }

    /// <summary>y = layer(x·factors + offsets), 0 behind each sample's length.</summary>
    /// <remarks>x, y: [B, L, H]; coefficients: <see cref="Coefficients"/>; state: B times <see cref="StateSpaceCall.StateCount"/>, which is read and left behind, or empty to
    /// start from 0; factors, offsets: [H] or empty. y may be x.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or the layer reads backward in time.</exception>
    public static void Forward(
        Cpu cpu, ReadOnlySpan<float> coefficients, ReadOnlySpan<float> x, Span<float> y, Span<float> state, StateSpaceCall call,
        ReadOnlySpan<int> lengths = default, ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default)
    {
        CheckCausal(call);
        Lengths.Check(lengths, call.Batch, call.Steps);
        Check.Length(coefficients, call.ScanCount, nameof(coefficients));
        Check.Length(x, (long)call.Batch * call.Steps * call.Channels, nameof(x));
        Check.Length(y, x.Length, nameof(y));
        Check.LengthOrEmpty(state, (long)call.Batch * call.StateCount, nameof(state));
        Check.LengthOrEmpty(factors, call.Channels, nameof(factors));
        Check.Length(offsets, factors.Length, nameof(offsets));
        fixed (float* pc = coefficients, px = x, py = y, ps = state, pf = factors, po = offsets)
        fixed (int* pl = lengths)
        {
            var body = new Width(cpu, pc, px, py, ps, pf, po, pl, call);
            cpu.Dispatch(ref body);
            for (int b = 0; b < call.Batch && ps is not null; b++)
            {
                ref float phase = ref ps[(b + 1) * (nint)call.StateCount - 1];
                phase = ((int)phase + Lengths.Of(pl, b, call.Steps)) % Block;
            }
        }
    }

    private static void CheckCausal(in StateSpaceCall call)
    {
        if (call.Bidirectional)
            throw new ArgumentException("A layer that reads backward in time has no steps.", nameof(call));
    }

    private struct Width(Cpu cpu, float* coefficients, float* x, float* y, float* state, float* factors, float* offsets, int* lengths, StateSpaceCall call) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L>
        {
            int tiles = (call.Channels + L.Count - 1) / L.Count;
            Rows.For(cpu, tiles * call.Batch, Rows.Grain(cpu, tiles * call.Batch), new Tiles<L>(coefficients, x, y, state, factors, offsets, lengths, call));
        }
    }

    private readonly struct Tiles<L>(float* coefficients, float* x, float* y, float* state, float* factors, float* offsets, int* lengths, StateSpaceCall call) : IRows
        where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int tile = item / call.Batch, sample = item % call.Batch, length = Lengths.Of(lengths, sample, call.Steps);
                nint at = (nint)sample * call.Steps * call.Channels + (nint)tile * L.Count;
                TileSignal<L> input = new(call, x + at, tile), output = new(call, y + at, tile);
                float* stage = Scratch.Transform(TileSignal<L>.StageFloats(call) + (2 * Block + 2 * call.Modes) * L.Count), rows = stage + TileSignal<L>.StageFloats(call);
                float* own = state is null ? rows + 2 * Block * L.Count : state + sample * (nint)call.StateCount + tile * L.Count;
                nint stateRow = state is null ? L.Count : call.Padded;
                if (state is null)
                    new Span<float>(own, 2 * call.Modes * L.Count).Clear();
                int phase = state is null ? 0 : (int)state[(sample + 1) * (nint)call.StateCount - 1];
                Sweep(input.Rows(stage, length, factors, offsets), output.Target(stage), output.Stride, length, own, stateRow, phase, coefficients + tile * L.Count, rows);
                output.Keep(stage, length);
                output.Clear(length);
            }
        }

        /// <summary>All steps of a tile, in blocks that end where small states are cleared.</summary>
        private void Sweep(RealRows input, float* to, nint stride, int length, float* own, nint stateRow, int phase, float* c, float* rows)
        {
            L skip = L.Load(c + 4 * (nint)call.Modes * call.Padded);
            float* u = rows, sums = rows + Block * L.Count;
            for (int t = 0; t < length;)
            {
                int count = Math.Min(Block - phase, length - t);
                for (int i = 0; i < count; i++)
                {
                    L value = input.At<L>(t + i);
                    L.Store(u + i * L.Count, value);
                    L.Store(sums + i * L.Count, value * skip);
                }
                phase = phase + count == Block ? 0 : phase + count;
                int n = 0;
                for (; n + 2 <= call.Modes; n += 2)
                    Two(u, sums, count, own + 2 * n * stateRow, stateRow, c + 4 * (nint)n * call.Padded, call.Padded, clear: phase == 0);
                if (n < call.Modes)
                    One(u, sums, count, own + 2 * n * stateRow, stateRow, c + 4 * (nint)n * call.Padded, call.Padded, clear: phase == 0);
                for (int i = 0; i < count; i++)
                    L.Store(to + (t + i) * stride, L.Load(sums + i * L.Count));
                t += count;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void One(float* u, float* sums, int count, float* state, nint stateRow, float* c, nint row, bool clear)
        {
            L ar = L.Load(c), ai = L.Load(c + row), gr = L.Load(c + 2 * row), gi = L.Load(c + 3 * row), minus = -ai;
            L xr = L.Load(state), xi = L.Load(state + stateRow);
            for (int i = 0; i < count; i++)
            {
                L next = L.MulAdd(ar, xr, L.MulAdd(minus, xi, L.Load(u + i * L.Count)));
                xi = L.MulAdd(ar, xi, ai * xr);
                xr = next;
                L.Store(sums + i * L.Count, L.MulAdd(gi, xi, L.MulAdd(gr, xr, L.Load(sums + i * L.Count))));
            }
            L.Store(state, clear ? Cleared(xr) : xr);
            L.Store(state + stateRow, clear ? Cleared(xi) : xi);
        }

        /// <summary>Two modes side by side, for their chains to overlap; the same operations as two times one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Two(float* u, float* sums, int count, float* state, nint stateRow, float* c, nint row, bool clear)
        {
            float* c2 = c + 4 * row;
            L ar = L.Load(c), ai = L.Load(c + row), gr = L.Load(c + 2 * row), gi = L.Load(c + 3 * row), minus = -ai;
            L br = L.Load(c2), bi = L.Load(c2 + row), hr = L.Load(c2 + 2 * row), hi = L.Load(c2 + 3 * row), minus2 = -bi;
            L xr = L.Load(state), xi = L.Load(state + stateRow), yr = L.Load(state + 2 * stateRow), yi = L.Load(state + 3 * stateRow);
            for (int i = 0; i < count; i++)
            {
                L input = L.Load(u + i * L.Count);
                L next = L.MulAdd(ar, xr, L.MulAdd(minus, xi, input)), next2 = L.MulAdd(br, yr, L.MulAdd(minus2, yi, input));
                xi = L.MulAdd(ar, xi, ai * xr);
                yi = L.MulAdd(br, yi, bi * yr);
                (xr, yr) = (next, next2);
                L sum = L.MulAdd(gi, xi, L.MulAdd(gr, xr, L.Load(sums + i * L.Count)));
                L.Store(sums + i * L.Count, L.MulAdd(hi, yi, L.MulAdd(hr, yr, sum)));
            }
            L.Store(state, clear ? Cleared(xr) : xr);
            L.Store(state + stateRow, clear ? Cleared(xi) : xi);
            L.Store(state + 2 * stateRow, clear ? Cleared(yr) : yr);
            L.Store(state + 3 * stateRow, clear ? Cleared(yi) : yi);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static L Cleared(L x) => L.IfGreater(L.Of(1e-30), L.Abs(x), L.Of(0f), x);
    }
}
