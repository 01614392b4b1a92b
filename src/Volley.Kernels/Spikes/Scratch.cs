using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volley.Kernels.Spikes;

/// <summary>Memory of a thread that grows to the largest request and is then used again and again.</summary>
internal static unsafe class Scratch
{
    [ThreadStatic] private static AlignedBuffer? t_shared;
    [ThreadStatic] private static AlignedBuffer? t_own;

    /// <summary>For what a caller prepares and all its threads read; valid until this thread's next request.</summary>
    public static byte* Shared(nint bytes) => Grown(ref t_shared, bytes);

    /// <summary>For what one thread needs within its part of the work; valid until this thread's next request.</summary>
    public static byte* Own(nint bytes) => Grown(ref t_own, bytes);

    private static byte* Grown(ref AlignedBuffer? buffer, nint bytes)
    {
        if (buffer is null || buffer.Bytes < bytes)
        {
            buffer?.Dispose();
            buffer = null;
            buffer = new AlignedBuffer(bytes);
        }
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.View<byte>(0, 0)));
    }
}
