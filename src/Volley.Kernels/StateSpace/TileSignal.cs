using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>The rows of one sample that belong to one tile of channels: where they lie, or, where the tile has fewer channels than lanes, by way of a stage with whole lanes.</summary>
internal readonly unsafe struct TileSignal<L>(StateSpaceCall call, float* start, int tile) where L : struct, IVectorLane<L>
{
    private readonly int _channels = call.Channels, _steps = call.Steps, _tile = tile, _used = Math.Min(L.Count, call.Channels - tile * L.Count);

    private bool Staged => _used < L.Count;

    /// <summary>Floats of a stage: rows, factors and offsets.</summary>
    public static nint StageFloats(in StateSpaceCall call) => ((nint)call.Steps + 2) * L.Count;

    /// <summary>Floats from one row to the next, of what <see cref="Rows"/> and <see cref="Target"/> give.</summary>
    public nint Stride => Staged ? L.Count : _channels;

    /// <summary>The rows to read.</summary>
    public RealRows Rows(float* stage, int length, float* factors = null, float* offsets = null)
    {
        bool scaled = factors is not null;
        factors += scaled ? _tile * L.Count : 0;
        offsets += scaled ? _tile * L.Count : 0;
        if (!Staged)
            return new RealRows(start, _channels, length, factors, offsets);
        for (int t = 0; t < length; t++)
            L.Store(stage + (nint)t * L.Count, L.LoadPart(start + (nint)t * _channels, _used));
        if (!scaled)
            return new RealRows(stage, L.Count, length);
        float* copies = stage + (nint)_steps * L.Count;
        L.Store(copies, L.LoadPart(factors, _used));
        L.Store(copies + L.Count, L.LoadPart(offsets, _used));
        return new RealRows(stage, L.Count, length, copies, copies + L.Count);
    }

    /// <summary>Where to write rows; <see cref="Keep"/> them afterwards.</summary>
    public float* Target(float* stage) => Staged ? stage : start;

    /// <summary>Copies staged rows to their place.</summary>
    public void Keep(float* stage, int length)
    {
        if (!Staged)
            return;
        for (int t = 0; t < length; t++)
            L.StorePart(start + (nint)t * _channels, L.Load(stage + (nint)t * L.Count), _used);
    }

    /// <summary>Zeros behind the sample's length.</summary>
    public void Clear(int length)
    {
        for (int t = length; t < _steps; t++)
            new Span<float>(start + (nint)t * _channels, _used).Clear();
    }
}
