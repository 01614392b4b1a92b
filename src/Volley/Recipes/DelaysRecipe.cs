using System.Text.Json.Serialization;
using Volley.Kernels.Delays;
using Volley.Nn;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>How long the delays of synapses can be and how they are learned.</summary>
/// <param name="MaxDelay">The longest delay in seconds. In time steps, made odd, it is the number of taps K: delays reach from 0 to K − 1 steps.</param>
/// <param name="Kernels">Taps a synapse has, each with a weight and a delay of its own.</param>
/// <param name="Interpolation">How a weight spreads around its delay in training.</param>
/// <param name="Learned">Whether delays are learned; false leaves them as they were drawn.</param>
/// <param name="Sigma">SIG, the width of the interpolation in the first epoch, in steps; null for half of the longest delay.</param>
/// <param name="SigmaEnd">SIG at the end.</param>
/// <param name="AnnealFraction">The part of the epochs in which SIG falls.</param>
/// <param name="RateScale">The learning rate of delays as a multiple of that of the weights; <c>training.delays</c> gives them one of their own.</param>
/// <param name="Init">How weights are drawn.</param>
public sealed record DelaysRecipe(
    [Limits(0, 1000, AboveMin = true)] double MaxDelay = 0.25,
    [Limits(1, 16)] int Kernels = 1,
    Interpolation Interpolation = Interpolation.Gaussian,
    bool Learned = true,
    [Limits(0, 10_000)] double? Sigma = null,
    [Limits(0, 10_000, AboveMin = true)] double SigmaEnd = 0.23,
    [Limits(0, 1)] double AnnealFraction = 0.25,
    [Limits(0, 1e6)] double RateScale = 10,
    WeightInit Init = WeightInit.FanIn)
{
    /// <summary>Taps above this are refused: a synapse would hold as many numbers.</summary>
    private const int MostTaps = 4095;

    /// <summary>The options of a layer whose steps take <paramref name="timeStep"/> seconds.</summary>
    /// <exception cref="ArgumentException">The longest delay has too many time steps.</exception>
    internal DelayOptions Options(double timeStep)
    {
        double taps = Math.Round(MaxDelay / timeStep);
        if (taps > MostTaps)
            throw new ArgumentException(FormattableString.Invariant($"A longest delay of {MaxDelay} s is {taps} time steps of {timeStep} s; at most {MostTaps} are possible."));
        return new DelayOptions
        {
            Taps = (int)taps / 2 * 2 + 1,
            Kernels = Kernels,
            Interpolation = Interpolation == Interpolation.Triangle ? TapInterpolation.Triangle : TapInterpolation.Gaussian,
            Learned = Learned,
            SigmaStart = Sigma,
            SigmaEnd = SigmaEnd,
            AnnealFraction = AnnealFraction,
            RateScale = (float)RateScale,
        };
    }

    internal Initializer Initializer => Init == WeightInit.KaimingUniform ? Initializer.KaimingUniform : Initializer.FanIn;
}

/// <summary>How a weight spreads around its delay in training.</summary>
[JsonConverter(typeof(KebabEnumConverter<Interpolation>))]
public enum Interpolation
{
    /// <summary>A Gaussian of width SIG + 0.27.</summary>
    Gaussian,

    /// <summary>A triangle of half width SIG + 1.</summary>
    Triangle,
}

/// <summary>How weights are drawn.</summary>
[JsonConverter(typeof(KebabEnumConverter<WeightInit>))]
public enum WeightInit
{
    /// <summary>U(−1/√inputs, 1/√inputs).</summary>
    FanIn,

    /// <summary>U(−√(6/inputs), √(6/inputs)).</summary>
    KaimingUniform,
}
