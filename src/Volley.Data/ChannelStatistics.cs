using Volley.Recipes;

namespace Volley.Data;

/// <summary>Mean and standard deviation of each channel, fitted to training samples: x ← (float)((x − mean) / sd).</summary>
public sealed class ChannelStatistics
{
    private readonly double[] _mean, _sd;

    /// <param name="mean">One a channel.</param>
    /// <param name="sd">One a channel, above 0.</param>
    /// <exception cref="ArgumentException">They are not that.</exception>
    public ChannelStatistics(IReadOnlyList<double> mean, IReadOnlyList<double> sd)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(sd);
        if (mean.Count == 0 || mean.Count != sd.Count)
            throw new ArgumentException($"There are {mean.Count} means and {sd.Count} standard deviations; expected as many, one a channel.", nameof(sd));
        for (int c = 0; c < mean.Count; c++)
        {
            if (!double.IsFinite(mean[c]) || !(sd[c] > 0) || !double.IsFinite(sd[c]))
                throw new ArgumentException($"Channel {c} has the mean {mean[c]} and the standard deviation {sd[c]}; expected finite numbers, and the latter above 0.", nameof(sd));
        }
        (_mean, _sd) = ([.. mean], [.. sd]);
    }

    /// <summary>One a channel.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>One a channel: the population's, √(Σ(x − mean)² / n); 1 where a channel never changes.</summary>
    public IReadOnlyList<double> Sd => _sd;

    /// <summary>What a model's description says; null where it says nothing.</summary>
    public static ChannelStatistics? Of(InputDescription? input) => input is { Mean: { } mean, Sd: { } sd } ? new(mean, sd) : null;

    /// <summary>Fits them to all time steps of all samples, which count the same each. The sums are double and in order, so that nothing depends
    /// on threads.</summary>
    /// <exception cref="InvalidOperationException">The samples are spikes.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static ChannelStatistics Fit(IDataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Check.Kind(training, SampleKind.Values);
        if (training.Count == 0)
            throw new ArgumentException($"'{training.Info.Name}' has no training samples to fit anything to.", nameof(training));
        int units = training.Info.Units;
        // From the first value on, so that a channel that never changes gives exactly 0.
        var first = new double[units];
        double[] sum = new double[units], squares = new double[units], mean = new double[units], sd = new double[units];
        long steps = 0;
        Sweep(training, sample =>
        {
            if (steps == 0)
            {
                for (int c = 0; c < units; c++)
                    first[c] = sample[c];
            }
            for (int i = 0, c = 0; i < sample.Length; i++, c = c + 1 == units ? 0 : c + 1)
                sum[c] += sample[i] - first[c];
            steps += sample.Length / units;
        });
        for (int c = 0; c < units; c++)
            mean[c] = first[c] + sum[c] / steps;
        Sweep(training, sample =>
        {
            for (int i = 0, c = 0; i < sample.Length; i++, c = c + 1 == units ? 0 : c + 1)
                squares[c] += (sample[i] - mean[c]) * (sample[i] - mean[c]);
        });
        for (int c = 0; c < units; c++)
            sd[c] = Math.Sqrt(squares[c] / steps) is > 0 and double s ? s : 1;
        return new ChannelStatistics(mean, sd);
    }

    /// <summary>Applies them in place. Allocates nothing.</summary>
    /// <param name="values">A whole number of time steps, [steps, channels].</param>
    public void Apply(Span<float> values)
    {
        int channels = _mean.Length;
        if (values.Length % channels != 0)
            throw new ArgumentException($"values has {values.Length} elements, no whole number of steps of {channels} channels.", nameof(values));
        for (int i = 0, c = 0; i < values.Length; i++, c = c + 1 == channels ? 0 : c + 1)
            values[i] = (float)((values[i] - _mean[c]) / _sd[c]);
    }

    private delegate void Visitor(ReadOnlySpan<float> sample);

    private static void Sweep(IDataset data, Visitor visit)
    {
        float[] sample = [];
        for (int i = 0; i < data.Count; i++)
        {
            int length = data.Length(i) * data.Info.Units;
            if (sample.Length < length)
                sample = new float[length];
            data.ReadValues(i, sample.AsSpan(0, length));
            visit(sample.AsSpan(0, length));
        }
    }
}
