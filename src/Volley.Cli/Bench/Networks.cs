using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Bench;

/// <summary>The networks and batches of the end-to-end cases.</summary>
internal static class Networks
{
    public static NeuronLayer Lif(int neurons, Rng random) => new LifLayer(neurons, random, reset: Reset.ToZero, detachReset: true);

    public static NeuronLayer AdLif(int neurons, Rng random) => new AdLifLayer(neurons, random);

    /// <summary>140-256-256-20 with two hidden layers of neurons and a leaky readout.</summary>
    /// <param name="delays">How late spikes come back where it is recurrent; null for one step.</param>
    public static Model Speech(Func<int, Rng, NeuronLayer> neurons, bool norm, bool recurrent, RecurrentDelayOptions? delays = null)
    {
        var random = new Rng(1);
        var modules = new List<Module>();
        int inputs = 140;
        foreach (string block in (string[])["1", "2"])
        {
            Rng own = random.Fork(block);
            modules.Add(new Dense(inputs, 256, own.Fork("dense"), bias: false));
            if (norm)
                modules.Add(new BatchNorm(256));
            NeuronLayer layer = neurons(256, own.Fork("neurons"));
            var feedback = new Dense(256, 256, own.Fork("feedback"), bias: false, Initializer.Orthogonal);
            modules.Add(!recurrent ? layer : delays is null ? new Recurrent(layer, feedback) : new DelayedRecurrent(layer, feedback, delays, own));
            inputs = 256;
        }
        modules.Add(new Dense(256, 20, random.Fork("out"), bias: false));
        modules.Add(new LeakyIntegratorLayer(20, random.Fork("readout")));
        return new Model("140-256-256-20", new Chain([.. modules]), 140, 20, ReadoutKind.SumSoftmax);
    }

    /// <summary>A batch of random spikes at this density.</summary>
    public static Batch RandomSpikes(int batch, int steps, int units, int classes, double density) =>
        new(RandomSpikes(batch, steps, units, density), Enumerable.Range(0, batch).Select(i => i % classes).ToArray());

    /// <summary>Random spikes [batch, steps, units] at this density.</summary>
    public static Spikes RandomSpikes(int batch, int steps, int units, double density)
    {
        Spikes spikes = Spikes.None(new Shape(batch, steps, units));
        var random = new Rng(7);
        Span<ulong> bits = spikes.Bits;
        int words = spikes.WordsPerRow;
        for (int r = 0; r < batch * steps; r++)
        {
            for (int i = 0; i < units; i++)
            {
                if (random.Uniform((long)r * units + i) < density)
                    bits[r * words + i / 64] |= 1UL << (i % 64);
            }
        }
        return spikes;
    }
}
