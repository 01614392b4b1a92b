using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>Products of some rows of a signal: event by event where it is spikes rare enough, else dense. The bits are the same either way.</summary>
internal sealed class MixedProduct
{
    private readonly Tensor? _floats;
    private readonly Spikes? _spikes;
    private readonly Tensor? _written;
    private readonly int _inputs, _outputs;

    public MixedProduct(Tape tape, Signal input, int outputs)
    {
        (_inputs, _outputs) = (input.Shape.Last, outputs);
        _spikes = input as Spikes;
        if (_spikes is null)
        {
            _floats = tape.Floats(input);
            return;
        }
        long fired = _spikes.Count();
        if (!SpikeGemm.PrefersEvents((double)fired / Math.Max(1, input.Shape.Count), outputs))
            _written = Tensor.In(tape.Arena, new Shape(new RowChunks(input.Shape.Rows, outputs).Size, _inputs));
    }

    /// <summary>y = x·W + b of some rows.</summary>
    public void Multiply(Cpu cpu, int first, int rows, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y)
    {
        if (_spikes is not null && _written is null)
            SpikeGemm.Multiply(cpu, _spikes.RowsAt(first, rows), weight, y, _outputs, accumulate: false, bias);
        else
            Gemm.Multiply(cpu, Floats(cpu, first, rows), weight, y, rows, _outputs, _inputs, bias: bias);
    }

    /// <summary>dW += xᵀ·dY of some rows; all of them in order give one chain.</summary>
    public void AddWeightGradient(Cpu cpu, int first, int rows, ReadOnlySpan<float> dY, Span<float> dWeight)
    {
        if (_spikes is not null && _written is null)
            SpikeGemm.WeightGradient(cpu, _spikes.RowsAt(first, rows), dY, dWeight, _outputs);
        else
            Gemm.Multiply(cpu, Floats(cpu, first, rows), dY, dWeight, _inputs, _outputs, rows, transposeA: true, accumulate: true);
    }

    private ReadOnlySpan<float> Floats(Cpu cpu, int first, int rows)
    {
        if (_floats is not null)
            return _floats.RowsAt(first, rows);
        Span<float> written = _written!.RowsAt(0, rows);
        SpikeBits.Expand(cpu, _spikes!.RowsAt(first, rows), written);
        return written;
    }
}
