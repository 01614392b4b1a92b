namespace Volley.Kernels.Neurons;

/// <summary>Runs neurons whose spikes come back to their own layer one step later: I[t] = x[t] + z[t−1]·V + c.</summary>
/// <remarks>
/// Samples are independent, so each thread takes samples (forward) or slices of samples (backward) for the whole time loop: state in L1, V in L2.
/// Forward adds the rows of V of the neurons that fired. Backward multiplies dI[t+1]·Vᵀ for a slice of samples at once, V packed once a call.
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
    public static void Forward(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> feedback, ReadOnlySpan<float> bias,
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> initial, ReadOnlySpan<ulong> previous, Span<float> total, Span<ulong> bits,
        Span<float> saved, Span<float> final, NeuronCall call, ReadOnlySpan<int> lengths = default)
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
        Check.LengthOrEmpty(saved, signal * states, nameof(saved));
        Check.LengthOrEmpty(final, (long)call.Batch * states * call.Neurons, nameof(final));
        Lengths.Check(lengths, call.Batch, call.Steps);
        using var scratch = new PooledFloats(final.IsEmpty ? call.Batch * states * call.Neurons : 0);
        fixed (float* px = x, pv = feedback, pc = bias, pp = parameters, pi = initial, pt = total, ps = saved, pf = final.IsEmpty ? scratch.Span : final)
        fixed (ulong* pb = bits, pq = previous)
        fixed (int* pl = lengths)
        {
            var rows = new ForwardRows
            {
                Cpu = cpu, Kernel = kernel, Call = call, X = px, Feedback = pv, FeedbackLength = feedback.Length, Bias = pc, Parameters = pp,
                Initial = pi, Previous = pq, Total = pt, Bits = pb, Saved = ps, State = pf, Lengths = pl,
            };
            Rows.For(cpu, call.Batch, 1, rows);
        }
    }

    /// <summary>Gradients of the current (that of x, and, summed over time with the spikes before, of V) and of the parameters.</summary>
    /// <param name="total">I [B, T, N], from forward.</param>
    /// <param name="feedback">Vᵀ packed: <see cref="PackedMatrix"/> of [N, N] with transposeB.</param>
    /// <param name="saved">State before every step [B, T, S, N], from forward.</param>
    /// <param name="dSpikes">Gradient of the spikes from outside the layer [B, T, N].</param>
    /// <param name="dX">Gradient of I, and so of x [B, T, N], written; 0 behind a sample's length.</param>
    /// <param name="dParameters">Gradients of the parameters, one row a sample [B, P, N], added to.</param>
    /// <param name="work">Working memory [B, (S + 1)·N].</param>
    public static void Backward(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> total, PackedMatrix feedback, ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> saved, ReadOnlySpan<float> dSpikes, ISurrogate surrogate, Span<float> dX, Span<float> dParameters, Span<float> work,
        NeuronCall call, ReadOnlySpan<int> lengths = default)
    {
        int states = kernel.States.Count;
        long signal = (long)call.Batch * call.Steps * call.Neurons;
        Check.Length(total, signal, nameof(total));
        Check.Length(parameters, (long)kernel.Parameters.Count * call.Neurons, nameof(parameters));
        Check.Length(saved, signal * states, nameof(saved));
        Check.Length(dSpikes, signal, nameof(dSpikes));
        Check.Length(dX, signal, nameof(dX));
        Check.Length(dParameters, (long)call.Batch * kernel.Parameters.Count * call.Neurons, nameof(dParameters));
        Check.Length(work, (long)call.Batch * (states + 1) * call.Neurons, nameof(work));
        Lengths.Check(lengths, call.Batch, call.Steps);
        fixed (float* pt = total, pp = parameters, ps = saved, pds = dSpikes, pdx = dX, pdp = dParameters, pw = work)
        fixed (int* pl = lengths)
        {
            var rows = new BackwardRows
            {
                Cpu = cpu, Kernel = kernel, Call = call, Surrogate = surrogate, Total = pt, Feedback = feedback, Parameters = pp, Saved = ps,
                DSpikes = pds, DX = pdx, DParameters = pdp, Work = pw, Lengths = pl,
            };
            int slice = Math.Clamp((call.Batch + cpu.Threads - 1) / cpu.Threads, 1, Slice);
            Rows.For(cpu, call.Batch, slice, rows);
        }
    }

    private struct ForwardRows : IRows
    {
        public Cpu Cpu;
        public NeuronKernel Kernel;
        public NeuronCall Call;
        public float* X, Feedback, Bias, Parameters, Initial, Total, Saved, State;
        public int FeedbackLength;
        public ulong* Bits, Previous;
        public int* Lengths;

        public readonly void Run(int start, int end)
        {
            int n = Call.Neurons, steps = Call.Steps, states = Kernel.States.Count, words = Call.WordsPerRow;
            int stride = SpikeGemm.PackedOutputs(Cpu, n);
            var feedback = new ReadOnlySpan<float>(Feedback, FeedbackLength);
            for (int b = start; b < end; b++)
            {
                int length = Lengths is null ? steps : Lengths[b];
                float* state = State + (long)b * states * n;
                if (Initial is null)
                    new Span<float>(state, states * n).Clear();
                else if (Initial != State)
                    new ReadOnlySpan<float>(Initial + (long)b * states * n, states * n).CopyTo(new Span<float>(state, states * n));
                ulong* before = Previous is null ? null : Previous + (long)b * words;
                for (int t = 0; t < steps; t++)
                {
                    long row = (long)b * steps + t;
                    var total = new Span<float>(Total + row * n, n);
                    ulong* bits = Bits + row * words;
                    if (t >= length)
                    {
                        total.Clear();
                        new Span<ulong>(bits, words).Clear();
                        continue;
                    }
                    new ReadOnlySpan<float>(X + row * n, n).CopyTo(total);
                    if (before is not null)
                        SpikeGemm.MultiplyRows(Cpu, new ReadOnlySpan<ulong>(before, words), words, 1, feedback, stride, total, n, 1, n, n);
                    for (int i = 0; Bias is not null && i < n; i++)
                        total[i] += Bias[i];
                    var sweep = new NeuronSweep(Kernel, Call with { Batch = 1, Steps = 1, Segment = 1 }, Total + row * n, Parameters, null)
                    {
                        Initial = state, Bits = bits, Saved = Saved is null ? null : Saved + row * states * n, Final = state,
                    };
                    for (int tile = 0; tile < sweep.Tiles; tile++)
                        NeuronSweep.Forward(Kernel, sweep, Cpu.Width, tile);
                    before = bits;
                }
            }
        }
    }

    private struct BackwardRows : IRows
    {
        public Cpu Cpu;
        public NeuronKernel Kernel;
        public NeuronCall Call;
        public ISurrogate Surrogate;
        public PackedMatrix Feedback;
        public float* Total, Parameters, Saved, DSpikes, DX, DParameters, Work;
        public int* Lengths;

        public readonly void Run(int start, int end)
        {
            for (int first = start; first < end; first += Slice)
                RunSlice(first, Math.Min(first + Slice, end) - first);
        }

        private readonly void RunSlice(int first, int count)
        {
            int n = Call.Neurons, steps = Call.Steps, states = Kernel.States.Count, parameters = Kernel.Parameters.Count;
            float* dState = Work + (long)first * (states + 1) * n, dSpikes = dState + (long)count * states * n;
            new Span<float>(dState, count * states * n).Clear();
            for (int t = steps - 1; t >= 0; t--)
            {
                for (int i = 0; i < count; i++)
                    new ReadOnlySpan<float>(DSpikes + ((long)(first + i) * steps + t) * n, n).CopyTo(new Span<float>(dSpikes + (long)i * n, n));
                bool cut = Call.Truncate > 0 && (t + 1) % Call.Truncate == 0;
                if (t + 1 < steps && !cut)
                {
                    float* next = DX + ((long)first * steps + t + 1) * n;
                    Gemm.Multiply(Cpu, new ReadOnlySpan<float>(next, checked((int)(((long)(count - 1) * steps * n) + n))), steps * n, Feedback,
                        new Span<float>(dSpikes, count * n), n, count, accumulate: true);
                }
                for (int i = 0; i < count; i++)
                {
                    int b = first + i;
                    long row = (long)b * steps + t;
                    if (Lengths is not null && t >= Lengths[b])
                    {
                        new Span<float>(DX + row * n, n).Clear();
                        continue;
                    }
                    float* dOwnState = dState + (long)i * states * n;
                    if (cut)
                        new Span<float>(dOwnState, states * n).Clear();
                    var sweep = new NeuronSweep(Kernel, Call with { Batch = 1, Steps = 1, Segment = 1, Truncate = 0 }, Total + row * n, Parameters, null)
                    {
                        Saved = Saved + row * states * n, DOutput = dSpikes + (long)i * n, DX = DX + row * n,
                        DParameters = DParameters + (long)b * parameters * n, DState = dOwnState,
                    };
                    for (int tile = 0; tile < sweep.Tiles; tile++)
                        NeuronSweep.Backward(Kernel, sweep, Surrogate, Cpu.Width, tile);
                }
            }
        }
    }
}
