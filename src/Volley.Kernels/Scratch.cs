namespace Volley.Kernels;

/// <summary>Working memory of one thread, kept between calls, so that kernels allocate nothing in steady state.</summary>
internal static class Scratch
{
    [ThreadStatic] private static AlignedBuffer? t_buffer;

    /// <summary>At least <paramref name="bytes"/> bytes, 64-byte aligned, with whatever is in them; valid until this thread's next call.</summary>
    public static unsafe byte* Take(nint bytes)
    {
        AlignedBuffer? buffer = t_buffer;
        if (buffer is null || buffer.Bytes < bytes)
        {
            buffer?.Dispose();
            t_buffer = buffer = new AlignedBuffer(bytes + bytes / 2);
        }
        return buffer.Start;
    }
}
