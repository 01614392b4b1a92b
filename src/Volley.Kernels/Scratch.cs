namespace Volley.Kernels;

/// <summary>Working memory of one thread, kept between calls, so that kernels allocate nothing in steady state.</summary>
/// <remarks>Each kind of kernel has a buffer of its own, because one may run inside another.</remarks>
internal static unsafe class Scratch
{
    [ThreadStatic] private static AlignedBuffer? t_neurons;
    [ThreadStatic] private static AlignedBuffer? t_packing;
    [ThreadStatic] private static AlignedBuffer? t_shared;
    [ThreadStatic] private static AlignedBuffer? t_own;
    [ThreadStatic] private static AlignedBuffer? t_transform;

    /// <summary>For the neuron driver: at least <paramref name="bytes"/> bytes, 64-byte aligned, not cleared; valid until this thread asks again.</summary>
    public static byte* Take(nint bytes) => Grown(ref t_neurons, bytes);

    /// <summary>For the dense product: at least <paramref name="floats"/> floats, 64-byte aligned, not cleared; valid until this thread asks again.</summary>
    public static float* Floats(nint floats) => (float*)Grown(ref t_packing, floats * sizeof(float));

    /// <summary>For what a spike product prepares and all its threads read; valid until this thread's next request.</summary>
    public static byte* Shared(nint bytes) => Grown(ref t_shared, bytes);

    /// <summary>For what one thread of a spike product needs within its part of the work; valid until this thread's next request.</summary>
    public static byte* Own(nint bytes) => Grown(ref t_own, bytes);

    /// <summary>For transforms and scans over time: at least <paramref name="floats"/> floats, 64-byte aligned, not cleared; valid until this thread asks again.</summary>
    public static float* Transform(nint floats) => (float*)Grown(ref t_transform, floats * sizeof(float));

    private static byte* Grown(ref AlignedBuffer? buffer, nint bytes)
    {
        if (buffer is null || buffer.Bytes < bytes)
        {
            buffer?.Dispose();
            buffer = null;
            buffer = new AlignedBuffer(bytes);
        }
        return buffer.Start;
    }
}
