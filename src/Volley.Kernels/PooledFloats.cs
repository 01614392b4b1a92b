using System.Buffers;

namespace Volley.Kernels;

/// <summary>Floats borrowed from the shared pool for one call.</summary>
internal readonly ref struct PooledFloats
{
    private readonly float[]? _array;

    public PooledFloats(int length)
    {
        _array = length == 0 ? null : ArrayPool<float>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    public Span<float> Span { get; }

    public void Dispose()
    {
        if (_array is not null)
            ArrayPool<float>.Shared.Return(_array);
    }
}
