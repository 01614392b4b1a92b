using Volley.Nn;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>How late the spikes of a recurrent layer come back to it and how that is learned (DelRec: Queant et al.).</summary>
/// <param name="MaxDelay">The longest delay in seconds, beyond the one time step that every spike takes to come back.</param>
/// <param name="Spread">Delays are drawn as |N(0, spread)| time steps.</param>
/// <param name="Learned">Whether delays are learned; false leaves them as they were drawn.</param>
/// <param name="Sigma">σ of the first epoch, in steps: a spike comes back spread over a triangle of half width 1 + σ.</param>
/// <param name="SigmaDecay">What σ is multiplied by in each hundredth of the epochs.</param>
/// <param name="RateScale">The learning rate of delays as a multiple of that of the weights; <c>training.delays</c> gives them one of their own.</param>
/// <param name="Dropout">Probability that a spike does not come back in training.</param>
public sealed record RecurrentDelaysRecipe(
    [Limits(0, 1000)] double MaxDelay = 0.5,
    [Limits(0, 10_000)] double Spread = 12,
    bool Learned = true,
    [Limits(0, 10_000)] double Sigma = 10,
    [Limits(0, 1, AboveMin = true)] double SigmaDecay = 0.95,
    [Limits(0, 1e6)] double RateScale = 50,
    [Limits(0, 1, BelowMax = true)] double Dropout = 0)
{
    /// <summary>Delays of more steps are refused: a layer would hold as many rows of spikes.</summary>
    private const int MostSteps = 4094;

    /// <summary>The options of a layer whose steps take <paramref name="timeStep"/> seconds.</summary>
    /// <exception cref="ArgumentException">The longest delay has too many time steps.</exception>
    internal RecurrentDelayOptions Options(double timeStep)
    {
        double steps = Math.Round(MaxDelay / timeStep);
        if (steps > MostSteps)
            throw new ArgumentException(FormattableString.Invariant($"A longest delay of {MaxDelay} s is {steps} time steps of {timeStep} s; at most {MostSteps} are possible."));
        return new RecurrentDelayOptions
        {
            MaxDelay = (float)steps,
            Spread = (float)Spread,
            Learned = Learned,
            SigmaStart = Sigma,
            SigmaDecay = SigmaDecay,
            RateScale = (float)RateScale,
            Dropout = (float)Dropout,
        };
    }
}
