using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>One sample of a signal as floats.</summary>
internal static class Currents
{
    /// <summary>Writes [T, …] of a sample.</summary>
    public static void Read(Tape tape, Signal signal, int sample, Span<float> to)
    {
        if (signal is Scaled scaled)
        {
            Normalize.ScaleShift(tape.Cpu, scaled.Source.Data.Slice(sample * to.Length, to.Length), scaled.Factors, scaled.Offsets, to, to.Length / signal.Shape.Last, signal.Shape.Last);
            return;
        }
        if (signal is Tensor values)
        {
            values.Data.Slice(sample * to.Length, to.Length).CopyTo(to);
            return;
        }
        var spikes = (Spikes)signal;
        int rows = to.Length / signal.Shape.Last;
        SpikeBits.Expand(tape.Cpu, spikes.RowsAt(sample * rows, rows), to);
    }
}
