using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>The loops of <see cref="Psn"/> over one sample and one tile of neurons.</summary>
internal unsafe struct PsnSweep
{
    /// <summary>Neurons in the narrowest tile: whole words of spikes and whole lanes.</summary>
    public const int LeastTile = 64;

    /// <summary>Floats of a tile's inputs, half of a small L2; its potentials take as many.</summary>
    private const int TileFloats = 32 * 1024;

    private const int WidestTile = 1024;

    public readonly PsnCall Call;
    public readonly int TileSize, Tiles;
    public ulong* Bits, Support;
    public float* DSpikes, DX, Partials;
    public float SupportWidth;

    private readonly float* _x, _weights, _bias;
    private readonly int* _lengths;

    // Element (t, s) of W lies at weights + t·row + s·step.
    private readonly nint _row, _step;

    public PsnSweep(PsnCall call, float* x, float* weights, float* bias, int* lengths)
    {
        Call = call;
        _x = x;
        _bias = bias;
        _lengths = lengths;
        _weights = call.Sliding ? weights + call.Block + call.Order - 1 : weights;
        (_row, _step) = call.Sliding ? (-1, 1) : (call.Steps, 1);
        TileSize = Math.Clamp((call.Steps > 64 ? 4 : 1) * TileFloats / Math.Max(1, call.Steps) / LeastTile * LeastTile, LeastTile, WidestTile);
        TileSize = Math.Min(TileSize, Math.Max(1, call.WordsPerRow) * LeastTile);
        Tiles = (call.Neurons + TileSize - 1) / TileSize;
    }

    /// <summary>The spikes of one tile of one sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Forward<L>(int b, int tile) where L : struct, IVectorLane<L>
    {
        int first = tile * TileSize, width = Math.Min(TileSize, Call.Neurons - first), padded = (width + LeastTile - 1) / LeastTile * LeastTile;
        int length = Lengths.Of(_lengths, b, Call.Steps);
        float* x = (float*)Scratch.Take((nint)(length + Call.Block) * padded * sizeof(float)), h = x + (nint)length * padded;
        CopyIn(x, b, first, width, padded, length);
        for (int t = 0; t < length; t += Call.Block)
        {
            int rows = Math.Min(Call.Block, length - t);
            Potentials<L>(x, h, t, rows, padded, length);
            for (int i = 0; i < rows; i++)
                Threshold<L>(h + (nint)i * padded, _bias[Call.Sliding ? 0 : t + i], b, t + i, first, width);
        }
        for (int t = length; t < Call.Steps; t++)
        {
            new Span<ulong>(Word(Bits, b, t, first), padded / 64).Clear();
            if (Support is not null)
                new Span<ulong>(Word(Support, b, t, first), padded / 64).Clear();
        }
    }

    /// <summary>All samples and tiles of one part, its gradients of weights and biases added up in order.</summary>
    public readonly void BackwardPart<L>(ISurrogate surrogate, int part) where L : struct, IVectorLane<L>
    {
        int group = part / Call.ColumnParts, columns = part % Call.ColumnParts;
        int firstSample = (int)((long)Call.Batch * group / Call.SampleParts), endSample = (int)((long)Call.Batch * (group + 1) / Call.SampleParts);
        int firstTile = (int)((long)Tiles * columns / Call.ColumnParts), endTile = (int)((long)Tiles * (columns + 1) / Call.ColumnParts);
        for (int b = firstSample; b < endSample; b++)
        {
            for (int tile = firstTile; tile < endTile; tile++)
                Backward<L>(surrogate, b, tile, Partials + (long)part * Call.PartSize);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Backward<L>(ISurrogate surrogate, int b, int tile, float* partial) where L : struct, IVectorLane<L>
    {
        int first = tile * TileSize, width = Math.Min(TileSize, Call.Neurons - first), padded = (width + LeastTile - 1) / LeastTile * LeastTile;
        int length = Lengths.Of(_lengths, b, Call.Steps);
        float* x = (float*)Scratch.Take((2 * (nint)length + Call.Block) * padded * sizeof(float)), d = x + (nint)length * padded, dx = d + (nint)length * padded;
        CopyIn(x, b, first, width, padded, length);
        for (int t = 0; t < length; t += Call.Block)
        {
            int rows = Math.Min(Call.Block, length - t);
            Potentials<L>(x, d + (nint)t * padded, t, rows, padded, length);
        }
        float* dBias = partial + Call.PartSize - Call.BiasCount;
        for (int t = 0; t < length; t++)
            Slope<L>(surrogate, d + (nint)t * padded, _bias + (Call.Sliding ? 0 : t), At(DSpikes, b, t, first), width, padded, dBias + (Call.Sliding ? 0 : t));
        WeightGradients<L>(x, d, padded, length, partial);
        for (int s = 0; s < length; s += Call.Block)
        {
            int rows = Math.Min(Call.Block, length - s);
            InputGradients<L>(d, dx, s, rows, padded, length);
            for (int i = 0; i < rows; i++)
                new Span<float>(dx + (nint)i * padded, width).CopyTo(new Span<float>(At(DX, b, s + i, first), width));
        }
        for (int t = length; t < Call.Steps; t++)
            new Span<float>(At(DX, b, t, first), width).Clear();
    }

    private readonly void CopyIn(float* x, int b, int first, int width, int padded, int length)
    {
        for (int t = 0; t < length; t++)
        {
            new Span<float>(At(_x, b, t, first), width).CopyTo(new Span<float>(x + (nint)t * padded, width));
            new Span<float>(x + (nint)t * padded + width, padded - width).Clear();
        }
    }

    /// <summary>H without bias of steps t … t + rows − 1.</summary>
    private readonly void Potentials<L>(float* x, float* h, int t, int rows, int padded, int length) where L : struct, IVectorLane<L>
    {
        int start = Call.Banded ? Math.Max(0, t - Call.Order + 1) : 0, end = Call.Banded ? t + rows : length;
        var product = new GemmOperands
        {
            A = _weights + t * _row + start * _step,
            ARow = _row,
            AStep = _step,
            B = x + (nint)start * padded,
            BRow = padded,
            BLayout = GemmLayout.Plain,
            C = h,
            CRow = padded,
            M = rows,
            N = padded,
            K = end - start,
        };
        GemmBlock.Run<L>(product, 0, rows, 0, padded);
    }

    /// <summary>dX = Wᵀ·D of steps s … s + rows − 1.</summary>
    private readonly void InputGradients<L>(float* d, float* dx, int s, int rows, int padded, int length) where L : struct, IVectorLane<L>
    {
        int start = Call.Banded ? s : 0, end = Call.Banded ? Math.Min(length, s + rows - 1 + Call.Order) : length;
        var product = new GemmOperands
        {
            A = _weights + start * _row + s * _step,
            ARow = _step,
            AStep = _row,
            B = d + (nint)start * padded,
            BRow = padded,
            BLayout = GemmLayout.Plain,
            C = dx,
            CRow = padded,
            M = rows,
            N = padded,
            K = end - start,
        };
        GemmBlock.Run<L>(product, 0, rows, 0, padded);
    }

    /// <summary>dW += D·Xᵀ, the whole matrix or the blocks along its band: chains over the neurons that go on from tile to tile.</summary>
    private readonly void WeightGradients<L>(float* x, float* d, int padded, int length, float* partial) where L : struct, IVectorLane<L>
    {
        for (int t = 0; t < length; t += Call.Block)
        {
            int rows = Math.Min(Call.Block, length - t);
            int start = Call.Banded ? Math.Max(0, t - Call.Order + 1) : 0, end = Call.Banded ? t + rows : length;
            var product = new GemmOperands
            {
                A = d + (nint)t * padded,
                ARow = padded,
                AStep = 1,
                B = x + (nint)start * padded,
                BRow = padded,
                BLayout = GemmLayout.Transposed,
                C = Call.Sliding ? partial + start - (t - Call.Order + 1) : partial + (nint)t * Call.Steps + start,
                CRow = Call.Sliding ? Call.Reach : Call.Steps,
                M = rows,
                N = end - start,
                K = padded,
                Accumulate = true,
            };
            GemmBlock.Run<L>(product, 0, rows, 0, end - start);
        }
    }

    /// <summary>One row of potentials becomes bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Threshold<L>(float* h, float bias, int b, int t, int first, int width) where L : struct, IVectorLane<L>
    {
        ulong* bits = Word(Bits, b, t, first), support = Support is null ? null : Word(Support, b, t, first);
        L shift = L.Of(bias), reach = L.Of(SupportWidth), zero = L.Of(0f), one = L.Of(1f);
        for (int i = 0; i < width; i += 64)
        {
            ulong word = 0, near = 0;
            for (int lane = 0; lane < 64; lane += L.Count)
            {
                L distance = L.Load(h + i + lane) + shift;
                word |= (ulong)L.PositiveBits(L.IfGreaterOrEqual(distance, zero, one, zero)) << lane;
                if (support is not null)
                    near |= (ulong)L.PositiveBits(L.IfGreater(L.Abs(distance), reach, zero, one)) << lane;
            }
            // The columns behind the last neuron may fire, where a threshold is not positive; the padding of a row is 0.
            ulong mask = width - i >= 64 ? ulong.MaxValue : (1UL << (width - i)) - 1;
            bits[i / 64] = word & mask;
            if (support is not null)
                support[i / 64] = near & mask;
        }
    }

    /// <summary>One row of potentials becomes D = dS·Θ'(H + b), and its sum is added to the bias' gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slope<L>(ISurrogate surrogate, float* h, float* bias, float* dSpikes, int width, int padded, float* dBias) where L : struct, IVectorLane<L>
    {
        L shift = L.Of(*bias);
        for (int i = 0; i < padded; i += L.Count)
            L.Store(h + i, L.Load(h + i) + shift);
        Slopes<L>(surrogate, h, padded);
        int whole = width / L.Count * L.Count;
        for (int i = 0; i < whole; i += L.Count)
            L.Store(h + i, L.Load(h + i) * L.Load(dSpikes + i));
        if (whole < width)
            L.Store(h + whole, L.Load(h + whole) * L.LoadPart(dSpikes + whole, width - whole));
        new Span<float>(h + width, padded - width).Clear();
        // A word of spikes at a time, whatever the tile: the sum must not depend on the number of steps, which chooses the tile.
        for (int i = 0; i < padded; i += LeastTile)
            *dBias += RowFold.Run<RowFold.Sum, L>(h + i, h + i, 0, LeastTile);
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

    private readonly float* At(float* signal, int b, int t, int first) => signal + ((long)b * Call.Steps + t) * Call.Neurons + first;

    private readonly ulong* Word(ulong* bits, int b, int t, int first) => bits + ((long)b * Call.Steps + t) * Call.WordsPerRow + first / 64;
}
