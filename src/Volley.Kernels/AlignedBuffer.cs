using System.Runtime.InteropServices;

namespace Volley.Kernels;

/// <summary>Memory outside the managed heap, aligned to 64 bytes: the ground of arenas and of packed weights.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    private byte* _memory;

    /// <param name="bytes">Size in bytes; the memory is not cleared.</param>
    /// <exception cref="OutOfMemoryException">The machine does not have that much.</exception>
    public AlignedBuffer(nint bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 64), 64);
        // An arena that nobody disposed is freed by its finalizer: without this the collector sees a few bytes and does not run.
        GC.AddMemoryPressure(Math.Max(bytes, 64));
    }

    ~AlignedBuffer() => Free();

    public nint Bytes { get; }

    internal byte* Start => _memory;

    /// <summary>A view of <paramref name="length"/> elements that starts at byte <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The view does not lie inside the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<T> View<T>(nint offset, int length) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        if (offset < 0 || length < 0 || offset > Bytes - (nint)length * sizeof(T))
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"A view of {length} elements does not lie inside a buffer of {Bytes} bytes.");
        return new Span<T>(_memory + offset, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_memory is null)
            return;
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        GC.RemoveMemoryPressure(Math.Max(Bytes, 64));
    }
}
