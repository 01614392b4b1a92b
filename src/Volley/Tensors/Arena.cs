using Volley.Kernels;

namespace Volley.Tensors;

/// <summary>Memory that is handed out in order and taken back all at once: everything one training step makes.</summary>
/// <remarks>
/// After a few steps of the same size one buffer holds everything and nothing is allocated. A tensor remembers the arena's generation; using it
/// after <see cref="Reset"/> throws. Not for several threads at once.
/// </remarks>
public sealed class Arena : IDisposable
{
    private const nint SmallestBuffer = 1 << 20;
    private readonly List<AlignedBuffer> _buffers = [];
    private nint _offset;
    private nint _used;

    /// <summary>Counts the resets.</summary>
    public int Generation { get; private set; }

    /// <summary>Bytes in use since the last reset.</summary>
    public nint UsedBytes => _used;

    /// <summary>Takes everything back. If the last round needed several buffers, the next gets one that is large enough.</summary>
    public void Reset()
    {
        Generation++;
        if (_buffers.Count > 1)
        {
            foreach (AlignedBuffer buffer in _buffers)
                buffer.Dispose();
            _buffers.Clear();
            _buffers.Add(new AlignedBuffer(_used + _used / 16));
        }
        (_offset, _used) = (0, 0);
    }

    public void Dispose()
    {
        Generation++;
        foreach (AlignedBuffer buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
    }

    internal Storage Take(nint bytes)
    {
        bytes = (bytes + 63) & ~(nint)63;
        if (_buffers.Count == 0 || _offset + bytes > _buffers[^1].Bytes)
        {
            _buffers.Add(new AlignedBuffer(Math.Max(Math.Max(bytes, SmallestBuffer), _used)));
            _offset = 0;
        }
        var storage = new Storage(_buffers[^1], _offset, this);
        _offset += bytes;
        _used += bytes;
        return storage;
    }
}

/// <summary>A place in memory: in an arena, until its reset, or of its own.</summary>
internal readonly struct Storage
{
    private readonly AlignedBuffer? _buffer;
    private readonly AlignedArray? _own;
    private readonly nint _offset;
    private readonly Arena? _arena;
    private readonly int _generation;

    public Storage(AlignedBuffer buffer, nint offset, Arena arena) => (_buffer, _offset, _arena, _generation) = (buffer, offset, arena, arena.Generation);

    private Storage(AlignedArray own) => _own = own;

    /// <summary>Zeros that live as long as they are seen.</summary>
    public static Storage Own(nint bytes) => new(new AlignedArray(bytes));

    /// <summary>Whether both are the same place.</summary>
    public bool Is(Storage other) => _buffer == other._buffer && _own == other._own && _offset == other._offset;

    public Span<T> View<T>(int length) where T : unmanaged
    {
        if (_own is not null)
            return _own.View<T>(length);
        if (_arena!.Generation != _generation)
            throw new InvalidOperationException("This tensor was used after its arena was reset; copy what must outlive a step.");
        return _buffer!.View<T>(_offset, length);
    }
}
