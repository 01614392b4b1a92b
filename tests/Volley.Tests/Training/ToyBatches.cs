using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Training;

/// <summary>A few batches of spikes whose classes can be told apart; their order turns with the epoch.</summary>
internal sealed class ToyBatches : IBatches
{
    private readonly Batch[] _batches;

    /// <param name="batches">Batches in an epoch.</param>
    /// <param name="size">Samples in a batch.</param>
    /// <param name="seed">Another seed gives other samples of the same classes.</param>
    /// <param name="steps">T.</param>
    /// <param name="units">N.</param>
    /// <param name="ragged">True for lengths between T/2 and T.</param>
    public ToyBatches(int batches, int size, int seed = 1, int steps = 12, int units = Networks.Units, bool ragged = true)
    {
        // Never reset: these batches live as long as the test.
        var arena = new Arena();
        var random = new Random(seed);
        _batches = new Batch[batches];
        for (int k = 0; k < batches; k++)
        {
            int[] labels = [.. Enumerable.Range(0, size).Select(i => (i + k) % Networks.Classes)];
            int[]? lengths = ragged ? [.. labels.Select(_ => random.Next(steps / 2, steps + 1))] : null;
            var spikes = Spikes.In(arena, new Shape(size, steps, units), lengths);
            spikes.Bits.Clear();
            for (int row = 0; row < size * steps; row++)
            {
                int label = labels[row / steps];
                for (int n = 0; n < units && row % steps < (lengths?[row / steps] ?? steps); n++)
                {
                    if (random.NextDouble() < (n % Networks.Classes == label ? 0.6 : 0.1))
                        spikes.Bits[row * spikes.WordsPerRow + n / 64] |= 1ul << (n % 64);
                }
            }
            _batches[k] = new Batch(spikes, labels);
        }
    }

    private ToyBatches(params Batch[] batches) => _batches = batches;

    /// <summary>These batches and no others.</summary>
    public static ToyBatches Of(params Batch[] batches) => new(batches);

    public int BatchesPerEpoch => _batches.Length;

    public int Samples => _batches.Sum(batch => batch.Count);

    public Batch this[int index] => _batches[index];

    public IEnumerable<Batch> Epoch(int epoch, int start = 0)
    {
        for (int i = start; i < _batches.Length; i++)
            yield return _batches[(i + epoch) % _batches.Length];
    }
}
