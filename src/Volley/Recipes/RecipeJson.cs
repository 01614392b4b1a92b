using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>Recipes as JSON: strict to read, canonical to write.</summary>
public static class RecipeJson
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    internal static JsonTypeInfo<Recipe> RecipeType { get; } = (JsonTypeInfo<Recipe>)Options.GetTypeInfo(typeof(Recipe));

    internal static JsonTypeInfo<ModelDescription> ModelType { get; } = (JsonTypeInfo<ModelDescription>)Options.GetTypeInfo(typeof(ModelDescription));

    internal static JsonTypeInfo<InputDescription> InputType { get; } = (JsonTypeInfo<InputDescription>)Options.GetTypeInfo(typeof(InputDescription));

    /// <summary>Reads a recipe; comments and trailing commas are allowed, unknown members are not.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What error messages start with: the file's name, or that of the built-in recipe.</param>
    /// <exception cref="RecipeException">One sentence: the source, the member's path, what was expected and found, the nearest known name.</exception>
    public static Recipe Read(string json, string source) => StrictJson.Read(json, source, RecipeType);

    /// <summary>Every member with its value, defaults too, in a fixed order; reading it gives an equal recipe and writing that the same text.</summary>
    public static string Write(Recipe recipe) => StrictJson.Write(recipe, RecipeType);

    /// <summary>The recipe with one member replaced, as by <c>--set training.epochs=20</c>.</summary>
    /// <param name="recipe">The recipe to start from.</param>
    /// <param name="path">Members and list indices: <c>model.layers[2].units</c>. Setting a <c>kind</c> starts its object afresh.</param>
    /// <param name="value">JSON (<c>20</c>, <c>[64, 64]</c>, <c>{"kind": "lif"}</c>), or else plain text (<c>lif</c>).</param>
    /// <exception cref="RecipeException">There is no such member or the value does not fit it; one sentence.</exception>
    public static Recipe Override(Recipe recipe, string path, string value) => StrictJson.Override(recipe, path, value, RecipeType);

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            TypeInfoResolver = RecipeContext.Default.WithAddedModifier(OrderLikeTheConstructor),
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = true,
            IndentSize = 2,
            NewLine = "\n",
            MaxDepth = 2 * StrictJson.MaxDepth,
        };
        options.MakeReadOnly();
        return options;
    }

    private static void OrderLikeTheConstructor(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            // What no constructor takes is computed, or fixed for this kind of record: reading it back would be refused.
            if (property.AssociatedParameter is { IsMemberInitializer: false } parameter)
                property.Order = parameter.Position;
            else
                property.ShouldSerialize = (_, _) => false;
        }
    }
}

/// <summary>The generated description of the recipe records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(InputDescription))]
internal sealed partial class RecipeContext : JsonSerializerContext;
