using System.Text.Json.Serialization;
using Volley.Recipes.Json;
using Volley.Serialization;
using Volley.Tensors;

namespace Volley.Recipes;

/// <summary>What a model file says about its model, so that it can be built again: kept as JSON in the safetensors metadata.</summary>
/// <param name="Model">The network's recipe, with its time step.</param>
/// <param name="Inputs">Elements of a time step of the input.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Steps">Time steps of the training samples, for models whose parameters depend on it; null where any number will do.</param>
/// <param name="Axes">The axes of a time step of the input, [L, C] or [H, W, C]; null for [Inputs].</param>
public sealed record ModelDescription(
    ModelRecipe Model,
    [Limits(1, 10_000_000)] int Inputs,
    [Limits(1, 1_000_000)] int Classes,
    [Limits(1, 10_000_000)] int? Steps = null,
    [Items(2, 3)][Limits(1, 10_000_000)] IReadOnlyList<int>? Axes = null) : IChecked
{
    /// <summary>The metadata member that holds it.</summary>
    public const string Key = "volley.model";

    /// <summary>The shape of a time step of the input.</summary>
    [JsonIgnore]
    public Shape InputShape => Axes is null ? Inputs : new Shape([.. Axes]);

    /// <summary>What <see cref="Axes"/> says about steps of that shape.</summary>
    internal static IReadOnlyList<int>? AxesOf(Shape step) => step.Rank switch
    {
        2 => [step[0], step[1]],
        3 => [step[0], step[1], step[2]],
        _ => null,
    };

    string? IChecked.Problem() => Axes is not null && Axes.Aggregate(1L, (product, size) => product * size) != Inputs
        ? $"'axes' must hold {Inputs} elements, the number of 'inputs'"
        : null;

    /// <summary>The metadata of a model file, to which others may be added.</summary>
    public Dictionary<string, string> ToMetadata() => new() { [Key] = StrictJson.Write(this, RecipeJson.ModelType) };

    /// <summary>The description in a file.</summary>
    /// <param name="file">The file's content.</param>
    /// <param name="path">What error messages call the file.</param>
    /// <exception cref="InvalidDataException">There is none, or it describes no model this version knows.</exception>
    public static ModelDescription From(SafeTensorsFile file, string path)
    {
        if (!file.Metadata.TryGetValue(Key, out string? json))
            throw new InvalidDataException($"'{path}' holds arrays but no Volley model: its metadata has no '{Key}'.");
        try
        {
            return StrictJson.Read(json, Key, RecipeJson.ModelType);
        }
        catch (RecipeException failure)
        {
            throw new InvalidDataException($"'{path}' describes no model that this version knows: {failure.Message}", failure);
        }
    }
}
