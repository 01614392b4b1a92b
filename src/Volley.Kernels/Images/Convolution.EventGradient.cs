using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

public static unsafe partial class Convolution
{
    private static void EventGradient(Cpu cpu, SpikePointers x, float* dY, float* dW, in ConvolutionCall call)
    {
        if (call.Images == 0)
            return;
        var work = new EventGradientWork(cpu, x, dY, dW, call);
        cpu.Dispatch(ref work);
    }

    private readonly struct EventGradientWork(Cpu cpu, SpikePointers x, float* dY, float* dW, ConvolutionCall call) : IWidthBody
    {
        // As in SpikeGemm: a narrower part of the outputs reads dY in pieces too short for the prefetchers.
        private const int LeastOutputs = 64;

        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int outputParts = Math.Clamp(call.Outputs / LeastOutputs, 1, cpu.Threads);
            int width = Padding.Padded<F32x16>((call.Outputs + outputParts - 1) / outputParts);
            outputParts = (call.Outputs + width - 1) / width;
            int inputParts = Math.Min((cpu.Threads + outputParts - 1) / outputParts, call.Inputs);
            int height = (call.Inputs + inputParts - 1) / inputParts;
            inputParts = (call.Inputs + height - 1) / height;
            Rows.For(cpu, outputParts * inputParts, 1, new EventGradientTiles<L>(x, dY, dW, call, outputParts, width, height));
        }
    }

    /// <summary>Some channels in, some out. An image's spikes and the gradient of its output are laid on one grid with room around, so that one list of the places where a
    /// channel fired serves every weight of it: for another place of the kernel the gradient is read from another place.</summary>
    private readonly struct EventGradientTiles<L>(SpikePointers x, float* dY, float* dW, ConvolutionCall call, int outputParts, int width, int height) : IRows
        where L : struct, IVectorLane<L>
    {
        // The gradients of a block of images stay in the second-level cache; lists of a group of channels in the first.
        private const int BlockFloats = 128 * 1024, MostPlaces = 2048, Group = 32;

        private int GridWidth => call.Width + call.KernelWidth - 1;

        private int GridHeight => call.Height + call.KernelHeight - 1;

        private int Grid => GridWidth * GridHeight;

        public void Run(int start, int end)
        {
            for (int tile = start; tile < end; tile++)
            {
                int firstOutput = tile % outputParts * width, firstInput = tile / outputParts * height;
                Tile(firstInput, Math.Min(height, call.Inputs - firstInput), firstOutput, Math.Min(width, call.Outputs - firstOutput));
            }
        }

        private void Tile(int firstInput, int inputs, int firstOutput, int columns)
        {
            int padded = Padding.Padded<L>(columns), block = Math.Clamp(Math.Min(BlockFloats / padded, MostPlaces) / Grid, 1, call.Images);
            bool staged = padded != columns;
            int places = (block * Grid + 63) / 64 * 64, groups = places / 64;
            int firstWord = firstInput / 64, words = (firstInput + inputs + 63) / 64 - firstWord, quads = (words + 3) / 4;

            nint gridBytes = (nint)places * words * sizeof(ulong), bitBytes = (nint)groups * quads * BitTranspose.Words * sizeof(ulong);
            nint most = (nint)Group * places + BitLists.Slack, stagedFloats = staged ? (nint)call.Taps * inputs * padded : 0;
            nint gradientFloats = (nint)block * Grid * padded;
            byte* scratch = Scratch.Own(gridBytes + bitBytes + (gradientFloats + stagedFloats + (x.HasSizes ? 2 : 1) * most + Group + 1) * sizeof(float));
            var grid = (ulong*)scratch;
            var bits = (ulong*)(scratch + gridBytes);
            var gradient = (float*)(scratch + gridBytes + bitBytes);
            float* stage = gradient + gradientFloats;
            var lists = (int*)(stage + stagedFloats);
            int* starts = lists + most;
            float* sizes = x.HasSizes ? (float*)(starts + Group + 1) : null;
            var sums = new PickedSums { Lists = lists, Starts = starts, Sizes = sizes, Scale = x.Scale, Accumulate = true, Stride = padded };

            // dW of a tap: inputs of this tile from `own + tap · ownTap` on.
            float* own = staged ? stage : dW + (nint)firstInput * call.Outputs + firstOutput;
            nint ownTap = staged ? (nint)inputs * padded : (nint)call.Inputs * call.Outputs;
            sums.DestinationStride = staged ? padded : call.Outputs;
            for (int tap = 0; staged && tap < call.Taps; tap++)
            {
                Padding.Copy<L>(Weights(tap, firstInput, firstOutput), call.Outputs, stage + tap * ownTap, padded, inputs, columns);
                Padding.ClearTails(stage + tap * ownTap, padded, inputs, columns);
            }
            new Span<ulong>(grid, (int)(gridBytes / sizeof(ulong))).Clear();
            new Span<float>(gradient, (int)gradientFloats).Clear();
            for (int image = 0; image < call.Images; image += block)
            {
                int count = Math.Min(block, call.Images - image);
                LayOut(image, count, firstWord, words, grid, firstOutput, columns, padded, gradient);
                Transposed(count * Grid, words, grid, bits);
                for (int i = 0; i < inputs; i += Group)
                {
                    sums.Sums = Math.Min(Group, inputs - i);
                    List(image, count, firstInput + i, sums.Sums, firstWord, quads, bits, lists, starts, sizes);
                    for (int tap = 0; tap < call.Taps; tap++)
                    {
                        int ky = tap / call.KernelWidth, kx = tap % call.KernelWidth;
                        sums.Matrix = gradient + ((nint)(call.KernelHeight - 1 - ky) * GridWidth + call.KernelWidth - 1 - kx) * padded;
                        sums.Destination = own + tap * ownTap + i * sums.DestinationStride;
                        sums.Run<L>(0, padded);
                    }
                }
            }
            for (int tap = 0; staged && tap < call.Taps; tap++)
                Padding.Copy<L>(stage + tap * ownTap, padded, Weights(tap, firstInput, firstOutput), call.Outputs, inputs, columns);
        }

        private float* Weights(int tap, int input, int output) => dW + ((nint)tap * call.Inputs + input) * call.Outputs + output;

        /// <summary>Spikes at (y, x) of the grid; the gradient of output (y, x) at (y + kernel − 1 − pad, x + kernel − 1 − pad). All else is 0 and stays 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void LayOut(int image, int count, int firstWord, int words, ulong* grid, int firstOutput, int columns, int padded, float* gradient)
        {
            int down = call.KernelHeight - 1 - call.PadHeight, right = call.KernelWidth - 1 - call.PadWidth;
            for (int i = 0; i < count; i++)
            {
                for (int r = 0; r < call.Height; r++)
                {
                    ulong* from = x.Bits + ((nint)(image + i) * call.Height + r) * call.Width * x.Stride + firstWord, to = grid + ((nint)i * Grid + r * GridWidth) * words;
                    for (int c = 0; c < call.Width; c++, from += x.Stride)
                    {
                        for (int k = 0; k < words; k++)
                            *to++ = from[k];
                    }
                }
                for (int r = 0; r < call.OutputHeight; r++)
                {
                    Padding.Copy<L>(dY + ((nint)(image + i) * call.OutputHeight + r) * call.OutputWidth * call.Outputs + firstOutput, call.Outputs,
                        gradient + ((nint)i * Grid + (r + down) * GridWidth + right) * padded, padded, call.OutputWidth, columns);
                }
            }
        }

        /// <summary>bits [groups of 64 places, quads of words, 64 channels, 4 words].</summary>
        private static void Transposed(int places, int words, ulong* grid, ulong* bits)
        {
            for (int p = 0; p < places; p += 64)
            {
                for (int k = 0; k < words; k += 4, bits += BitTranspose.Words)
                    BitTranspose.Run(grid + (nint)p * words + k, words, Math.Min(64, places - p), Math.Min(4, words - k), bits);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void List(int image, int count, int firstInput, int inputs, int firstWord, int quads, ulong* bits, int* lists, int* starts, float* sizes)
        {
            int groups = (count * Grid + 63) / 64;
            int* end = lists;
            starts[0] = 0;
            for (int i = 0; i < inputs; i++)
            {
                int input = firstInput + i, word = (input >> 6) - firstWord;
                int* list = end;
                end = BitLists.AppendRow(bits + (word >> 2) * BitTranspose.Words + (input & 63) * 4 + (word & 3), quads * BitTranspose.Words, groups, list);
                starts[i + 1] = (int)(end - lists);
                if (sizes == null)
                    continue;
                for (int* p = list; p < end; p++)
                    sizes[p - lists] = x.Size(((nint)image * call.Height + *p / GridWidth / GridHeight * call.Height + *p / GridWidth % GridHeight) * call.Width + *p % GridWidth, input);
            }
        }
    }
}
