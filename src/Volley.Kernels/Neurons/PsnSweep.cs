using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>The loops of <see cref="Psn"/> over one sample and one tile of neurons.</summary>
internal unsafe struct PsnSweep
{
    /// <summary>Floats of a tile's inputs, an eighth of L2; potentials and gradients take as many each.</summary>
    private const int TileFloats = 32 * 1024;

    private const int WidestTile = 1024, SlidingTile = 256;

    // Rows of a tile lie so far apart that they do not meet in the same sets of L1.
    private const int RowGap = 16;

    // Inner sizes up to which the strip of X that a product reads stays in L1.
    private const int StripSteps = 128;

    // Rows this far apart fall into the same sets of a small L2; more than a few dozen of them there push each other out.
    private const int AliasBytes = 128 * 1024, MostAliases = 32;

    public readonly PsnCall Call;
    public readonly int TileSize, Tiles;
    public ulong* Bits, Support;
    public float* DSpikes, DX, Partials, Factors, Offsets, Saved;
    public float SupportWidth;

    private readonly float* _x, _weights, _bias;
    private readonly int* _lengths;

    /// <summary>Whether the products may read and write the rows of a batch where they lie.</summary>
    private readonly bool _inPlace;

    // Element (t, s) of W lies at weights + t·row + s·step.
    private readonly nint _row, _step;

    public PsnSweep(PsnCall call, float* x, float* weights, float* bias, int* lengths)
    {
        Call = call;
        _x = x;
        _bias = bias;
        _lengths = lengths;
        // The greatest power of two that divides the bytes of a row.
        long period = Math.Min(AliasBytes, 4L * call.Neurons & -(4L * call.Neurons));
        _inPlace = call.Reach * period <= (long)MostAliases * AliasBytes;
        _weights = call.Sliding ? weights + call.Block + call.Order - 1 : weights;
        (_row, _step) = call.Sliding ? (-1, 1) : (call.Steps, 1);
        // A sliding neuron's gradient must not show the number of steps, so neither may its tiles.
        int wanted = call.Sliding ? SlidingTile : Math.Clamp((call.Steps > 64 ? 4 : 1) * TileFloats / Math.Max(1, call.Steps), 64, WidestTile);
        // A unit that is no multiple of 16 stays alone: the partial sums must not show where a tile begins, which the number of steps decides.
        int most = call.Unit % 16 == 0 ? Math.Max(1, wanted / call.Unit) : 1;
        TileSize = Math.Max(1, Math.Min(most, call.Units) * call.Unit);
        Tiles = (call.Neurons + TileSize - 1) / TileSize;
    }

    /// <summary>Neurons of a sample that are done together, and their rows in working memory.</summary>
    private readonly struct Tile(int b, int first, int width, int length)
    {
        public readonly int B = b, First = first, Width = width, Length = length;

        /// <summary>Width in whole words.</summary>
        public int Padded => (Width + 63) / 64 * 64;

        public nint Stride => Padded + RowGap;
    }

    /// <summary>The spikes of one tile of one sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Forward<L>(int b, int index) where L : struct, IVectorLane<L>
    {
        int first = index * TileSize;
        var tile = new Tile(b, first, Math.Min(TileSize, Call.Neurons - first), Lengths.Of(_lengths, b, Call.Steps));
        // One row more than is used: a row of bits is read in whole words.
        float* x = (float*)Scratch.Take((tile.Length + Call.Block + 1) * tile.Stride * sizeof(float)), h = x + tile.Length * tile.Stride;
        Matrix input = CopyIn<L>(tile, x, h);
        bool direct = Saved is not null && tile.Width == tile.Padded && _inPlace;
        for (int t = 0; t < tile.Length; t += Call.Block)
        {
            int rows = Math.Min(Call.Block, tile.Length - t);
            Matrix to = direct ? new(At(Saved, tile, t), Call.Neurons) : new(h, tile.Stride);
            Potentials<L>(tile, input, to, t, rows);
            for (int i = 0; i < rows; i++)
            {
                float* row = to.Start + i * to.Stride;
                Threshold<L>(row, _bias[Call.Sliding ? 0 : t + i], tile, t + i);
                if (Saved is not null && !direct)
                    new Span<float>(row, tile.Width).CopyTo(new Span<float>(At(Saved, tile, t + i), tile.Width));
            }
        }
        for (int t = tile.Length; t < Call.Steps; t++)
            Silence(tile, t);
    }

    /// <summary>All samples and tiles of one part, its gradients of weights and biases added up in order.</summary>
    public readonly void BackwardPart<L>(ISurrogate surrogate, int part) where L : struct, IVectorLane<L>
    {
        int group = part / Call.ColumnParts, columns = part % Call.ColumnParts;
        int firstSample = (int)((long)Call.Batch * group / Call.SampleParts), endSample = (int)((long)Call.Batch * (group + 1) / Call.SampleParts);
        int first = (int)((long)Call.Units * columns / Call.ColumnParts) * Call.Unit;
        int end = Math.Min(Call.Neurons, (int)((long)Call.Units * (columns + 1) / Call.ColumnParts) * Call.Unit);
        float* sums = Partials + (long)part * Call.PartSize;
        int weights = Call.Dots ? Call.PartSize - Call.BiasCount : 0, biases = Call.Sliding ? 4 : Call.Steps;
        int floats = (weights + biases) * PsnSums.Lanes;
        float* lanes = (float*)Scratch.Own((nint)floats * sizeof(float));
        new Span<float>(lanes, floats).Clear();
        for (int b = firstSample; b < endSample; b++)
        {
            int length = Lengths.Of(_lengths, b, Call.Steps);
            for (int n = first; n < end; n += TileSize)
                Backward<L>(surrogate, new Tile(b, n, Math.Min(TileSize, end - n), length), sums, lanes, lanes + weights * PsnSums.Lanes);
        }
        for (int i = 0; i < weights; i++)
            sums[i] = PsnSums.Join(lanes + i * PsnSums.Lanes);
        for (int i = 0; i < biases; i++)
            sums[Call.PartSize - Call.BiasCount + (Call.Sliding ? 0 : i)] += PsnSums.Join(lanes + (weights + i) * PsnSums.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Backward<L>(ISurrogate surrogate, in Tile tile, float* sums, float* weightLanes, float* biasLanes) where L : struct, IVectorLane<L>
    {
        nint stride = tile.Stride;
        float* x = (float*)Scratch.Take((2 * tile.Length + Call.Block + 1) * stride * sizeof(float)), d = x + tile.Length * stride, dx = d + tile.Length * stride;
        Matrix input = CopyIn<L>(tile, x, dx), slopes = new(d, stride);
        bool whole = tile.Width == tile.Padded;
        for (int t = 0; t < tile.Length && Saved is null; t += Call.Block)
            Potentials<L>(tile, input, new(d + t * stride, stride), t, Math.Min(Call.Block, tile.Length - t));
        for (int t = 0; t < tile.Length; t++)
        {
            float* row = d + t * stride;
            if (Saved is not null && !whole)
                new Span<float>(At(Saved, tile, t), tile.Width).CopyTo(new Span<float>(row, tile.Width));
            Slope<L>(surrogate, Saved is not null && whole ? At(Saved, tile, t) : row, row, _bias[Call.Sliding ? 0 : t], At(DSpikes, tile, t), tile);
        }
        PsnSums.Rows<L>(d, stride, tile.Length, tile.Padded, biasLanes, Call.Sliding ? 4 : Call.Steps);
        WeightGradients<L>(tile, input, slopes, sums, weightLanes);
        bool direct = whole && _inPlace;
        for (int s = 0; s < tile.Length; s += Call.Block)
        {
            int rows = Math.Min(Call.Block, tile.Length - s);
            Matrix to = direct ? new(At(DX, tile, s), Call.Neurons) : new(dx, stride);
            InputGradients<L>(tile, slopes, to, s, rows);
            for (int i = 0; i < rows && !direct; i++)
                new Span<float>(dx + i * stride, tile.Width).CopyTo(new Span<float>(At(DX, tile, s + i), tile.Width));
        }
        for (int t = tile.Length; t < Call.Steps; t++)
            new Span<float>(At(DX, tile, t), tile.Width).Clear();
    }

    /// <summary>Rows of floats that lie <see cref="Stride"/> apart.</summary>
    private readonly struct Matrix(float* start, nint stride)
    {
        public readonly float* Start = start;
        public readonly nint Stride = stride;
    }

    /// <summary>What the neurons see, in rows of whole words with zeros behind the tile: x itself, or a copy of it or of x·factor + offset.</summary>
    /// <param name="scratch">Two rows that are free.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly Matrix CopyIn<L>(in Tile tile, float* x, float* scratch) where L : struct, IVectorLane<L>
    {
        int width = tile.Width, padded = tile.Padded, whole = width / L.Count * L.Count;
        float* factors = null, offsets = null;
        // Nothing to change and nothing to pad: the products read x where it lies.
        if (Factors is null && width == padded && _inPlace)
            return new(At(_x, tile, 0), Call.Neurons);
        if (Factors is not null)
        {
            factors = scratch;
            offsets = scratch + tile.Stride;
            Repeat(Factors, factors, tile);
            Repeat(Offsets, offsets, tile);
        }
        for (int t = 0; t < tile.Length; t++)
        {
            float* from = At(_x, tile, t), to = x + t * tile.Stride;
            if (factors is null)
            {
                new Span<float>(from, width).CopyTo(new Span<float>(to, width));
            }
            else
            {
                for (int i = 0; i < whole; i += L.Count)
                    L.Store(to + i, L.MulAdd(L.Load(from + i), L.Load(factors + i), L.Load(offsets + i)));
                for (int i = whole; i < width; i++)
                    to[i] = F32.MulAdd(new F32(from[i]), new F32(factors[i]), new F32(offsets[i])).Value;
            }
            new Span<float>(to + width, padded - width).Clear();
        }
        return new(x, tile.Stride);
    }

    /// <summary>The coefficients of a tile's channels, as often as its rows need them.</summary>
    private readonly void Repeat(float* coefficients, float* row, in Tile tile)
    {
        for (int i = 0, channel = tile.First % Call.Channels; i < tile.Width; channel = 0)
        {
            int run = Math.Min(tile.Width - i, Call.Channels - channel);
            new Span<float>(coefficients + channel, run).CopyTo(new Span<float>(row + i, run));
            i += run;
        }
    }

    /// <summary>H without bias of steps t … t + rows − 1.</summary>
    private readonly void Potentials<L>(in Tile tile, Matrix x, Matrix h, int t, int rows) where L : struct, IVectorLane<L>
    {
        int start = Call.Banded ? Math.Max(0, t - Call.Order + 1) : 0, end = Call.Banded ? t + rows : tile.Length;
        Multiply<L>(new GemmOperands
        {
            A = _weights + t * _row + start * _step,
            ARow = _row,
            AStep = _step,
            B = x.Start + start * x.Stride,
            BRow = x.Stride,
            C = h.Start,
            CRow = h.Stride,
            M = rows,
            N = tile.Padded,
            K = end - start,
        });
    }

    /// <summary>dX = Wᵀ·D of steps s … s + rows − 1.</summary>
    private readonly void InputGradients<L>(in Tile tile, Matrix d, Matrix dx, int s, int rows) where L : struct, IVectorLane<L>
    {
        int start = Call.Banded ? s : 0, end = Call.Banded ? Math.Min(tile.Length, s + rows - 1 + Call.Order) : tile.Length;
        Multiply<L>(new GemmOperands
        {
            A = _weights + start * _row + s * _step,
            ARow = _step,
            AStep = _row,
            B = d.Start + start * d.Stride,
            BRow = d.Stride,
            C = dx.Start,
            CRow = dx.Stride,
            M = rows,
            N = tile.Padded,
            K = end - start,
        });
    }

    private static void Multiply<L>(in GemmOperands product) where L : struct, IVectorLane<L>
    {
        if (product.M > 12 && product.K <= StripSteps)
            GemmBlock.Strips<L>(product);
        else
            GemmBlock.Run<L>(product, 0, product.M, 0, product.N);
    }

    /// <summary>dW += D·Xᵀ, the whole matrix or the blocks along its band: sums over the neurons that go on from tile to tile.</summary>
    private readonly void WeightGradients<L>(in Tile tile, Matrix x, Matrix d, float* sums, float* lanes) where L : struct, IVectorLane<L>
    {
        for (int t = 0; t < tile.Length; t += Call.Block)
        {
            int rows = Math.Min(Call.Block, tile.Length - t);
            int start = Call.Banded ? Math.Max(0, t - Call.Order + 1) : 0, end = Call.Banded ? t + rows : tile.Length;
            // A sliding neuron's blocks are one: column 0 is the oldest input that the block's first row sees.
            nint first = Call.Sliding ? start - (t - Call.Order + 1) : (nint)t * Call.Steps + start, row = Call.Sliding ? Call.Reach : Call.Steps;
            if (Call.Dots)
            {
                PsnSums.Dots<L>(d.Start + t * d.Stride, d.Stride, rows, x.Start + start * x.Stride, x.Stride, end - start, tile.Padded, lanes + first * PsnSums.Lanes, row);
                continue;
            }
            var product = new GemmOperands
            {
                A = d.Start + t * d.Stride,
                ARow = d.Stride,
                AStep = 1,
                B = x.Start + start * x.Stride,
                BRow = x.Stride,
                BLayout = GemmLayout.Transposed,
                C = sums + first,
                CRow = row,
                M = rows,
                N = end - start,
                K = tile.Padded,
                Accumulate = true,
            };
            GemmBlock.Run<L>(product, 0, rows, 0, end - start);
        }
    }

    /// <summary>One row of potentials becomes bits.</summary>
    private readonly void Threshold<L>(float* h, float bias, in Tile tile, int t) where L : struct, IVectorLane<L>
    {
        int channels = Call.Ragged ? Call.Channels : tile.Width;
        for (int i = 0; i < tile.Width; i += channels)
            PsnThreshold.Row<L>(h + i, bias, channels, Word(Bits, tile, t, i), Support is null ? null : Word(Support, tile, t, i), SupportWidth);
    }

    /// <summary>No spikes behind a sample's last step.</summary>
    private readonly void Silence(in Tile tile, int t)
    {
        int words = Call.Ragged ? tile.Width / Call.Channels * Call.WordsPerRow : tile.Padded / 64;
        new Span<ulong>(Word(Bits, tile, t, 0), words).Clear();
        if (Support is not null)
            new Span<ulong>(Word(Support, tile, t, 0), words).Clear();
    }

    /// <summary>D = dS·Θ'(H + b) of one row; d may be h.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slope<L>(ISurrogate surrogate, float* h, float* d, float bias, float* dSpikes, in Tile tile) where L : struct, IVectorLane<L>
    {
        int width = tile.Width, padded = tile.Padded, whole = width / L.Count * L.Count;
        L shift = L.Of(bias);
        for (int i = 0; i < padded; i += L.Count)
            L.Store(d + i, L.Load(h + i) + shift);
        Slopes<L>(surrogate, d, padded);
        for (int i = 0; i < whole; i += L.Count)
            L.Store(d + i, L.Load(d + i) * L.Load(dSpikes + i));
        if (whole < width)
            L.Store(d + whole, L.Load(d + whole) * L.LoadPart(dSpikes + whole, width - whole));
        new Span<float>(d + width, padded - width).Clear();
    }

    private static void Slopes<L>(ISurrogate surrogate, float* h, int count) where L : struct, IVectorLane<L>
    {
        if (typeof(L) == typeof(F32x16))
            surrogate.Rows((F32x16*)h, (F32x16*)h, count / 16);
        else if (typeof(L) == typeof(F32x8))
            surrogate.Rows((F32x8*)h, (F32x8*)h, count / 8);
        else if (typeof(L) == typeof(F32x4))
            surrogate.Rows((F32x4*)h, (F32x4*)h, count / 4);
        else
            surrogate.Rows((F32*)h, (F32*)h, count);
    }

    /// <summary>The word of a tile's neuron <paramref name="n"/>, which is the first of a word.</summary>
    private readonly ulong* Word(ulong* bits, in Tile tile, int t, int n) =>
        bits + ((long)tile.B * Call.Steps + t) * Call.WordsPerStep + (Call.Ragged ? (tile.First + n) / Call.Channels * Call.WordsPerRow : (tile.First + n) / 64);

    private readonly float* At(float* signal, in Tile tile, int t) => signal + ((long)tile.B * Call.Steps + t) * Call.Neurons + tile.First;
}
