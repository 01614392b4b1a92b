using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn.Monitoring;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Training.Costs;

/// <summary>Counts the operations of a call of synapses: every input that is not 0, times the weights that it meets.</summary>
/// <remarks>Additions or multiply-adds: that is decided for each step of each sample, as NeuroBench does with batches of one sample. With larger ones it would depend on
/// who else is in the batch.</remarks>
internal readonly struct SynapseCount(Signal input, FanOut fan, long[] additions, long[] multiplyAdds, long[] dense) : IRows
{
    /// <summary>Sums over the batch.</summary>
    public static (long Additions, long MultiplyAdds, long Dense) Of(Tape tape, Signal input, FanOut fan)
    {
        int batch = input.Shape[0];
        Signal counted = input is Scaled ? tape.Floats(input) : input;
        long[] additions = new long[batch], multiplyAdds = new long[batch], dense = new long[batch];
        Rows.For(tape.Cpu, batch, 1, new SynapseCount(counted, fan, additions, multiplyAdds, dense));
        return (additions.Sum(), multiplyAdds.Sum(), dense.Sum());
    }

    public void Run(int start, int end)
    {
        int steps = input.Shape[1], rows = input.Shape.Step.Rows, places = input.Shape.Step.Count / fan.Inputs;
        for (int b = start; b < end; b++)
        {
            int length = input.Lengths?[b] ?? steps;
            for (int t = 0; t < length; t++)
            {
                int row = fan.RowOf(t, length);
                bool units = true;
                long count = input is Spikes spikes
                    ? MetWeights.Count(spikes.RowsAt((b * steps + t) * rows, rows), fan.Effective(row), fan.Same[row], ref units)
                    : MetWeights.Count(((Tensor)input).RowsAt((b * steps + t) * rows, rows), fan.Effective(row), ref units);
                (units ? additions : multiplyAdds)[b] += count;
                dense[b] += fan.DenseSums[row] * places;
            }
        }
    }
}
