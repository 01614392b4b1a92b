using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>How late the spikes of a recurrent layer can come back to it and how that is learned. The defaults are those of DelRec (Queant et al.).</summary>
public sealed record RecurrentDelayOptions
{
    /// <summary>The longest delay in steps, beyond the one step that every spike takes to come back.</summary>
    public required float MaxDelay { get; init; }

    /// <summary>Delays are drawn as |N(0, Spread)| steps, cut to <see cref="MaxDelay"/>.</summary>
    public float Spread { get; init; } = 12;

    /// <summary>False to leave the delays as they were drawn, rounded: they are then kept with the model, but are no parameters.</summary>
    public bool Learned { get; init; } = true;

    /// <summary>σ of the first epoch, in steps: a spike comes back spread over a triangle of half width 1 + σ.</summary>
    public double SigmaStart { get; init; } = 10;

    /// <summary>What σ is multiplied by in each hundredth of the epochs.</summary>
    public double SigmaDecay { get; init; } = 0.95;

    /// <summary>The delays' learning rate as a multiple of that of the weights.</summary>
    public float RateScale { get; init; } = 50;

    /// <summary>Probability that a spike does not come back in training; the others then count 1/(1 − p).</summary>
    public float Dropout { get; init; }

    /// <summary>σ of an epoch: start·decay^(100·epoch/epochs). For 0 epochs, before training, the start value; 0 for delays that are not learned.</summary>
    public float SigmaAt(int epoch, int epochs) =>
        (float)(!Learned ? 0 : epochs == 0 ? SigmaStart : SigmaStart * Math.Pow(SigmaDecay, 100.0 * epoch / epochs));

    /// <summary>The largest number of whole steps, beyond the one.</summary>
    internal int MostSteps => (int)MathF.Round(MaxDelay);

    internal void Check()
    {
        if (!(MaxDelay is >= 0 and <= 65_536))
            throw new ArgumentException($"The longest delay is {MaxDelay} steps; it must be between 0 and 65536.");
        if (!(Spread >= 0) || !(SigmaStart >= 0) || !(SigmaDecay is > 0 and <= 1))
            throw new ArgumentException("The spread of the delays and the width of the interpolation must not be negative, and the width falls by a factor above 0 and up to 1.");
        if (!(Dropout is >= 0 and < 1))
            throw new ArgumentException($"The probability to drop a spike is {Dropout}; it must be at least 0 and below 1.");
    }

    internal Tensor Draw(int neurons, Rng random)
    {
        Tensor delays = Tensor.Zeros(new Shape(neurons));
        Span<float> values = delays.Data;
        for (int n = 0; n < neurons; n++)
        {
            float delay = Math.Min(MathF.Abs(Spread * random.Normal(n)), MaxDelay);
            values[n] = Learned ? delay : MathF.Round(delay);
        }
        return delays;
    }
}
