using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>A diagonal state-space layer over whole sequences as a convolution: y[t] = Σⱼ k₀[j]·u[t−j] (+ Σⱼ k₁[j]·u[t+1+j]) + D·u[t], for training and where both
/// directions are read.</summary>
/// <remarks>
/// Transforms over time with lanes across channels (<see cref="TimeFourier"/>). D is part of k₀[0]. The second direction is a kernel at negative lags, which a right-angle
/// transform keeps in the imaginary part: one product does both. A sample is transformed at the size that its own length asks for and reads 0 behind it.
/// </remarks>
public static unsafe class StateSpaceConvolution
{
    /// <summary>y = layer(x·factors + offsets), 0 behind each sample's length.</summary>
    /// <remarks>x, y: [B, L, H]; factors, offsets: [H] or empty; spectra: <see cref="StateSpaceCall.SpectrumCount"/>, for <see cref="Backward"/>. y may be x.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Forward(
        Cpu cpu, TwiddleTable table, StateSpaceParameters parameters, ReadOnlySpan<float> x, Span<float> y, Span<float> spectra, StateSpaceCall call,
        ReadOnlySpan<int> lengths = default, ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default)
    {
        parameters.CheckLengths(call);
        CheckSignals(table, x, y, spectra, call, lengths, factors, offsets);
        fixed (float* logStep = parameters.LogStep, logDecay = parameters.LogDecay, frequency = parameters.Frequency, b = parameters.B, c = parameters.C, d = parameters.D)
        fixed (float* px = x, py = y, ps = spectra, pf = factors, po = offsets)
        fixed (int* pl = lengths)
        {
            var work = new Work
            {
                Cpu = cpu,
                Table = table,
                Call = call,
                Parameters = new StateSpacePointers { LogStep = logStep, LogDecay = logDecay, Frequency = frequency, B = b, C = c, D = d },
                X = px,
                Y = py,
                Spectra = ps,
                Lengths = pl,
                Factors = pf,
                Offsets = po,
                Sizes = new TransformSizes(lengths, call.Batch, call.Steps).Mask,
            };
            var forward = new ForwardWidth(work);
            cpu.Dispatch(ref forward);
        }
    }

    /// <summary>dX from dY, and the gradients of what is learned are added to <paramref name="gradients"/>; x, factors, offsets and spectra as in the forward.
    /// dX is the gradient of x·factors + offsets.</summary>
    /// <remarks>x, dY, dX: [B, L, H]; partials: <see cref="StateSpaceCall.PartialCount"/>. dX may be dY. dX is 0 behind each sample's length.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Backward(
        Cpu cpu, TwiddleTable table, StateSpaceParameters parameters, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX, StateSpaceParameters gradients,
        ReadOnlySpan<float> spectra, Span<float> partials, StateSpaceCall call,
        ReadOnlySpan<int> lengths = default, ReadOnlySpan<float> factors = default, ReadOnlySpan<float> offsets = default)
    {
        parameters.CheckLengths(call);
        gradients.CheckLengths(call);
        CheckSignals(table, x, dX, spectra, call, lengths, factors, offsets);
        Check.Length(dY, x.Length, nameof(dY));
        Check.Length(partials, call.PartialCount(lengths), nameof(partials));
        fixed (float* logStep = parameters.LogStep, logDecay = parameters.LogDecay, frequency = parameters.Frequency, b = parameters.B, c = parameters.C, d = parameters.D)
        fixed (float* gLogStep = gradients.LogStep, gLogDecay = gradients.LogDecay, gFrequency = gradients.Frequency, gB = gradients.B, gC = gradients.C, gD = gradients.D)
        fixed (float* px = x, pdy = dY, pdx = dX, ps = spectra, pp = partials, pf = factors, po = offsets)
        fixed (int* pl = lengths)
        {
            var work = new Work
            {
                Cpu = cpu,
                Table = table,
                Call = call,
                Parameters = new StateSpacePointers { LogStep = logStep, LogDecay = logDecay, Frequency = frequency, B = b, C = c, D = d },
                Gradients = new StateSpacePointers { LogStep = gLogStep, LogDecay = gLogDecay, Frequency = gFrequency, B = gB, C = gC, D = gD },
                X = px,
                DY = pdy,
                Y = pdx,
                Spectra = ps,
                Partials = pp,
                Lengths = pl,
                Factors = pf,
                Offsets = po,
                Sizes = new TransformSizes(lengths, call.Batch, call.Steps).Mask,
            };
            var backward = new BackwardWidth(work);
            cpu.Dispatch(ref backward);
        }
    }

    /// <summary>The kernels themselves, without D: [directions, H, steps].</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Kernels(StateSpaceParameters parameters, Span<float> kernels, StateSpaceCall call)
    {
        parameters.CheckLengths(call);
        Check.Length(kernels, (long)call.Directions * call.Channels * call.Steps, nameof(kernels));
        fixed (float* logStep = parameters.LogStep, logDecay = parameters.LogDecay, frequency = parameters.Frequency, b = parameters.B, c = parameters.C, d = parameters.D, to = kernels)
        {
            var pointers = new StateSpacePointers { LogStep = logStep, LogDecay = logDecay, Frequency = frequency, B = b, C = c, D = d };
            int points = TimeFourier.PointsFor(call.Steps);
            for (int channel = 0; channel < call.Channels; channel++)
            {
                nint tables = KernelTables<F32>.Floats(call, points);
                float* memory = Scratch.Transform(tables + points);
                var table = new KernelTables<F32>(call, pointers, channel, points, memory);
                table.Fill();
                for (int direction = 0; direction < call.Directions; direction++)
                {
                    table.Kernel(direction, points, memory + tables);
                    new Span<float>(memory + tables, call.Steps).CopyTo(kernels.Slice((direction * call.Channels + channel) * call.Steps, call.Steps));
                }
            }
        }
    }

    private static void CheckSignals(
        TwiddleTable table, ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<float> spectra, in StateSpaceCall call, ReadOnlySpan<int> lengths,
        ReadOnlySpan<float> factors, ReadOnlySpan<float> offsets)
    {
        if (call.Steps > table.Steps)
            throw new ArgumentException($"The table serves up to {table.Steps} steps, not {call.Steps}.", nameof(table));
        Volley.Kernels.Lengths.Check(lengths, call.Batch, call.Steps);
        Check.Length(x, (long)call.Batch * call.Steps * call.Channels, nameof(x));
        Check.Length(y, x.Length, nameof(y));
        Check.Length(spectra, call.SpectrumCount(lengths), nameof(spectra));
        Check.LengthOrEmpty(factors, call.Channels, nameof(factors));
        Check.Length(offsets, factors.Length, nameof(offsets));
    }

    /// <summary>Everything a pass needs.</summary>
    private struct Work
    {
        public Cpu Cpu;
        public TwiddleTable Table;
        public StateSpaceCall Call;
        public StateSpacePointers Parameters, Gradients;
        public float* X, Y, DY, Spectra, Partials, Factors, Offsets;
        public int* Lengths;
        public uint Sizes;

        public readonly int Length(int sample) => Volley.Kernels.Lengths.Of(Lengths, sample, Call.Steps);

        public readonly int LargestSize => Sizes == 0 ? 0 : 1 << BitOperations.Log2(Sizes);

        /// <summary>Floats of all transforms of one tile.</summary>
        public readonly nint TileFloats<L>() where L : struct, IVectorLane<L> => 2 * (nint)Sizes * L.Count;

        /// <summary>Where among them the one of that size lies: behind those of smaller sizes.</summary>
        public readonly nint Offset<L>(int size) where L : struct, IVectorLane<L> => 2 * (nint)(Sizes & (uint)(size - 1)) * L.Count;

        public readonly int Tiles<L>() where L : struct, IVectorLane<L> => (Call.Channels + L.Count - 1) / L.Count;

        public readonly float* Row(float* signal, int sample, int tile, int lanes) => signal + (nint)sample * Call.Steps * Call.Channels + (nint)tile * lanes;
    }

    private struct ForwardWidth(Work work) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L>
        {
            Rows.For(work.Cpu, work.Tiles<L>(), 1, new SpectrumTiles<L>(work));
            Rows.For(work.Cpu, work.Tiles<L>() * work.Call.Batch, Rows.Grain(work.Cpu, work.Tiles<L>() * work.Call.Batch), new ForwardTiles<L>(work));
        }
    }

    /// <summary>The kernels' spectra, divided by the number of points.</summary>
    private struct SpectrumTiles<L>(Work work) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int largest = work.LargestSize;
            if (largest == 0)
                return;
            nint tables = KernelTables<L>.Floats(work.Call, largest);
            for (int tile = start; tile < end; tile++)
            {
                float* memory = Scratch.Transform(tables + (nint)largest * (2 + 1) * L.Count), kernel = memory + tables, second = kernel + (nint)largest * L.Count;
                var table = new KernelTables<L>(work.Call, work.Parameters, tile, largest, memory);
                table.Fill();
                for (int direction = 0; direction < work.Call.Directions; direction++)
                {
                    table.Kernel(direction, largest, kernel);
                    if (direction == 0)
                        AddSkip(kernel, tile);
                    for (int size = TimeFourier.Least; size <= largest; size *= 2)
                    {
                        if ((work.Sizes & (uint)size) == 0)
                            continue;
                        float* spectrum = work.Spectra + tile * work.TileFloats<L>() + work.Offset<L>(size);
                        if (direction == 0)
                        {
                            TimeFourier.Forward<L>(work.Table, size, new RealRows(kernel, L.Count, size), spectrum);
                            Scale(spectrum, size);
                        }
                        else
                        {
                            // k₁[j] at lag −1 − j, which is i·k₁[j] at n − 1 − j.
                            TimeFourier.Forward<L>(work.Table, size, new RealRows(kernel + (nint)(size - 1) * L.Count, -L.Count, size), second);
                            AddTurned(spectrum, second, size);
                        }
                    }
                }
            }
        }

        private readonly void AddSkip(float* kernel, int tile)
        {
            for (int lane = 0; lane < L.Count && tile * L.Count + lane < work.Call.Channels; lane++)
                kernel[lane] += work.Parameters.D[tile * L.Count + lane];
        }

        private static void Scale(float* spectrum, int size)
        {
            L factor = L.Of(1.0 / size);
            for (nint i = 0; i < (nint)size * 2 * L.Count; i += L.Count)
                L.Store(spectrum + i, L.Load(spectrum + i) * factor);
        }

        /// <summary>spectrum += i·second/size.</summary>
        private static void AddTurned(float* spectrum, float* second, int size)
        {
            L factor = L.Of(1.0 / size);
            for (int f = 0; f < size; f++, spectrum += 2 * L.Count, second += 2 * L.Count)
            {
                L.Store(spectrum, L.MulAdd(-L.Load(second + L.Count), factor, L.Load(spectrum)));
                L.Store(spectrum + L.Count, L.MulAdd(L.Load(second), factor, L.Load(spectrum + L.Count)));
            }
        }
    }

    /// <summary>Sample by sample within a tile, so that neighbouring work shares a spectrum.</summary>
    private struct ForwardTiles<L>(Work work) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int tile = item / work.Call.Batch, sample = item % work.Call.Batch, length = work.Length(sample);
                TileSignal<L> output = new(work.Call, work.Row(work.Y, sample, tile, L.Count), tile);
                if (length > 0)
                {
                    int size = TimeFourier.PointsFor(length);
                    float* spectrum = Scratch.Transform((nint)size * 2 * L.Count + TileSignal<L>.StageFloats(work.Call)), stage = spectrum + (nint)size * 2 * L.Count;
                    TileSignal<L> input = new(work.Call, work.Row(work.X, sample, tile, L.Count), tile);
                    TimeFourier.Forward<L>(work.Table, size, input.Rows(stage, length, work.Factors, work.Offsets), spectrum);
                    Multiply(spectrum, work.Spectra + tile * work.TileFloats<L>() + work.Offset<L>(size), size);
                    TimeFourier.Inverse<L>(work.Table, size, spectrum, output.Target(stage), null, output.Stride, length);
                    output.Keep(stage, length);
                }
                output.Clear(length);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply(float* x, float* k, int size)
        {
            for (int f = 0; f < size; f++, x += 2 * L.Count, k += 2 * L.Count)
            {
                L r = L.Load(x), i = L.Load(x + L.Count), c = L.Load(k), s = L.Load(k + L.Count);
                L.Store(x, L.MulAdd(-i, s, r * c));
                L.Store(x + L.Count, L.MulAdd(i, c, r * s));
            }
        }
    }

    private struct BackwardWidth(Work work) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L>
        {
            StateSpaceCall call = work.Call;
            double* shared = (double*)(work.Partials + call.SampleGroups * (nint)work.Sizes * 2 * call.Padded);
            int tiles = work.Tiles<L>();
            Rows.For(work.Cpu, tiles * call.SampleGroups, 1, new BackwardTiles<L>(work));
            Rows.For(work.Cpu, tiles, 1, new GradientTiles<L>(work, shared));
            if (work.Sizes != 0)
                AddShared(shared);
        }

        /// <summary>Sums over the channels that share a set, ascending.</summary>
        private readonly void AddShared(double* shared)
        {
            StateSpaceCall call = work.Call;
            StateSpacePointers to = work.Gradients;
            for (int set = 0; set < call.Sets; set++)
            {
                for (int n = 0; n < call.Modes; n++)
                {
                    double decay = 0, frequency = 0, re = 0, im = 0;
                    for (int channel = set; channel < call.Channels; channel += call.Sets)
                    {
                        double* own = shared + 4 * ((nint)channel * call.Modes + n);
                        decay += own[0];
                        frequency += own[1];
                        re += own[2];
                        im += own[3];
                    }
                    int at = set * call.Modes + n;
                    to.LogDecay[at] += (float)decay;
                    to.Frequency[at] += (float)frequency;
                    to.B[2 * at] += (float)re;
                    to.B[2 * at + 1] += (float)im;
                }
            }
        }
    }

    /// <summary>A tile of channels and a group of samples: gradients of the input, and Σ conj(U)·dY.</summary>
    private struct BackwardTiles<L>(Work work) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            StateSpaceCall call = work.Call;
            for (int item = start; item < end; item++)
            {
                int tile = item / call.SampleGroups, group = item % call.SampleGroups;
                int first = (int)((long)call.Batch * group / call.SampleGroups), last = (int)((long)call.Batch * (group + 1) / call.SampleGroups);
                float* sums = work.Partials + item * work.TileFloats<L>();
                new Span<float>(sums, checked((int)work.TileFloats<L>())).Clear();
                for (int sample = first; sample < last; sample++)
                    Sample(sample, tile, sums);
            }
        }

        private readonly void Sample(int sample, int tile, float* sums)
        {
            int length = work.Length(sample);
            TileSignal<L> output = new(work.Call, work.Row(work.Y, sample, tile, L.Count), tile);
            if (length > 0)
            {
                int size = TimeFourier.PointsFor(length);
                nint floats = (nint)size * 2 * L.Count;
                float* dy = Scratch.Transform(2 * floats + TileSignal<L>.StageFloats(work.Call)), x = dy + floats, stage = x + floats;
                TileSignal<L> input = new(work.Call, work.Row(work.X, sample, tile, L.Count), tile), gradient = new(work.Call, work.Row(work.DY, sample, tile, L.Count), tile);
                TimeFourier.Forward<L>(work.Table, size, gradient.Rows(stage, length), dy);
                TimeFourier.Forward<L>(work.Table, size, input.Rows(stage, length, work.Factors, work.Offsets), x);
                Correlate(dy, x, work.Spectra + tile * work.TileFloats<L>() + work.Offset<L>(size), sums + work.Offset<L>(size), size);
                TimeFourier.Inverse<L>(work.Table, size, dy, output.Target(stage), null, output.Stride, length);
                output.Keep(stage, length);
            }
            output.Clear(length);
        }

        /// <summary>sums += conj(x)·dy, then dy ← conj(k)·dy.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Correlate(float* dy, float* x, float* k, float* sums, int size)
        {
            for (int f = 0; f < size; f++, dy += 2 * L.Count, x += 2 * L.Count, k += 2 * L.Count, sums += 2 * L.Count)
            {
                L r = L.Load(dy), i = L.Load(dy + L.Count), c = L.Load(x), s = L.Load(x + L.Count);
                L.Store(sums, L.MulAdd(i, s, L.MulAdd(r, c, L.Load(sums))));
                L.Store(sums + L.Count, L.MulAdd(-r, s, L.MulAdd(i, c, L.Load(sums + L.Count))));
                (c, s) = (L.Load(k), L.Load(k + L.Count));
                L.Store(dy, L.MulAdd(i, s, r * c));
                L.Store(dy + L.Count, L.MulAdd(-r, s, i * c));
            }
        }
    }

    /// <summary>From the summed spectra to the gradients of the kernels and of what is learned.</summary>
    private struct GradientTiles<L>(Work work, double* shared) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int largest = work.LargestSize;
            StateSpaceCall call = work.Call;
            if (largest == 0)
                return;
            nint tables = KernelTables<L>.Floats(call, largest), kernels = (nint)call.Directions * largest * L.Count;
            for (int tile = start; tile < end; tile++)
            {
                float* memory = Scratch.Transform(tables + KernelTables<L>.BackwardFloats(call, largest) + 3 * kernels);
                float* dKernels = memory + tables + KernelTables<L>.BackwardFloats(call, largest), re = dKernels + kernels, im = call.Bidirectional ? re + kernels : null;
                new Span<float>(dKernels, checked((int)kernels)).Clear();
                for (int size = TimeFourier.Least; size <= largest; size *= 2)
                {
                    if ((work.Sizes & (uint)size) == 0)
                        continue;
                    float* sums = Joined(tile, size);
                    int longest = Longest(size);
                    TimeFourier.Inverse<L>(work.Table, size, sums, re, im, L.Count, size);
                    Add(dKernels, re, L.Count, longest, 1.0 / size);
                    if (im is not null)
                        Add(dKernels + (nint)largest * L.Count, im + (nint)(size - 1) * L.Count, -L.Count, longest, 1.0 / size);
                }
                var table = new KernelTables<L>(call, work.Parameters, tile, largest, memory);
                table.Fill();
                table.Backward(dKernels, largest, memory + tables, work.Gradients, shared);
            }
        }

        /// <summary>The sums of all groups of samples, in the place of the first.</summary>
        private readonly float* Joined(int tile, int size)
        {
            int groups = work.Call.SampleGroups;
            nint floats = work.TileFloats<L>(), count = (nint)size * 2 * L.Count;
            float* first = work.Partials + (nint)tile * groups * floats + work.Offset<L>(size);
            for (int group = 1; group < groups; group++)
            {
                float* next = first + group * floats;
                for (nint i = 0; i < count; i += L.Count)
                    L.Store(first + i, L.Load(first + i) + L.Load(next + i));
            }
            return first;
        }

        /// <summary>The longest sample that is transformed at that size: kernels beyond it touch none.</summary>
        private readonly int Longest(int size)
        {
            int longest = 0;
            for (int b = 0; b < work.Call.Batch; b++)
            {
                int length = work.Length(b);
                if (length > 0 && TimeFourier.PointsFor(length) == size)
                    longest = Math.Max(longest, length);
            }
            return longest;
        }

        private static void Add(float* sum, float* rows, nint stride, int count, double factor)
        {
            L scale = L.Of(factor);
            for (int t = 0; t < count; t++)
                L.Store(sum + (nint)t * L.Count, L.MulAdd(L.Load(rows + t * stride), scale, L.Load(sum + (nint)t * L.Count)));
        }
    }
}
