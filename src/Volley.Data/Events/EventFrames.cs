using Volley.Recipes;
using Volley.Tensors;

namespace Volley.Data;

/// <summary>Recordings of an event camera as frames. In memory are the pixels with events; frames are made as they are read.</summary>
internal sealed class EventFrames : IDataset
{
    private readonly SparseFrames[] _samples;
    private readonly int[] _labels;

    public EventFrames(string name, IReadOnlyList<string> classes, EventFrameOptions options, SparseFrames[] samples, int[] labels)
    {
        Info = Describe(name, classes, options);
        (_samples, _labels) = (samples, labels);
    }

    public DatasetInfo Info { get; }

    public int Count => _samples.Length;

    public static DatasetInfo Describe(string name, IReadOnlyList<string> classes, EventFrameOptions options)
    {
        var step = new Shape(options.Size, options.Size, 2);
        SampleKind kind = options.As == FrameContent.Spikes ? SampleKind.Spikes : SampleKind.Values;
        return new DatasetInfo(name, kind, step.Count, options.Steps, classes.Count, classes) { StepShape = step, Image = new ImageLayout(options.Size, options.Size, 2) };
    }

    public int Label(int index)
    {
        Check.Index(this, index);
        return _labels[index];
    }

    public int Length(int index)
    {
        Check.Index(this, index);
        return Info.MaxSteps;
    }

    public void ReadValues(int index, Span<float> values)
    {
        Check.Kind(this, SampleKind.Values);
        Check.Index(this, index);
        Check.Destination(this, values.Length, Info.MaxSteps * Info.Units, nameof(values));
        values.Clear();
        SparseFrames sample = _samples[index];
        for (int t = 0, i = 0; t < sample.Ends.Length; t++)
        {
            Span<float> frame = values.Slice(t * Info.Units, Info.Units);
            for (; i < sample.Ends[t]; i++)
                frame[sample.Places[i]] = sample.Counts[i];
        }
    }

    public void ReadSpikes(int index, Span<ulong> bits)
    {
        Check.Kind(this, SampleKind.Spikes);
        Check.Index(this, index);
        int words = SpikeWords.Per(Info.Units);
        Check.Destination(this, bits.Length, Info.MaxSteps * words, nameof(bits));
        bits.Clear();
        SparseFrames sample = _samples[index];
        for (int t = 0, i = 0; t < sample.Ends.Length; t++)
        {
            Span<ulong> frame = bits.Slice(t * words, words);
            for (; i < sample.Ends[t]; i++)
                frame[sample.Places[i] >> 6] |= 1UL << (sample.Places[i] & 63);
        }
    }
}
