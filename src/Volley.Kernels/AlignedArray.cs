using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volley.Kernels;

/// <summary>Zeros on the managed heap that do not move, aligned to 64 bytes: for what lives as long as somebody sees it.</summary>
/// <remarks>A view is a reference into the array and keeps it alive. Memory behind a finalizer would be freed under a kernel that has only a span of it.</remarks>
public sealed class AlignedArray
{
    private const int Alignment = 64, Words = Alignment / sizeof(ulong);
    private readonly ulong[] _words;
    private readonly int _first;

    /// <param name="bytes">Size in bytes.</param>
    /// <exception cref="OutOfMemoryException">The machine does not have that much.</exception>
    public unsafe AlignedArray(nint bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _words = GC.AllocateArray<ulong>(checked((int)((bytes + sizeof(ulong) - 1) / sizeof(ulong)) + Words), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words));
        _first = (int)((Alignment - address % Alignment) % Alignment / sizeof(ulong));
        Bytes = bytes;
    }

    public nint Bytes { get; }

    /// <summary>The first <paramref name="length"/> elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Span<T> View<T>(int length) where T : unmanaged
    {
        if (length < 0 || (nint)length * Unsafe.SizeOf<T>() > Bytes)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A view of {length} elements does not lie inside {Bytes} bytes.");
        return MemoryMarshal.CreateSpan(ref Unsafe.As<ulong, T>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), _first)), length);
    }
}
