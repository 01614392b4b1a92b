using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>What must be done to a raw recording before a model understands it, with everything that was fitted to the training samples;
/// kept as JSON in the model file, so that a device needs nothing else.</summary>
/// <param name="FrontEnd">How audio becomes time steps; null for sequences that are time steps already.</param>
/// <param name="Mean">Subtracted from each channel; null for nothing.</param>
/// <param name="Sd">Each channel is divided by it afterwards; null where <paramref name="Mean"/> is.</param>
/// <param name="ClassNames">The name of each class; null where they are numbers.</param>
public sealed record InputDescription(
    FrontEndRecipe? FrontEnd = null,
    [Items(1, 1_000_000)] IReadOnlyList<double>? Mean = null,
    [Items(1, 1_000_000)] IReadOnlyList<double>? Sd = null,
    [Items(1, 1_000_000)] IReadOnlyList<string>? ClassNames = null)
{
    /// <summary>The metadata member that holds it.</summary>
    public const string Key = "volley.input";
}
