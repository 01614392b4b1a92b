using System.Runtime.InteropServices;

namespace Volley.Testing;

/// <summary>Elements that end exactly at a page nobody may touch (or, with <c>guardBefore</c>, begin right behind one):
/// a kernel that reads or writes one element too far crashes the test run instead of passing it.</summary>
/// <remarks>Falls back to plain memory where mmap is missing. Linux and macOS.</remarks>
public sealed unsafe class GuardedBuffer<T> : IDisposable where T : unmanaged
{
    private readonly nint _map;
    private readonly nuint _size;
    private readonly T* _first;
    private readonly int _length;

    public GuardedBuffer(int length, bool guardBefore = false)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        nuint body = (bytes + page - 1) / page * page;
        _length = length;
        _size = body + 2 * page;
        if (OperatingSystem.IsWindows())
        {
            _map = (nint)NativeMemory.AllocZeroed(_size);
        }
        else
        {
            int anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
            _map = Libc.mmap(0, _size, 3, 2 | anonymous, -1, 0);
            if (_map == -1)
                throw new InvalidOperationException("mmap refused a guarded buffer.");
            if (Libc.mprotect(_map, page, 0) != 0 || Libc.mprotect(_map + (nint)(page + body), page, 0) != 0)
                throw new InvalidOperationException("mprotect refused a guard page.");
        }
        byte* start = (byte*)_map + page;
        _first = (T*)(guardBefore ? start : start + (body - bytes));
    }

    /// <summary>A guarded copy of <paramref name="values"/>.</summary>
    public static GuardedBuffer<T> Of(ReadOnlySpan<T> values, bool guardBefore = false)
    {
        var buffer = new GuardedBuffer<T>(values.Length, guardBefore);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    public Span<T> Span => new(_first, _length);

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
            NativeMemory.Free((void*)_map);
        else
            _ = Libc.munmap(_map, _size);
    }
}

/// <summary>The three calls of libc that make guard pages.</summary>
internal static class Libc
{
#pragma warning disable IDE1006, SYSLIB1054, CA2101 // libc's own names
    [DllImport("libc")] public static extern nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);
    [DllImport("libc")] public static extern int mprotect(nint address, nuint length, int protection);
    [DllImport("libc")] public static extern int munmap(nint address, nuint length);
#pragma warning restore IDE1006, SYSLIB1054, CA2101
}
