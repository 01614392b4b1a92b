using Volley.Kernels.Lanes;

namespace Volley.Kernels.Delays;

/// <summary>Delayed products in the frequency domain: one complex product a frequency, whatever the width of the taps and however many values are not 0.
/// For inputs that are no spikes, for spikes too dense for <see cref="DelayEvents"/>, and for the gradient of the input.</summary>
/// <remarks>Per synapse and segment it takes 4·(n/2 + 1) multiply-adds for n − K + 1 steps, 2.4 a step at K = 25, against K of a dense convolution.
/// With M_f = [[Re k̂, Im k̂], [−Im k̂, Re k̂]] of [2I, 2O] and signals as [Re | Im]: Y = X·M, dX = dY·Mᵀ, and dM = Xᵀ·dY holds the gradient of k̂.
/// Sums over frequencies round differently from those of <see cref="DelayEvents"/>; both are the same bits for every width, thread count and padding.</remarks>
public static unsafe class DelaySpectrum
{
    // Floats of the matrices M of a few frequencies, built, used and forgotten together.
    private const long GroupFloats = 8 << 20;

    /// <summary>Floats that a call works in, which the caller provides; large, and the same for all calls of these sizes.</summary>
    public static long WorkspaceFloats(TimeTransform transform, DelayCall call)
    {
        long rows = (long)call.Batch * transform.Segments(call.OutputSteps);
        return transform.Bins * (SegmentLayout.BinFloats(rows, call.Inputs) + SegmentLayout.BinFloats(rows, call.Outputs)) + GroupOf(transform, call) * MatrixFloats(call);
    }

    /// <summary>y[b, t, o] = Σ_d Σᵢ k[i, o, d]·x[b, t − d, i]; 0 behind a sample's length + (K − 1)/2.</summary>
    /// <param name="x">[B, T, I]; what is behind a sample's length is not read.</param>
    /// <param name="taps">[⌈O/16⌉, I, K, 16].</param>
    /// <param name="y">[B, T + (K − 1)/2, O], written.</param>
    /// <param name="workspace"><see cref="WorkspaceFloats"/>.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void Forward(Cpu cpu, TimeTransform transform, ReadOnlySpan<float> x, ReadOnlySpan<float> taps, Span<float> y, Span<float> workspace,
        DelayCall call, ReadOnlySpan<int> lengths = default) =>
        Run(cpu, transform, Kind.Forward, x, taps, y, workspace, call, lengths);

    /// <summary>dX[b, t, i] = Σ_d Σ_o k[i, o, d]·dY[b, t + d, o]; 0 behind a sample's length.</summary>
    /// <param name="dY">[B, T + (K − 1)/2, O]; what is behind a sample's length + (K − 1)/2 is not read.</param>
    /// <param name="dX">[B, T, I], written.</param>
    /// <inheritdoc cref="Forward"/>
    public static void InputGradient(Cpu cpu, TimeTransform transform, ReadOnlySpan<float> dY, ReadOnlySpan<float> taps, Span<float> dX, Span<float> workspace,
        DelayCall call, ReadOnlySpan<int> lengths = default) =>
        Run(cpu, transform, Kind.InputGradient, dX, taps, dY, workspace, call, lengths);

    /// <summary>dk[i, o, d] += Σ_b Σₜ x[b, t, i]·dY[b, t + d, o].</summary>
    /// <param name="dTaps">[⌈O/16⌉, I, K, 16], added to.</param>
    /// <inheritdoc cref="Forward"/>
    public static void TapGradient(Cpu cpu, TimeTransform transform, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dTaps, Span<float> workspace,
        DelayCall call, ReadOnlySpan<int> lengths = default) =>
        Run(cpu, transform, Kind.TapGradient, x, dTaps, dY, workspace, call, lengths);

    /// <summary>Of x, taps and y the kind writes one.</summary>
    private static void Run(Cpu cpu, TimeTransform transform, Kind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> taps, ReadOnlySpan<float> y, Span<float> workspace,
        DelayCall call, ReadOnlySpan<int> lengths)
    {
        Check(transform, x.Length, taps.Length, y.Length, workspace, call, lengths);
        fixed (float* px = x, pk = taps, py = y, pw = workspace)
        fixed (int* pl = lengths)
        {
            var work = new Work(cpu, transform, call, kind, px, pk, py, pw, pl);
            cpu.Dispatch(ref work);
        }
    }

    private static void Check(TimeTransform transform, int x, int taps, int y, ReadOnlySpan<float> workspace, DelayCall call, ReadOnlySpan<int> lengths)
    {
        call.Check();
        if (transform.Taps != call.Taps)
            throw new ArgumentException($"The transform is for {transform.Taps} taps, the product has {call.Taps}.", nameof(transform));
        Kernels.Check.Length(x, (long)call.Batch * call.Steps, call.Inputs, nameof(x));
        Kernels.Check.Length(taps, 1, call.TapFloats, nameof(taps));
        Kernels.Check.Length(y, (long)call.Batch * call.OutputSteps, call.Outputs, nameof(y));
        Kernels.Check.Length(workspace.Length, 1, WorkspaceFloats(transform, call), nameof(workspace));
        Lengths.Check(lengths, call.Batch, call.Steps);
    }

    private static long MatrixFloats(DelayCall call) => 4L * call.Inputs * call.Outputs;

    private static int GroupOf(TimeTransform transform, DelayCall call) => (int)Math.Clamp(GroupFloats / MatrixFloats(call), 1, transform.Bins);

    private enum Kind
    {
        Forward,
        InputGradient,
        TapGradient,
    }

    private readonly struct Work(Cpu cpu, TimeTransform transform, DelayCall call, Kind kind, float* x, float* taps, float* y, float* workspace, int* lengths) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int segments = transform.Segments(kind == Kind.Forward ? call.OutputSteps : call.Steps), rows = call.Batch * segments, bins = transform.Bins;
            if (rows == 0)
                return;
            float* inputs = workspace, outputs = inputs + bins * SegmentLayout.BinFloats(rows, call.Inputs), matrices = outputs + bins * SegmentLayout.BinFloats(rows, call.Outputs);
            int hop = transform.Hop, n = transform.Length;
            var inputSide = new SegmentLayout(call.Batch, call.Steps, call.Inputs, segments, 0, hop);
            var outputSide = new SegmentLayout(call.Batch, call.OutputSteps, call.Outputs, segments, 0, n);
            if (kind == Kind.Forward)
                TimeTransforms.Forward<L>(cpu, transform, x, inputs, inputSide with { Start = 1 - call.Taps, Used = n }, lengths, 0);
            else
                TimeTransforms.Forward<L>(cpu, transform, y, outputs, outputSide, lengths, call.Extra);
            if (kind == Kind.TapGradient)
                TimeTransforms.Forward<L>(cpu, transform, x, inputs, inputSide, lengths, 0);

            int group = GroupOf(transform, call);
            for (int first = 0; first < bins; first += group)
            {
                int count = Math.Min(group, bins - first);
                var spectra = new TapSpectra(transform, call, first, count, matrices);
                if (kind != Kind.TapGradient)
                    spectra.Build<L>(cpu, taps);
                Rows.For(cpu, count, 1, new Products(cpu, call, kind, rows, inputs + first * SegmentLayout.BinFloats(rows, call.Inputs), outputs + first * SegmentLayout.BinFloats(rows, call.Outputs), matrices));
                if (kind == Kind.TapGradient)
                    spectra.AddGradient<L>(cpu, taps);
            }
            if (kind == Kind.Forward)
            {
                var written = new SegmentLayout(call.Batch, call.OutputSteps, call.Outputs, segments, 1 - call.Taps, hop, call.Taps - 1);
                TimeTransforms.Inverse<L>(cpu, transform, outputs, y, written, lengths, call.Extra);
            }
            else if (kind == Kind.InputGradient)
            {
                TimeTransforms.Inverse<L>(cpu, transform, inputs, x, inputSide, lengths, 0);
            }
        }
    }

    private readonly struct Products(Cpu cpu, DelayCall call, Kind kind, int rows, float* inputs, float* outputs, float* matrices) : IRows
    {
        public void Run(int start, int end)
        {
            int i = 2 * call.Inputs, o = 2 * call.Outputs;
            for (int f = start; f < end; f++)
            {
                var x = new Span<float>(inputs + f * SegmentLayout.BinFloats(rows, call.Inputs), rows * i);
                var y = new Span<float>(outputs + f * SegmentLayout.BinFloats(rows, call.Outputs), rows * o);
                var m = new Span<float>(matrices + (nint)f * MatrixFloats(call), i * o);
                switch (kind)
                {
                    case Kind.Forward: Gemm.Multiply(cpu, x, m, y, rows, o, i); break;
                    case Kind.InputGradient: Gemm.Multiply(cpu, y, m, x, rows, i, o, transposeB: true); break;
                    default: Gemm.Multiply(cpu, x, y, m, i, o, rows, transposeA: true); break;
                }
            }
        }
    }
}
