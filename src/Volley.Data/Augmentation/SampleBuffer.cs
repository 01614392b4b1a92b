using Volley.Kernels;

namespace Volley.Data;

/// <summary>One sample in memory that augmentations change, and a second buffer of its kind to build the next state of it in.</summary>
/// <remarks>Memory is kept from sample to sample. Spans are valid until the next <see cref="Begin"/> or <see cref="Swap"/>.</remarks>
public sealed class SampleBuffer
{
    private float[] _values = [], _otherValues = [];
    private ulong[] _bits = [], _otherBits = [];
    private byte[] _pixels = [], _otherPixels = [];
    private PixelCodec? _codec;

    /// <param name="info">What the samples have in common.</param>
    /// <param name="cpu">What kernels that change the sample run on.</param>
    public SampleBuffer(DatasetInfo info, Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(cpu);
        Check.Positive(info.Units, nameof(DatasetInfo.Units));
        Check.Positive(info.MaxSteps, nameof(DatasetInfo.MaxSteps));
        (Info, Cpu) = (info, cpu);
        WordsPerStep = SpikeWords.Per(info.Units);
    }

    /// <summary>What the samples have in common.</summary>
    public DatasetInfo Info { get; }

    /// <summary>What kernels that change the sample run on.</summary>
    public Cpu Cpu { get; }

    /// <summary>Time steps of the sample; 0 before the first <see cref="Begin"/>.</summary>
    public int Steps { get; private set; }

    /// <summary>Words of a step of spikes.</summary>
    public int WordsPerStep { get; }

    /// <summary>The sample's values, [Steps, Units].</summary>
    /// <exception cref="InvalidOperationException">The samples are spikes.</exception>
    public Span<float> Values => Part(SampleKind.Values, ref _values, Steps, Info.Units);

    /// <summary>The sample's spikes, [Steps, WordsPerStep], in the layout of <see cref="IDataset.ReadSpikes"/>.</summary>
    /// <exception cref="InvalidOperationException">The samples are values.</exception>
    public Span<ulong> Bits => Part(SampleKind.Spikes, ref _bits, Steps, WordsPerStep);

    /// <summary>Between the sample's frames and their pixels.</summary>
    internal PixelCodec Codec => _codec ??= new PixelCodec(Info.Image!);

    /// <summary>Bytes to work in; their content is whatever was there before.</summary>
    internal Span<byte> Pixels(int count) => Bytes(ref _pixels, count);

    /// <inheritdoc cref="Pixels"/>
    internal Span<byte> OtherPixels(int count) => Bytes(ref _otherPixels, count);

    /// <summary>Starts a sample: its content is whatever was there before, and all of it is to be written.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is not 1 … <see cref="DatasetInfo.MaxSteps"/>.</exception>
    public void Begin(int steps)
    {
        CheckSteps(steps);
        Steps = steps;
    }

    /// <summary>The second buffer, [steps, Units]; its content is whatever was there before.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is not 1 … <see cref="DatasetInfo.MaxSteps"/>.</exception>
    /// <exception cref="InvalidOperationException">The samples are spikes.</exception>
    public Span<float> OtherValues(int steps)
    {
        CheckSteps(steps);
        return Part(SampleKind.Values, ref _otherValues, steps, Info.Units);
    }

    /// <summary>The second buffer, [steps, WordsPerStep]; its content is whatever was there before.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is not 1 … <see cref="DatasetInfo.MaxSteps"/>.</exception>
    /// <exception cref="InvalidOperationException">The samples are values.</exception>
    public Span<ulong> OtherBits(int steps)
    {
        CheckSteps(steps);
        return Part(SampleKind.Spikes, ref _otherBits, steps, WordsPerStep);
    }

    /// <summary>The second buffer becomes the sample, with that many steps, and the sample the second buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is not 1 … <see cref="DatasetInfo.MaxSteps"/>.</exception>
    public void Swap(int steps)
    {
        CheckSteps(steps);
        (_values, _otherValues) = (_otherValues, _values);
        (_bits, _otherBits) = (_otherBits, _bits);
        Steps = steps;
    }

    private Span<T> Part<T>(SampleKind kind, ref T[] buffer, int steps, int stride)
    {
        if (Info.Kind != kind)
            throw new InvalidOperationException($"The samples of '{Info.Name}' are {(kind == SampleKind.Spikes ? "values, not spikes" : "spikes, not values")}.");
        int length = checked(steps * stride);
        if (buffer.Length < length)
            Array.Resize(ref buffer, (int)Math.Max(length, Math.Min(2L * length, (long)Info.MaxSteps * stride)));
        return buffer.AsSpan(0, length);
    }

    private static Span<byte> Bytes(ref byte[] buffer, int count)
    {
        if (buffer.Length < count)
            buffer = new byte[count];
        return buffer.AsSpan(0, count);
    }

    private void CheckSteps(int steps)
    {
        if (steps < 1 || steps > Info.MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"steps is {steps}; samples of '{Info.Name}' have 1 … {Info.MaxSteps}.");
    }
}
