using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>Parallel spiking neurons (Fang et al. 2023): no reset, so that all steps are one product over time.
/// H[t] = Σₛ W[t, s]·X[s] + b[t],  S[t] = Θ(H[t]) with Θ(0) = 1.</summary>
/// <remarks>
/// W is [T, T] (PSN; with an order k ≤ T only its band 0 ≤ t − s &lt; k is used, and the rest of it must be 0), or one row of k weights for all steps
/// (sliding PSN: W[t, s] = w[k − 1 − (t − s)]). Product, threshold and bits are one pass over tiles of neurons whose whole history lies in L2;
/// backward recomputes H there, so it moves X, dS and dX and no more, or reads it where its product is the dearer: for many steps. The cost of a band goes with k, not with T.
/// Each H is one chain of fused multiply-adds over s in ascending order, the bias last.
/// </remarks>
public static unsafe class Psn
{
    /// <summary>The spikes of all steps.</summary>
    /// <param name="x">Inputs [B, T, N].</param>
    /// <param name="weights">[T, T] or [k].</param>
    /// <param name="bias">b = −threshold, [T] or [1].</param>
    /// <param name="bits">Spikes [B, T, words], written; words is <see cref="PsnCall.WordsPerStep"/>.</param>
    /// <param name="lengths">Steps that count, a sample; empty for all T. What lies behind is not read, and nothing fires there.</param>
    /// <param name="factors">With <paramref name="offsets"/>, [C]: the neurons see x·factor + offset, a normalisation done while reading. Empty for x itself.</param>
    /// <param name="offsets">[C], or empty.</param>
    /// <param name="support">Which |H| lie within <paramref name="supportWidth"/>, so that the surrogate's slope can differ from 0 [B, T, words]; empty when none is wanted.</param>
    /// <param name="supportWidth">The surrogate's support.</param>
    /// <param name="potentials">H without bias [B, T, N], written for backward where <see cref="PsnCall.KeepsPotentials"/> says that it pays; empty when not wanted.</param>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="call"/> asks for, or the order does not fit.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<ulong> bits, PsnCall call,
        ReadOnlySpan<int> lengths = default, ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default, Span<ulong> support = default, float supportWidth = 0, Span<float> potentials = default)
    {
        CheckCall(call, x.Length, weights.Length, bias.Length, lengths, factors, offsets);
        Check.Length(bits, (long)call.Batch * call.Steps * call.WordsPerStep, nameof(bits));
        Check.LengthOrEmpty(support, bits.Length, nameof(support));
        Check.LengthOrEmpty(potentials, x.Length, nameof(potentials));
        fixed (float* px = x, pw = Banded(call, weights), pb = bias, pf = factors, po = offsets, ph = potentials)
        fixed (ulong* pbits = bits, psupport = support)
        fixed (int* pl = lengths)
        {
            var sweep = new PsnSweep(call, px, pw, pb, pl) { Factors = pf, Offsets = po, Saved = ph, Bits = pbits, Support = psupport, SupportWidth = supportWidth };
            var work = new ForwardWork(cpu, sweep);
            cpu.Dispatch(ref work);
        }
    }

    /// <summary>Gradients of inputs, weights and biases. With D = dS·Θ'(H): dX = Wᵀ·D, dW = D·Xᵀ, db = Σ D.</summary>
    /// <param name="x">Inputs [B, T, N], as given to forward.</param>
    /// <param name="weights">[T, T] or [k], as given to forward.</param>
    /// <param name="bias">[T] or [1], as given to forward.</param>
    /// <param name="dSpikes">Gradient of the spikes [B, T, N].</param>
    /// <param name="surrogate">Θ'.</param>
    /// <param name="dX">Gradient of the inputs [B, T, N], written; 0 behind a sample's length. It may be <paramref name="dSpikes"/>.</param>
    /// <param name="dWeights">[T, T] or [k], added to; outside of the band nothing is added.</param>
    /// <param name="dBias">[T] or [1], added to.</param>
    /// <param name="partials"><see cref="PsnCall.PartialCount"/> floats to work in.</param>
    /// <param name="lengths">As given to forward.</param>
    /// <param name="factors">As given to forward; <paramref name="dX"/> is the gradient of x·factor + offset.</param>
    /// <param name="offsets">As given to forward.</param>
    /// <param name="potentials">What forward wrote there; empty to compute it again.</param>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="call"/> asks for, or the order does not fit.</exception>
    public static void Backward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> dSpikes,
        ISurrogate surrogate, Span<float> dX, Span<float> dWeights, Span<float> dBias, Span<float> partials, PsnCall call, ReadOnlySpan<int> lengths = default, ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default,
        ReadOnlySpan<float> potentials = default)
    {
        CheckCall(call, x.Length, weights.Length, bias.Length, lengths, factors, offsets);
        Check.Length(dSpikes, x.Length, nameof(dSpikes));
        Check.Length(dX, x.Length, nameof(dX));
        Check.Length(dWeights, weights.Length, nameof(dWeights));
        Check.Length(dBias, bias.Length, nameof(dBias));
        Check.Length(partials, call.PartialCount, nameof(partials));
        Check.LengthOrEmpty(potentials, x.Length, nameof(potentials));
        partials.Clear();
        fixed (float* px = x, pw = Banded(call, weights), pb = bias, pds = dSpikes, pdx = dX, pp = partials, pf = factors, po = offsets, ph = potentials)
        fixed (int* pl = lengths)
        {
            var sweep = new PsnSweep(call, px, pw, pb, pl) { Factors = pf, Offsets = po, Saved = ph, DSpikes = pds, DX = pdx, Partials = pp };
            var work = new BackwardWork(cpu, sweep, surrogate);
            cpu.Dispatch(ref work);
        }
        AddPartials(call, partials, dWeights, dBias);
    }

    /// <summary>The spikes of one step of a stream, which keeps the last k inputs: H = Σᵢ w[i]·x[oldest + i], oldest first, the sums of <see cref="Forward"/>.</summary>
    /// <param name="ring">The inputs [k, N]; row <paramref name="oldest"/> is the oldest, the row before it, cyclically, the input of this step.</param>
    /// <param name="oldest">Row of the oldest input.</param>
    /// <param name="weights">[k], for the oldest input first.</param>
    /// <param name="bias">b = −threshold.</param>
    /// <param name="potentials">H [N], written.</param>
    /// <param name="bits">Spikes [words], written.</param>
    /// <exception cref="ArgumentException">A span has not the length that the others ask for.</exception>
    public static void Step(Cpu cpu, ReadOnlySpan<float> ring, int oldest, ReadOnlySpan<float> weights, float bias, Span<float> potentials, Span<ulong> bits)
    {
        int order = weights.Length, neurons = potentials.Length;
        Check.Length(ring.Length, order, neurons, nameof(ring));
        Check.Length(bits, (neurons + 63) / 64, nameof(bits));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)oldest, (uint)order, nameof(oldest));
        int old = order - oldest;
        Gemm.Multiply(cpu, weights[..old], ring[(oldest * neurons)..], potentials, 1, neurons, old);
        if (oldest > 0)
            Gemm.Multiply(cpu, weights[old..], ring[..(oldest * neurons)], potentials, 1, neurons, oldest, accumulate: true);
        fixed (ulong* pb = bits)
        {
            float* row = (float*)Scratch.Take((nint)bits.Length * 64 * sizeof(float));
            potentials.CopyTo(new Span<float>(row, neurons));
            PsnThreshold.Row<F32x4>(row, bias, neurons, pb, null, 0);
        }
    }

    /// <summary>A sliding PSN's weights between zeros, so that a block of rows of the band can be read as a matrix whose rows are one float apart.</summary>
    private static ReadOnlySpan<float> Banded(PsnCall call, ReadOnlySpan<float> weights)
    {
        if (!call.Sliding)
            return weights;
        var padded = new Span<float>(Scratch.Shared((nint)(weights.Length + 2 * call.Block) * sizeof(float)), weights.Length + 2 * call.Block);
        padded.Clear();
        weights.CopyTo(padded[call.Block..]);
        return padded;
    }

    /// <summary>The parts' sums, in order.</summary>
    private static void AddPartials(PsnCall call, ReadOnlySpan<float> partials, Span<float> dWeights, Span<float> dBias)
    {
        int weights = call.PartSize - call.BiasCount;
        for (int part = 0; part < call.Parts; part++)
        {
            ReadOnlySpan<float> sums = partials.Slice(part * call.PartSize, call.PartSize);
            for (int i = 0; i < call.BiasCount; i++)
                dBias[i] += sums[weights + i];
            if (call.Sliding)
                AddDiagonals(call, sums, dWeights);
            else
                AddBand(call, sums, dWeights);
        }
    }

    private static void AddBand(PsnCall call, ReadOnlySpan<float> sums, Span<float> dWeights)
    {
        int steps = call.Steps;
        for (int t = 0; t < steps; t++)
        {
            int first = call.Order > 0 ? Math.Max(0, t - call.Order + 1) : 0, end = call.Order > 0 ? t + 1 : steps;
            for (int i = t * steps + first; i < t * steps + end; i++)
                dWeights[i] += sums[i];
        }
    }

    private static void AddDiagonals(PsnCall call, ReadOnlySpan<float> sums, Span<float> dWeights)
    {
        for (int row = 0; row < call.Block; row++)
        {
            for (int i = 0; i < call.Order; i++)
                dWeights[i] += sums[row * call.Reach + row + i];
        }
    }

    private static void CheckCall(PsnCall call, int x, int weights, int bias, ReadOnlySpan<int> lengths, ReadOnlySpan<float> factors, ReadOnlySpan<float> offsets)
    {
        if (call.RowLength < 0 || (call.RowLength > 0 && call.Neurons % call.RowLength != 0))
            throw new ArgumentException($"{call.Neurons} neurons are not whole rows of {call.RowLength}.", nameof(call));
        Check.LengthOrEmpty(factors, call.Channels, nameof(factors));
        Check.Length(offsets, factors.Length, nameof(offsets));
        if (call.Order < 0 || (call.Sliding && call.Order < 1) || (!call.Sliding && call.Order > call.Steps))
            throw new ArgumentException($"The order is {call.Order}; expected {(call.Sliding ? "at least 1" : $"0 … {call.Steps}")}.", nameof(call));
        Check.Length(x, (long)call.Batch * call.Steps, call.Neurons, nameof(x));
        Check.Length(weights, call.WeightCount, 1, nameof(weights));
        Check.Length(bias, call.BiasCount, 1, nameof(bias));
        Lengths.Check(lengths, call.Batch, call.Steps);
    }

    private struct ForwardWork(Cpu cpu, PsnSweep sweep) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, sweep.Call.Batch * sweep.Tiles, 1, new ForwardRows<L>(sweep));
    }

    private readonly struct ForwardRows<L>(PsnSweep sweep) : IRows where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                sweep.Forward<L>(i / sweep.Tiles, i % sweep.Tiles);
        }
    }

    private struct BackwardWork(Cpu cpu, PsnSweep sweep, ISurrogate surrogate) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, sweep.Call.Parts, 1, new BackwardRows<L>(sweep, surrogate));
    }

    private readonly struct BackwardRows<L>(PsnSweep sweep, ISurrogate surrogate) : IRows where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                sweep.BackwardPart<L>(surrogate, i);
        }
    }
}
