namespace Volley.Kernels.Neurons;

/// <summary>Runs neurons over currents once more to see what <see cref="NeuronDriver"/> does not keep: their states at every step, and how often these change.</summary>
/// <remarks>The same steps in the same lanes, so the same bits. Apart from the driver, whose loops know nothing of it; the currents of recurrent neurons hold
/// what came back.</remarks>
public static unsafe class NeuronReplay
{
    /// <summary>The states at the threshold test of every step: charged, not yet reset.</summary>
    /// <param name="x">Input currents [B, T, N].</param>
    /// <param name="parameters">The model's parameters [P, N].</param>
    /// <param name="initial">Initial state [B, S, N]; empty for zeros.</param>
    /// <param name="states">[B, T, S, N], written; 0 behind a sample's length.</param>
    /// <param name="distances">u − θ, whose sign decides on the spike (the output, for a model that does not spike) [B, T, N], written; 0 behind a sample's length.</param>
    /// <param name="lengths">Steps that count, a sample; empty for all T.</param>
    /// <param name="factors">With <paramref name="offsets"/>, [N]: the neurons see x·factor + offset. Empty for x itself.</param>
    /// <param name="offsets">[N], or empty.</param>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="call"/> asks for.</exception>
    public static void States(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> parameters, ReadOnlySpan<float> initial,
        Span<float> states, Span<float> distances, NeuronCall call, ReadOnlySpan<int> lengths = default,
        ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default)
    {
        CheckCall(kernel, x, parameters, initial, call, lengths, factors, offsets);
        Check.Length(states, (long)call.Batch * call.Steps * kernel.States.Count * call.Neurons, nameof(states));
        Check.Length(distances, x.Length, nameof(distances));
        states.Clear();
        distances.Clear();
        fixed (float* px = x, pp = parameters, pi = initial, ps = states, pd = distances, pm = factors, pa = offsets)
        fixed (int* pl = lengths)
        {
            var sweep = new NeuronSweep(kernel, call, px, pp, pl) { Initial = pi, Saved = ps, Output = pd, Factors = pm, Offsets = pa };
            Rows.For(cpu, call.Batch * sweep.Tiles, 1, new ReplayRows(kernel, sweep, cpu.Width, null, 0));
        }
    }

    /// <summary>How often a membrane potential changed: steps of neurons whose state <paramref name="state"/> is another one after the step, its reset included, than before.</summary>
    /// <param name="x">Input currents [B, T, N].</param>
    /// <param name="parameters">The model's parameters [P, N].</param>
    /// <param name="initial">Initial state [B, S, N]; empty for zeros.</param>
    /// <param name="state">Which of the states is the potential.</param>
    /// <param name="changes">[B], written: without the first step of a sample.</param>
    /// <param name="lengths">Steps that count, a sample; empty for all T.</param>
    /// <param name="factors">With <paramref name="offsets"/>, [N]: the neurons see x·factor + offset. Empty for x itself.</param>
    /// <param name="offsets">[N], or empty.</param>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="call"/> asks for.</exception>
    public static void Changes(Cpu cpu, NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> parameters, ReadOnlySpan<float> initial,
        int state, Span<long> changes, NeuronCall call, ReadOnlySpan<int> lengths = default,
        ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default)
    {
        CheckCall(kernel, x, parameters, initial, call, lengths, factors, offsets);
        ArgumentOutOfRangeException.ThrowIfNegative(state);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(state, kernel.States.Count);
        Check.Length(changes, call.Batch, nameof(changes));
        changes.Clear();
        fixed (float* px = x, pp = parameters, pi = initial, pm = factors, pa = offsets)
        fixed (int* pl = lengths)
        fixed (long* pc = changes)
        {
            var sweep = new NeuronSweep(kernel, call, px, pp, pl) { Initial = pi, Factors = pm, Offsets = pa };
            Rows.For(cpu, call.Batch * sweep.Tiles, 1, new ReplayRows(kernel, sweep, cpu.Width, pc, state));
        }
    }

    private static void CheckCall(NeuronKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> parameters, ReadOnlySpan<float> initial, NeuronCall call,
        ReadOnlySpan<int> lengths, ReadOnlySpan<float> factors, ReadOnlySpan<float> offsets)
    {
        Check.Length(x, (long)call.Batch * call.Steps * call.Neurons, nameof(x));
        Check.Length(parameters, (long)kernel.Parameters.Count * call.Neurons, nameof(parameters));
        Check.LengthOrEmpty(initial, (long)call.Batch * kernel.States.Count * call.Neurons, nameof(initial));
        Check.LengthOrEmpty(factors, call.Neurons, nameof(factors));
        Check.Length(offsets, factors.Length, nameof(offsets));
        Lengths.Check(lengths, call.Batch, call.Steps);
    }

    private readonly struct ReplayRows(NeuronKernel kernel, NeuronSweep sweep, LaneWidth width, long* changes, int state) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                NeuronSweep.Replay(kernel, sweep, width, i, changes, state);
        }
    }
}
