using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>What a kernel runs on: a number of threads and a vector width. Every kernel takes one; none depends on either for its result.</summary>
/// <remarks>Owns its worker threads; dispose it to end them. Calls from several threads are allowed: one gets the workers, the others run alone.</remarks>
public sealed class Cpu : IDisposable
{
    internal Workers? Workers { get; }

    /// <param name="threads">Threads, the caller's included; at least 1.</param>
    /// <param name="width">The vector width, or null for the widest that is hardware accelerated.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1 or above 1024.</exception>
    public Cpu(int threads = 1, LaneWidth? width = null)
    {
        if (threads is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "The number of threads must be between 1 and 1024.");
        Threads = threads;
        Width = width ?? LaneWidths.Widest;
        if (threads > 1)
            Workers = new Workers(threads - 1);
    }

    /// <summary>Threads, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>The vector width the kernels use.</summary>
    public LaneWidth Width { get; }

    public void Dispose() => Workers?.Dispose();

    /// <summary>Runs <paramref name="body"/> with the lane type of <see cref="Width"/>.</summary>
    internal void Dispatch<TBody>(ref TBody body) where TBody : struct, IWidthBody
    {
        switch (Width)
        {
            case LaneWidth.Vector512: body.Run<F32x16>(); break;
            case LaneWidth.Vector256: body.Run<F32x8>(); break;
            case LaneWidth.Vector128: body.Run<F32x4>(); break;
            default: body.Run<F32>(); break;
        }
    }
}

/// <summary>Work that is written once for every vector width.</summary>
internal interface IWidthBody
{
    void Run<L>() where L : struct, IVectorLane<L>;
}
