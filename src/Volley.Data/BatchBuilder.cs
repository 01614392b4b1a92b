using System.Numerics;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Data;

/// <summary>Reads samples into one batch, over and over in the same memory.</summary>
/// <remarks>A data set may be the user's own, and kernels index weights by the spikes they are given: its contract is checked here, once a batch.</remarks>
internal sealed class BatchBuilder(IDataset dataset, bool padToMaxSteps) : IDisposable
{
    private readonly Arena _arena = new();
    private int[] _labels = [], _lengths = [];

    /// <summary>The batch of some samples, in their order. It is valid until the next call.</summary>
    public Batch Build(ReadOnlySpan<int> samples)
    {
        _arena.Reset();
        if (_labels.Length != samples.Length)
            (_labels, _lengths) = (new int[samples.Length], new int[samples.Length]);
        DatasetInfo info = dataset.Info;
        int longest = 1;
        bool ragged = false;
        for (int b = 0; b < samples.Length; b++)
        {
            int label = _labels[b] = dataset.Label(samples[b]), length = _lengths[b] = dataset.Length(samples[b]);
            if ((uint)label >= (uint)info.Classes)
                throw Broken(samples[b], $"has label {label}, not one of the classes 0 … {info.Classes - 1}");
            if (length < 1 || length > info.MaxSteps)
                throw Broken(samples[b], $"has {length} steps, not 1 … {info.MaxSteps}");
            ragged |= b > 0 && length != longest;
            longest = Math.Max(longest, length);
        }
        int steps = padToMaxSteps ? info.MaxSteps : longest;
        int[]? lengths = ragged || longest < steps ? _lengths : null;
        var shape = new Shape(samples.Length, steps, info.Units);
        return new Batch(info.Kind == SampleKind.Values ? Values(samples, shape, lengths) : Bits(samples, shape, lengths), _labels);
    }

    public void Dispose() => _arena.Dispose();

    private Tensor Values(ReadOnlySpan<int> samples, Shape shape, int[]? lengths)
    {
        Tensor tensor = Tensor.In(_arena, shape, lengths);
        int stride = shape[1] * shape[2];
        for (int b = 0; b < samples.Length; b++)
        {
            Span<float> row = tensor.Data.Slice(b * stride, stride), sample = row[..(_lengths[b] * shape[2])];
            dataset.ReadValues(samples[b], sample);
            if (!AllFinite(sample))
            {
                int at = 0;
                while (float.IsFinite(sample[at]))
                    at++;
                throw Broken(samples[b], $"has the value {sample[at]} at step {at / shape[2]}, unit {at % shape[2]}; values must be finite");
            }
            row[sample.Length..].Clear();
        }
        return tensor;
    }

    private Spikes Bits(ReadOnlySpan<int> samples, Shape shape, int[]? lengths)
    {
        Spikes spikes = Spikes.In(_arena, shape, lengths);
        int words = spikes.WordsPerRow, stride = shape[1] * words, last = shape[2] & 63;
        ulong outside = last == 0 ? 0 : ulong.MaxValue << last;
        for (int b = 0; b < samples.Length; b++)
        {
            Span<ulong> row = spikes.Bits.Slice(b * stride, stride), sample = row[..(_lengths[b] * words)];
            dataset.ReadSpikes(samples[b], sample);
            for (int t = 0; t < _lengths[b]; t++)
            {
                if ((sample[(t + 1) * words - 1] & outside) != 0)
                    throw Broken(samples[b], $"has a spike behind its {shape[2]} units at step {t}");
            }
            row[sample.Length..].Clear();
        }
        return spikes;
    }

    // 0 · x is 0 for finite x and NaN for the rest; NaN stays in the sum.
    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        var sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += new Vector<float>(values[i..]) * Vector<float>.Zero;
        float sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
            sum += values[i] * 0;
        return sum == 0;
    }

    private InvalidDataException Broken(int sample, string what) => new($"Sample {sample} of '{dataset.Info.Name}' {what}.");
}
