using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Training;
using Volley.Training;

namespace Volley.Tests.Nn;

/// <summary>Which of two spikes came first can be told by nothing but delays: two inputs, two outputs, four synapses of weight 1.</summary>
public sealed class OrderDetectionTests
{
    private const int Apart = 10, Steps = Apart + 1, Taps = 25;

    [Theory]
    [InlineData(TapInterpolation.Gaussian)]
    [InlineData(TapInterpolation.Triangle)]
    public void DelaysLearnTheTimeBetweenTwoSpikes(TapInterpolation interpolation)
    {
        const int Epochs = 400;
        using var cpu = new Cpu(1);
        var synapses = new Delayed(2, 2, new DelayOptions { Taps = Taps, Interpolation = interpolation, RateScale = 1 }, new Rng(1));
        synapses.Weight.Value.Data.Fill(1);
        // All as late: drawn at random, a difference may start beyond the order of the other class, and is then driven further away.
        synapses.Position!.Value.Data.Clear();
        var model = new Model("order", synapses, 2, 2, ReadoutKind.Max);
        var delays = new Adam([.. model.Parameters.Where(p => p.Parameter == synapses.Position)]);
        using var trainer = new Trainer(model, delays, cpu, new TrainerOptions { Epochs = Epochs, Rate = 0.1f, Seed = 1 });
        ToyBatches data = Orders();
        foreach (EpochReport _ in trainer.Fit(data, null))
        {
        }
        Assert.Equal(1, trainer.Evaluate(data).Accuracy);
        Assert.All(synapses.Weight.Value.Data.ToArray(), w => Assert.Equal(1, w));
        int[] delay = synapses.Delays();
        // [input, output]: each output waits for the spike that its class has first.
        Assert.InRange(delay[0] - delay[2], Apart - 1, Apart + 1);
        Assert.InRange(delay[3] - delay[1], Apart - 1, Apart + 1);
    }

    /// <summary>Class 0: input 0 at step 0 and input 1 ten steps later; class 1 the other way round.</summary>
    private static ToyBatches Orders()
    {
        // Never reset: the batch lives as long as the test.
        var spikes = Spikes.In(new Arena(), new Shape(2, Steps, 2));
        spikes.Bits.Clear();
        for (int sample = 0; sample < 2; sample++)
        {
            spikes.Bits[sample * Steps] = 1ul << sample;
            spikes.Bits[sample * Steps + Apart] = 1ul << (1 - sample);
        }
        return ToyBatches.Of(new Batch(spikes, new[] { 0, 1 }));
    }
}
