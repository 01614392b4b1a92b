using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

public static unsafe partial class Convolution
{
    private static void Events(Cpu cpu, SpikePointers x, float* w, float* y, float* bias, in ConvolutionCall call)
    {
        var work = new EventWork(cpu, x, w, y, bias, call);
        cpu.Dispatch(ref work);
    }

    private readonly struct EventWork(Cpu cpu, SpikePointers x, float* w, float* y, float* bias, ConvolutionCall call) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int rows = call.Images * call.OutputHeight;
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + 64 / call.OutputWidth), new EventRows<L>(x, w, y, bias, call));
        }
    }

    /// <summary>Rows of the output: the spikes of every place of the image rows that they see are listed once and kept while windows move on, the lists of a window are joined, and the weights
    /// that they pick are summed.</summary>
    private readonly struct EventRows<L>(SpikePointers x, float* w, float* y, float* bias, ConvolutionCall call) : IRows where L : struct, IVectorLane<L>
    {
        // Lists of 16 000 spikes stay in the first-level cache at the densities that pay.
        private const int ListedSpikes = 16384, MostPlaces = 64;

        // Lists are joined eight spikes at a time, whatever lies behind their ends.
        private const int Slack = 8;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Bands bands = Bands.OfInput(call);
            int places = call.Width, window = call.Taps * call.Inputs, block = Math.Clamp(ListedSpikes / window, 4, MostPlaces);
            nint seenMost = (nint)call.KernelHeight * (places * (nint)call.Inputs + Slack), joinedMost = (nint)block * window + Slack;
            bool sized = x.HasSizes;
            byte* scratch = Scratch.Own((seenMost + joinedMost) * (sized ? 2 : 1) * sizeof(int) + ((nint)call.KernelHeight * (places + 1) + block + 1) * sizeof(int));
            nint* held = stackalloc nint[call.KernelHeight];
            new Span<nint>(held, call.KernelHeight).Fill(-1);
            var seen = (int*)scratch;
            int* joined = seen + seenMost, seenStarts = joined + joinedMost, starts = seenStarts + call.KernelHeight * (places + 1);
            float* seenSizes = sized ? (float*)(starts + block + 1) : null, sizes = sized ? seenSizes + seenMost : null;
            var sums = new PickedSums
            {
                Matrix = w,
                Stride = call.Outputs,
                Lists = joined,
                Starts = starts,
                Sizes = sizes,
                Scale = x.Scale,
                DestinationStride = call.Outputs,
                Bias = bias,
            };
            nint perRow = seenMost / call.KernelHeight;
            for (nint row = start; row < end; row++)
            {
                nint image = row / call.OutputHeight;
                int outputRow = (int)(row % call.OutputHeight);
                for (int tap = 0; tap < call.KernelHeight; tap++)
                {
                    int source = bands.SourceRow(outputRow, tap), slot = source % call.KernelHeight;
                    nint imageRow = image * call.Height + source;
                    if (source < 0 || held[slot] == imageRow)
                        continue;
                    held[slot] = imageRow;
                    List(imageRow * call.Width, seen + slot * perRow, seenStarts + slot * (places + 1), sized ? seenSizes + slot * perRow : null);
                }
                for (int first = 0; first < call.OutputWidth; first += block)
                {
                    sums.Sums = Math.Min(block, call.OutputWidth - first);
                    sums.Destination = y + (row * call.OutputWidth + first) * call.Outputs;
                    int* to = joined;
                    starts[0] = 0;
                    for (int i = 0; i < sums.Sums; i++)
                    {
                        for (int tap = 0; tap < call.KernelHeight; tap++)
                        {
                            int source = bands.SourceRow(outputRow, tap), slot = source % call.KernelHeight;
                            if (source >= 0)
                                to = Join(bands, first + i, tap, seen + slot * perRow, seenStarts + slot * (places + 1), to, sized ? seenSizes + slot * perRow : null, sizes + (to - joined));
                        }
                        starts[i + 1] = (int)(to - joined);
                    }
                    Sum(ref sums);
                }
            }
        }

        /// <summary>Lists the spikes of a row of the image, place by place.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void List(nint pixel, int* lists, int* starts, float* sizes)
        {
            int* end = lists;
            for (int i = 0; i < call.Width; i++)
            {
                int* list = end;
                starts[i] = (int)(end - lists);
                end = BitLists.AppendRow(x.Bits + (pixel + i) * x.Stride, 1, x.Words, list);
                for (int* c = list; sizes is not null && c < end; c++)
                    sizes[c - lists] = x.Size(pixel + i, *c);
            }
            starts[call.Width] = (int)(end - lists);
        }

        /// <summary>Appends what output column <paramref name="column"/> sees through a row of the kernel: rows of the weights.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int* Join(in Bands bands, int column, int tap, int* lists, int* starts, int* to, float* listSizes, float* sizes)
        {
            int left = bands.SourceColumn(column * call.StrideWidth);
            for (int kx = 0; kx < call.KernelWidth; kx++)
            {
                if ((uint)(left + kx) >= (uint)call.Width)
                    continue;
                int at = starts[left + kx], count = starts[left + kx + 1] - at;
                Vector256<int> offset = Vector256.Create((tap * call.KernelWidth + kx) * call.Inputs);
                for (int i = 0; i < count; i += 8)
                    (Vector256.Load(lists + at + i) + offset).Store(to + i);
                to += count;
                if (listSizes is null)
                    continue;
                for (int i = 0; i < count; i++)
                    sizes[i] = listSizes[at + i];
                sizes += count;
            }
            return to;
        }

        /// <summary>Whole lanes, and what is left in narrower ones.</summary>
        private void Sum(ref PickedSums sums)
        {
            int columns = call.Outputs, lanes = columns / L.Count * L.Count, fours = columns / F32x4.Count * F32x4.Count;
            sums.Run<L>(0, lanes);
            if (L.Count > F32x4.Count)
                sums.Run<F32x4>(lanes, fours);
            if (L.Count > 1)
                sums.Run<F32>(Math.Max(lanes, fours), columns);
        }
    }
}
