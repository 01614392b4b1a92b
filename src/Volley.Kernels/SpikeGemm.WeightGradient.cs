using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

public static unsafe partial class SpikeGemm
{
    /// <summary>dW[i, :] += Σ_r x[r, i] · dY[r, :], r ascending, one chain that starts at dW.</summary>
    /// <remarks>x [rows, inputs], dY [rows, outputs], dW [inputs, outputs].</remarks>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    public static void WeightGradient(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> dY, Span<float> dW, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        Check.Length(dY.Length, x.Rows, outputs, nameof(dY));
        Check.Length(dW.Length, x.Columns, outputs, nameof(dW));
        if (dW.IsEmpty || dY.IsEmpty)
            return;
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, dYp = dY, dWp = dW)
        {
            var gradient = new Gradient(cpu, new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative), dYp, dWp, x.Rows, outputs);
            cpu.Dispatch(ref gradient);
        }
    }

    private readonly struct Gradient(Cpu cpu, SpikePointers x, float* dY, float* dW, int rows, int outputs) : IWidthBody
    {
        // A part of the outputs narrower than this reads dY in pieces too short for the prefetchers.
        private const int LeastOutputs = 64;

        public void Run<L>() where L : struct, IVectorLane<L>
        {
            // Parts of the outputs first: each thread then reads its own part of dY, and all parts weigh the same.
            int outputParts = Math.Clamp(outputs / LeastOutputs, 1, cpu.Threads);
            int width = Padding.Padded<F32x16>((outputs + outputParts - 1) / outputParts);
            outputParts = (outputs + width - 1) / width;
            int inputParts = Math.Min((cpu.Threads + outputParts - 1) / outputParts, x.Columns);
            int height = (x.Columns + inputParts - 1) / inputParts;
            inputParts = (x.Columns + height - 1) / height;
            Rows.For(cpu, outputParts * inputParts, 1, new GradientTiles<L>(x, dY, dW, rows, outputs, outputParts, width, height));
        }
    }

    private readonly struct GradientTiles<L>(SpikePointers x, float* dY, float* dW, int rows, int outputs, int outputParts, int width, int height) : IRows
        where L : struct, IVectorLane<L>
    {
        // dY of a block of rows and dW stay in the second-level cache; lists of a group of inputs in the first.
        private const int BlockFloats = 128 * 1024, MostRows = 1024, Group = 32;

        public void Run(int start, int end)
        {
            for (int tile = start; tile < end; tile++)
            {
                int firstOutput = tile % outputParts * width, firstInput = tile / outputParts * height;
                Tile(firstInput, Math.Min(height, x.Columns - firstInput), firstOutput, Math.Min(width, outputs - firstOutput));
            }
        }

        private void Tile(int firstInput, int inputs, int firstOutput, int columns)
        {
            int padded = Padding.Padded<L>(columns);
            bool staged = padded != columns;
            int block = Math.Clamp(BlockFloats / padded / 64 * 64, 64, MostRows);
            int firstWord = firstInput / 64, words = (firstInput + inputs + 63) / 64 - firstWord, quads = (words + 3) / 4;
            int groups = block / 64;

            nint bitBytes = (nint)groups * quads * BitTranspose.Words * sizeof(ulong);
            nint most = (nint)Group * block + BitLists.Slack;
            nint stagedFloats = staged ? (nint)(block + inputs) * padded : 0;
            byte* scratch = Scratch.Own(bitBytes + (stagedFloats + (x.HasSizes ? 2 : 1) * most + Group + 1) * sizeof(float));
            var bits = (ulong*)scratch;
            var dYBlock = (float*)(scratch + bitBytes);
            float* dWTile = dYBlock + (staged ? (nint)block * padded : 0);
            var lists = (int*)(dYBlock + stagedFloats);
            int* starts = lists + most;
            float* sizes = x.HasSizes ? (float*)(starts + Group + 1) : null;
            var sums = new PickedSums { Lists = lists, Starts = starts, Sizes = sizes, Scale = x.Scale, Accumulate = true };

            float* dWOwn = dW + (nint)firstInput * outputs + firstOutput;
            if (staged)
            {
                Padding.Copy<L>(dWOwn, outputs, dWTile, padded, inputs, columns);
                Padding.ClearTails(dWTile, padded, inputs, columns);
                Padding.ClearTails(dYBlock, padded, block, columns);
            }
            float* to = staged ? dWTile : dWOwn;
            int stride = staged ? padded : outputs;
            sums.Stride = sums.DestinationStride = stride;
            for (int r0 = 0; r0 < rows; r0 += block)
            {
                int count = Math.Min(block, rows - r0);
                float* dYOwn = dY + (nint)r0 * outputs + firstOutput;
                if (staged)
                    Padding.Copy<L>(dYOwn, outputs, dYBlock, padded, count, columns);
                sums.Matrix = staged ? dYBlock : dYOwn;
                Transpose(r0, count, firstWord, words, bits);
                for (int i = 0; i < inputs; i += Group)
                {
                    sums.Sums = Math.Min(Group, inputs - i);
                    sums.Destination = to + (nint)i * stride;
                    List(r0, count, firstInput + i, sums.Sums, firstWord, quads, bits, lists, starts, sizes);
                    sums.Run<L>(0, padded);
                }
            }
            if (staged)
                Padding.Copy<L>(dWTile, padded, dWOwn, outputs, inputs, columns);
        }

        /// <summary>bits [groups of 64 rows, quads of words, 64 bits, 4 words].</summary>
        private void Transpose(int r0, int count, int firstWord, int words, ulong* bits)
        {
            for (int r = 0; r < count; r += 64)
            {
                for (int k = 0; k < words; k += 4, bits += BitTranspose.Words)
                    BitTranspose.Run(x.Bits + (r0 + r) * x.Stride + firstWord + k, x.Stride, Math.Min(64, count - r), Math.Min(4, words - k), bits);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void List(int r0, int count, int firstInput, int inputs, int firstWord, int quads, ulong* bits, int* lists, int* starts, float* sizes)
        {
            int groups = (count + 63) / 64;
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
                for (int* r = list; r < end; r++)
                    sizes[r - lists] = x.Size(r0 + *r, input);
            }
        }
    }
}
