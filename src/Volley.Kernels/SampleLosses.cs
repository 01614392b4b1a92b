using System.Buffers;

namespace Volley.Kernels;

/// <summary>One loss a sample, computed on several threads, added up in order.</summary>
internal readonly ref struct SampleLosses(int batch)
{
    // Not from Scratch: the kernels that fill it use that themselves.
    private readonly double[] _losses = ArrayPool<double>.Shared.Rent(batch);

    public Span<double> Span => _losses.AsSpan(0, batch);

    /// <summary>The mean over the batch, 0 for none.</summary>
    public double Mean()
    {
        double sum = 0;
        foreach (double loss in Span)
            sum += loss;
        return batch == 0 ? 0 : sum / batch;
    }

    public void Dispose() => ArrayPool<double>.Shared.Return(_losses);
}
