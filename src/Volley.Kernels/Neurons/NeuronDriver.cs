namespace Volley.Kernels.Neurons;

/// <summary>Runs a neuron model over a batch of sequences: the one owner of time, batch, vector width and truncation.</summary>
/// <remarks>
/// Sweeps rows of neurons in tiles of 512 (state and parameters of a tile stay in L1, one struct a lane block), samples over threads. Forward saves the
/// state only every <see cref="NeuronCall.Segment"/> steps; backward recomputes a segment into L2 and then walks it back, so that the whole pass moves
/// x, dY, dX, bits and little else. |state| below 1e-30 is stored as 0, forward and backward: .NET cannot flush denormals, and decaying silence would crawl.
/// </remarks>
public static unsafe class NeuronDriver
{
    internal const float Tiny = 1e-30f;

    /// <summary>Spikes (or, for a non-spiking model, outputs) of every neuron at every step.</summary>
    /// <param name="x">Input currents [B, T, N].</param>
    /// <param name="parameters">The model's parameters [P, N].</param>
    /// <param name="initial">Initial state [B, S, N]; empty for zeros.</param>
    /// <param name="bits">Spikes [B, T, words], when the model spikes; else empty.</param>
    /// <param name="output">Outputs [B, T, N], when the model does not spike; else empty.</param>
    /// <param name="saved">Saved states [B, segments, S, N] for backward; empty when none is wanted.</param>
    /// <param name="final">State after the last step [B, S, N]; empty when none is wanted.</param>
    /// <param name="lengths">Steps that count, a sample; empty for all T. Behind them nothing fires and the state stands still.</param>
    /// <param name="factors">With <paramref name="offsets"/>, [N]: the neurons see x·factor + offset, a normalisation done while reading. Empty for x itself.</param>
    /// <param name="offsets">[N], or empty.</param>
    /// <param name="support">Which distances lie within ± <paramref name="supportWidth"/>, so that the surrogate's slope can differ from 0
    /// [B, T, words]; empty when none is wanted.</param>
    /// <param name="supportWidth">The surrogate's support.</param>
    public static void Forward(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> parameters, ReadOnlySpan<float> initial,
        Span<ulong> bits, Span<float> output, Span<float> saved, Span<float> final, NeuronCall call, ReadOnlySpan<int> lengths = default,
        ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default, Span<ulong> support = default, float supportWidth = 0)
    {
        int states = kernel.States.Count;
        Check.Length(x, (long)call.Batch * call.Steps * call.Neurons, nameof(x));
        Check.Length(parameters, (long)kernel.Parameters.Count * call.Neurons, nameof(parameters));
        Check.LengthOrEmpty(initial, (long)call.Batch * states * call.Neurons, nameof(initial));
        Check.Length(bits, kernel.Spiking ? (long)call.Batch * call.Steps * call.WordsPerRow : 0, nameof(bits));
        Check.Length(output, kernel.Spiking ? 0 : (long)call.Batch * call.Steps * call.Neurons, nameof(output));
        Check.LengthOrEmpty(support, (long)call.Batch * call.Steps * call.WordsPerRow, nameof(support));
        Check.LengthOrEmpty(saved, (long)call.Batch * call.Segments * states * call.Neurons, nameof(saved));
        Check.LengthOrEmpty(final, (long)call.Batch * states * call.Neurons, nameof(final));
        Lengths.Check(lengths, call.Batch, call.Steps);
        fixed (float* px = x, pp = parameters, pi = initial, po = output, ps = saved, pf = final, pm = factors, pa = offsets)
        fixed (ulong* pb = bits, pu = support)
        fixed (int* pl = lengths)
        {
            var sweep = new NeuronSweep(kernel, call, px, pp, pl)
            {
                Initial = pi,
                Bits = pb,
                Output = po,
                Saved = ps,
                Final = pf,
                Factors = pm,
                Offsets = pa,
                Support = pu,
                SupportWidth = supportWidth,
            };
            Rows.For(cpu, call.Batch * sweep.Tiles, 1, new ForwardRows(kernel, sweep, cpu.Width));
        }
    }

    /// <summary>Gradients of the input and the parameters.</summary>
    /// <param name="x">Input currents [B, T, N], as given to forward.</param>
    /// <param name="parameters">Parameters [P, N], as given to forward.</param>
    /// <param name="saved">Saved states [B, segments, S, N], from forward.</param>
    /// <param name="dOutput">Gradient of spikes or outputs [B, T, N].</param>
    /// <param name="surrogate">Slope of the spike.</param>
    /// <param name="dX">Gradient of the input [B, T, N], written; 0 behind a sample's length. It may be <paramref name="dOutput"/>.</param>
    /// <param name="dParameters">Gradients of the parameters, one row a sample [B, P, N], added to; sum them over B in order.</param>
    /// <param name="factors">As given to forward; <paramref name="dX"/> is the gradient of x·factor + offset.</param>
    /// <param name="offsets">As given to forward.</param>
    /// <param name="dState">In: gradient of the final state [B, S, N]; out: of the initial state. Empty for a zero in and none out.</param>
    public static void Backward(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> parameters, ReadOnlySpan<float> saved,
        ReadOnlySpan<float> dOutput, ISurrogate surrogate, Span<float> dX, Span<float> dParameters, Span<float> dState, NeuronCall call,
        ReadOnlySpan<int> lengths = default, ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default)
    {
        int states = kernel.States.Count;
        long signal = (long)call.Batch * call.Steps * call.Neurons;
        Check.Length(x, signal, nameof(x));
        Check.Length(parameters, (long)kernel.Parameters.Count * call.Neurons, nameof(parameters));
        Check.Length(saved, (long)call.Batch * call.Segments * states * call.Neurons, nameof(saved));
        Check.Length(dOutput, signal, nameof(dOutput));
        Check.Length(dX, signal, nameof(dX));
        Check.LengthOrEmpty(dParameters, (long)call.Batch * kernel.Parameters.Count * call.Neurons, nameof(dParameters));
        Check.LengthOrEmpty(dState, (long)call.Batch * states * call.Neurons, nameof(dState));
        Lengths.Check(lengths, call.Batch, call.Steps);
        fixed (float* px = x, pp = parameters, ps = saved, pdo = dOutput, pdx = dX, pdp = dParameters, pds = dState, pm = factors, pa = offsets)
        fixed (int* pl = lengths)
        {
            var sweep = new NeuronSweep(kernel, call, px, pp, pl)
            {
                Saved = ps,
                DOutput = pdo,
                DX = pdx,
                DParameters = pdp,
                DState = pds,
                Factors = pm,
                Offsets = pa,
            };
            Rows.For(cpu, call.Batch * sweep.Tiles, 1, new BackwardRows(kernel, sweep, surrogate, cpu.Width));
        }
    }

    private readonly struct ForwardRows(NeuronKernel kernel, NeuronSweep sweep, LaneWidth width) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                NeuronSweep.Forward(kernel, sweep, width, i);
        }
    }

    private readonly struct BackwardRows(NeuronKernel kernel, NeuronSweep sweep, ISurrogate surrogate, LaneWidth width) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                NeuronSweep.Backward(kernel, sweep, surrogate, width, i);
        }
    }
}
