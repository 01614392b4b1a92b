using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>What stands for the derivative of a spike Θ(x), x = u − θ.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ATanRecipe), "atan")]
[JsonDerivedType(typeof(FastSigmoidRecipe), "fast-sigmoid")]
[JsonDerivedType(typeof(SigmoidRecipe), "sigmoid")]
[JsonDerivedType(typeof(BoxcarRecipe), "boxcar")]
[JsonDerivedType(typeof(TriangleRecipe), "triangle")]
[JsonDerivedType(typeof(SlayerRecipe), "slayer")]
[JsonDerivedType(typeof(MultiGaussianRecipe), "multi-gaussian")]
public abstract record SurrogateRecipe;

/// <summary>(α/2) / (1 + (π/2 α x)²).</summary>
/// <param name="Alpha">α, steepness.</param>
public sealed record ATanRecipe([Limits(0, 1e4, AboveMin = true)] double Alpha = 2) : SurrogateRecipe;

/// <summary>1 / (1 + slope |x|)², SuperSpike.</summary>
/// <param name="Slope">Steepness.</param>
public sealed record FastSigmoidRecipe([Limits(0, 1e4, AboveMin = true)] double Slope = 25) : SurrogateRecipe;

/// <summary>slope σ(slope x) (1 − σ(slope x)).</summary>
/// <param name="Slope">Steepness.</param>
public sealed record SigmoidRecipe([Limits(0, 1e4, AboveMin = true)] double Slope = 4) : SurrogateRecipe;

/// <summary>1 for |x| up to the half-width, else 0.</summary>
/// <param name="HalfWidth">Half of the box's width.</param>
public sealed record BoxcarRecipe([Limits(0, 1e4, AboveMin = true)] double HalfWidth = 0.5) : SurrogateRecipe;

/// <summary>height · max(0, 1 − |x| / width).</summary>
/// <param name="Width">Where it reaches 0.</param>
/// <param name="Height">Its value at 0.</param>
public sealed record TriangleRecipe(
    [Limits(0, 1e4, AboveMin = true)] double Width = 1,
    [Limits(0, 1e4, AboveMin = true)] double Height = 1) : SurrogateRecipe;

/// <summary>c α / (2 exp(α |x|)).</summary>
/// <param name="Alpha">α, steepness.</param>
/// <param name="C">c, scale.</param>
public sealed record SlayerRecipe(
    [Limits(0, 1e4, AboveMin = true)] double Alpha = 5,
    [Limits(0, 1e4, AboveMin = true)] double C = 0.4) : SurrogateRecipe;

/// <summary>A Gaussian with two wide negative ones beside it (Yin, Corradi &amp; Bohté 2021).</summary>
/// <param name="Sigma">Standard deviation of the middle Gaussian.</param>
/// <param name="Height">h, weight of the wide ones.</param>
/// <param name="Scale">s, their standard deviation in units of <paramref name="Sigma"/>.</param>
public sealed record MultiGaussianRecipe(
    [Limits(0, 1e4, AboveMin = true)] double Sigma = 0.5,
    [Limits(0, 1)] double Height = 0.15,
    [Limits(0, 1e4, AboveMin = true)] double Scale = 6) : SurrogateRecipe;
