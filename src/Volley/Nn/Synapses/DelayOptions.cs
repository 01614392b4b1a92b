using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>How long delays can be and how they are learned.</summary>
public sealed record DelayOptions
{
    /// <summary>The group of positions in an optimiser: they may have a rate and a schedule of their own.</summary>
    public const string Group = "delays";

    /// <summary>K, odd: delays reach from 0 to K − 1 steps.</summary>
    public required int Taps { get; init; }

    /// <summary>C, taps of each synapse, every one with a weight and a position of its own.</summary>
    public int Kernels { get; init; } = 1;

    /// <summary>How a weight spreads around its delay in training.</summary>
    public TapInterpolation Interpolation { get; init; } = TapInterpolation.Gaussian;

    /// <summary>False to leave the delays as they were drawn, rounded: they are then kept with the model, but are no parameters.</summary>
    public bool Learned { get; init; } = true;

    /// <summary>SIG of the first epoch, in steps; ⌊K/2⌋ when null.</summary>
    public double? SigmaStart { get; init; }

    /// <summary>SIG from <see cref="AnnealFraction"/> of the epochs on.</summary>
    public double SigmaEnd { get; init; } = 0.23;

    /// <summary>The part of the epochs in which SIG falls.</summary>
    public double AnnealFraction { get; init; } = 0.25;

    /// <summary>The positions' learning rate as a multiple of that of the weights.</summary>
    public float RateScale { get; init; } = 10;

    /// <summary>Steps that the output is longer than the input, (K − 1)/2.</summary>
    internal int Extra => (Taps - 1) / 2;

    /// <summary>A delay that is not learned is whole: one tap.</summary>
    internal TapInterpolation Shape => Learned ? Interpolation : TapInterpolation.Triangle;

    /// <summary>SIG of an epoch: start·(end/start)^(min(e, F)/F), F = ⌊epochs·fraction⌋; the end value where F is 0. For 0 epochs, before training, the start value.</summary>
    public float SigmaAt(int epoch, int epochs)
    {
        double start = SigmaStart ?? Taps / 2, end = SigmaEnd;
        if (!Learned)
            return 0;
        if (epochs == 0 || start == 0)
            return (float)start;
        int fall = (int)(epochs * AnnealFraction);
        return (float)(fall == 0 ? end : start * Math.Pow(end / start, Math.Min(epoch, fall) / (double)fall));
    }

    internal void Check()
    {
        if (Taps < 1 || Taps % 2 == 0)
            throw new ArgumentException($"The number of taps is {Taps}; it must be odd and at least 1.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Kernels);
        if (!(SigmaStart is null or >= 0) || !(SigmaEnd > 0) || !(AnnealFraction is >= 0 and <= 1))
            throw new ArgumentException("The width of the interpolation must be positive at the end and must not be negative at the start, and it falls in a fraction of the epochs.");
    }

    /// <summary>Positions U(−K/2, K/2), cut to ±⌊K/2⌋; whole numbers where they are not learned.</summary>
    internal static Tensor Draw(DelayOptions options, Shape shape, Rng random)
    {
        Tensor positions = Tensor.Zeros(shape);
        float half = options.Taps / 2, width = options.Taps;
        Span<float> values = positions.Data;
        for (int i = 0; i < values.Length; i++)
        {
            float position = Math.Clamp((float)(((double)random.Uniform(i) - 0.5) * width), -half, half);
            values[i] = options.Learned ? position : MathF.Round(position);
        }
        return positions;
    }
}
