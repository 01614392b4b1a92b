namespace Volley.Kernels.Neurons;

/// <summary>Runs neurons whose spikes come back to their own layer one step later, I[t] = x[t] + z[t−1]·V + c, or later still: I[t] = x[t] + a[t]·V + c,
/// a[t, n] = Σ_τ h[n, τ]·z[t − τ, n] (<see cref="FeedbackDelays"/>).</summary>
/// <remarks>
/// Samples are independent, so each thread takes samples (forward) or slices of samples (backward) for the whole time loop: state in L1, V in L2.
/// Forward adds the rows of V of the neurons that fired. Backward multiplies dI[t+1]·Vᵀ for a slice of samples at once, V packed once a call. With delays
/// dI[t]·Vᵀ is the gradient of what arrived at t, and goes back along the taps: dz[t] += Σ_τ h(τ)·da[t + τ].
/// </remarks>
public static unsafe class RecurrentDriver
{
    /// <summary>Samples in a slice of the backward pass: enough rows for the dense product to run at speed, few enough to share out.</summary>
    private const int Slice = 32;

    /// <summary>Spikes of every neuron at every step.</summary>
    /// <param name="x">Feed-forward currents [B, T, N].</param>
    /// <param name="feedback">V [N, stride], row = the neuron that fired; stride is <see cref="SpikeGemm.PackedOutputs"/> (see <see cref="SpikeGemm.PackWeights"/>).</param>
    /// <param name="bias">c [N], or empty.</param>
    /// <param name="parameters">The model's parameters [P, N].</param>
    /// <param name="initial">Initial state [B, S, N]; empty for zeros.</param>
    /// <param name="previous">Spikes before the first step [B, words]; empty for none.</param>
    /// <param name="total">I [B, T, N], written: backward needs it.</param>
    /// <param name="bits">Spikes [B, T, words].</param>
    /// <param name="saved">State before every step [B, T, S, N] for backward; empty when none is wanted.</param>
    /// <param name="final">State after the last step [B, S, N]; empty when none is wanted. It may be <paramref name="initial"/>.</param>
    /// <param name="delays">How late spikes come back; nothing is on its way before the first step.</param>
    public static void Forward(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> feedback, ReadOnlySpan<float> bias,
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> initial, ReadOnlySpan<ulong> previous, Span<float> total, Span<ulong> bits,
        Span<float> saved, Span<float> final, NeuronCall call, ReadOnlySpan<int> lengths = default, Span<ulong> support = default, float supportWidth = 0,
        FeedbackDelays delays = default)
    {
        int states = kernel.States.Count, stride = SpikeGemm.PackedOutputs(cpu, call.Neurons);
        long signal = (long)call.Batch * call.Steps * call.Neurons;
        Check.Length(x, signal, nameof(x));
        Check.Length(feedback, (long)call.Neurons * stride, nameof(feedback));
        Check.LengthOrEmpty(bias, call.Neurons, nameof(bias));
        Check.Length(parameters, (long)kernel.Parameters.Count * call.Neurons, nameof(parameters));
        Check.LengthOrEmpty(initial, (long)call.Batch * states * call.Neurons, nameof(initial));
        Check.LengthOrEmpty(previous, (long)call.Batch * call.WordsPerRow, nameof(previous));
        Check.Length(total, signal, nameof(total));
        Check.Length(bits, (long)call.Batch * call.Steps * call.WordsPerRow, nameof(bits));
        Check.LengthOrEmpty(support, (long)call.Batch * call.Steps * call.WordsPerRow, nameof(support));
        Check.LengthOrEmpty(saved, signal * states, nameof(saved));
        Check.LengthOrEmpty(final, (long)call.Batch * states * call.Neurons, nameof(final));
        Lengths.Check(lengths, call.Batch, call.Steps);
        delays.Check(call);
        fixed (float* px = x, pv = feedback, pc = bias, pp = parameters, pi = initial, pt = total, ps = saved, pf = final)
        fixed (float* ph = delays.Taps, pa = delays.Arriving)
        fixed (ulong* pb = bits, pq = previous, pu = support, pk = delays.Kept, pas = delays.ArrivingSpikes)
        fixed (int* pl = lengths, pw = delays.Whole)
        {
            var sweep = new NeuronSweep(kernel, call, px, pp, pl)
            {
                Initial = pi,
                Bits = pb,
                Saved = ps,
                Final = pf,
                Support = pu,
                SupportWidth = supportWidth,
            };
            var loop = new NeuronSweep.Loop { Feedback = pv, Stride = stride, Bias = pc, Previous = pq, Total = pt };
            loop.Late = new NeuronSweep.LateFeedback { Taps = ph, Count = delays.Count(call.Neurons), Arriving = pa, Kept = pk, Whole = pw, ArrivingSpikes = pas };
            Rows.For(cpu, call.Batch, 1, new ForwardRows(kernel, sweep, loop, cpu.Width));
        }
    }

    /// <summary>Gradients of the current (that of x, and, summed over time with the spikes before, of V) and of the parameters.</summary>
    /// <param name="total">I [B, T, N], from forward.</param>
    /// <param name="feedback">Vᵀ packed: <see cref="PackedMatrix"/> of [N, N] with transposeB.</param>
    /// <param name="saved">State before every step [B, T, S, N], from forward.</param>
    /// <param name="dSpikes">Gradient of the spikes from outside the layer [B, T, N].</param>
    /// <param name="dX">Gradient of I, and so of x [B, T, N], written; 0 behind a sample's length.</param>
    /// <param name="dParameters">Gradients of the parameters, one row a sample [B, P, N], added to.</param>
    /// <param name="delays">As given to forward, but for <see cref="FeedbackDelays.Arriving"/>, which receives the gradient of what arrived; whole delays have no
    /// way back.</param>
    public static void Backward(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> total, PackedMatrix feedback, ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> saved, ReadOnlySpan<float> dSpikes, ISurrogate surrogate, Span<float> dX, Span<float> dParameters,
        NeuronCall call, ReadOnlySpan<int> lengths = default, FeedbackDelays delays = default)
    {
        int states = kernel.States.Count;
        long signal = (long)call.Batch * call.Steps * call.Neurons;
        Check.Length(total, signal, nameof(total));
        Check.Length(parameters, (long)kernel.Parameters.Count * call.Neurons, nameof(parameters));
        Check.Length(saved, signal * states, nameof(saved));
        Check.Length(dSpikes, signal, nameof(dSpikes));
        Check.Length(dX, signal, nameof(dX));
        Check.Length(dParameters, (long)call.Batch * kernel.Parameters.Count * call.Neurons, nameof(dParameters));
        Lengths.Check(lengths, call.Batch, call.Steps);
        delays.Check(call);
        if (!delays.Whole.IsEmpty)
            throw new ArgumentException("Delays must be given as taps: whole ones are for evaluation.", nameof(delays));
        fixed (float* ph = delays.Taps, pa = delays.Arriving)
        fixed (ulong* pk = delays.Kept)
        fixed (float* pt = total, pp = parameters, ps = saved, pds = dSpikes, pdx = dX, pdp = dParameters)
        fixed (int* pl = lengths)
        {
            var sweep = new NeuronSweep(kernel, call, pt, pp, pl) { Saved = ps, DOutput = pds, DX = pdx, DParameters = pdp };
            var loop = new NeuronSweep.Loop { Total = pt, Transposed = feedback };
            loop.Late = new NeuronSweep.LateFeedback { Taps = ph, Count = delays.Count(call.Neurons), Arriving = pa, Kept = pk };
            int slice = Math.Clamp((call.Batch + cpu.Threads - 1) / cpu.Threads, 1, Slice);
            Rows.For(cpu, call.Batch, slice, new BackwardRows(kernel, sweep, loop, surrogate, cpu));
        }
    }

    private readonly struct ForwardRows(NeuronKernel kernel, NeuronSweep sweep, NeuronSweep.Loop loop, LaneWidth width) : IRows
    {
        public void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
                NeuronSweep.ForwardLoop(kernel, sweep, loop, width, b);
        }
    }

    private readonly struct BackwardRows(NeuronKernel kernel, NeuronSweep sweep, NeuronSweep.Loop loop, ISurrogate surrogate, Cpu cpu) : IRows
    {
        public void Run(int start, int end)
        {
            for (int first = start; first < end; first += Slice)
                NeuronSweep.BackwardLoop(kernel, sweep, loop, surrogate, cpu, first, Math.Min(Slice, end - first));
        }
    }
}
