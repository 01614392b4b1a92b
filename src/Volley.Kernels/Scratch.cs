using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volley.Kernels;

/// <summary>Native memory that a thread keeps from kernel to kernel, so that packing allocates nothing in the steady state.</summary>
internal static unsafe class Scratch
{
    [ThreadStatic] private static AlignedBuffer? t_buffer;

    /// <summary>At least <paramref name="floats"/> floats, aligned to 64 bytes, not cleared; valid until this thread asks again.</summary>
    public static float* Floats(nint floats)
    {
        nint bytes = floats * sizeof(float);
        if (t_buffer is null || t_buffer.Bytes < bytes)
        {
            t_buffer?.Dispose();
            t_buffer = new AlignedBuffer(bytes);
        }
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(t_buffer.View<byte>(0, 0)));
    }
}
