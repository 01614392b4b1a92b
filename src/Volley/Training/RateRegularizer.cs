using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Keeps neurons from silence and from saturation: weight·(Σ relu(low − r) + Σ relu(r − high)) over the mean rates r of all neurons
/// (sparch; Bittar and Garner 2022: 0.01, 0.5 and 0.5).</summary>
/// <param name="Low">Rate in spikes a step below which a neuron is penalised.</param>
/// <param name="High">Rate above which it is.</param>
/// <param name="Weight">Factor of the whole term.</param>
public sealed record RateRegularizer(float Low = 0.01f, float High = 0.5f, float Weight = 0.5f)
{
    /// <summary>Adds the penalty's gradient to the spikes of every observed layer, before the tape walks back; returns the penalty.</summary>
    public double Apply(Tape tape)
    {
        double penalty = 0;
        foreach (Observation observation in tape.Observations)
        {
            Spikes spikes = observation.Spikes;
            int neurons = spikes.Shape.Step.Count, rows = spikes.Shape[0] * spikes.Shape[1];
            long counted = RateCounter.ValidSteps(spikes);
            if (counted == 0)
                continue;
            Span<int> counts = tape.Arena.Take((nint)neurons * sizeof(int)).View<int>(neurons);
            counts.Clear();
            RateCounter.CountNeurons(tape, spikes, counts);
            Span<float> rates = Tensor.In(tape.Arena, new Shape(neurons)).Data, dRates = Tensor.In(tape.Arena, new Shape(neurons)).Data;
            for (int i = 0; i < neurons; i++)
                rates[i] = (float)counts[i] / counted;
            penalty += Losses.FiringRate(tape.Cpu, rates, Low, High, Weight, dRates);
            for (int i = 0; i < neurons; i++)
                dRates[i] /= counted;
            GradientTarget target = tape.Target(spikes);
            Span<float> dSpikes = target.Span;
            for (int r = 0; r < rows; r++)
                dRates.CopyTo(dSpikes.Slice(r * neurons, neurons));
            target.Commit();
        }
        return penalty;
    }
}
