using System.Text.Json.Nodes;
using Volley.Recipes;
using Volley.Recipes.Json;

namespace Volley.Cli.Comparisons;

/// <summary>One of the networks that a comparison trains.</summary>
/// <param name="Name">Its name in the table, and its folder's.</param>
/// <param name="Recipe">What it is trained by.</param>
internal sealed record Entrant(string Name, Recipe Recipe)
{
    /// <summary>The entrants of recipes, by name or path.</summary>
    /// <exception cref="UsageException">Two have the same name.</exception>
    public static IReadOnlyList<Entrant> Of(IReadOnlyList<string> recipes) => Distinct([.. recipes.Select(RecipeLibrary.Find).Select(recipe => new Entrant(recipe.Name, recipe))]);

    /// <summary>The same recipe with each of several neuron models.</summary>
    /// <exception cref="UsageException">The recipe's model has no <c>neuron</c>, or the same kind is named twice.</exception>
    public static IReadOnlyList<Entrant> OfNeurons(Recipe recipe, IReadOnlyList<string> kinds) =>
        Distinct([.. kinds.Select(kind => new Entrant(kind, RecipeJson.Override(recipe, "model.neuron", new JsonObject { ["kind"] = kind }.ToJsonString()) with
        {
            Name = $"{recipe.Name}-{kind}",
            Description = "",
        }))]);

    /// <summary>Checks that the entrants can be compared: the same data and split, folds and number of epochs.</summary>
    /// <exception cref="UsageException">They differ; the sentence says in what.</exception>
    public static void CheckAlike(IReadOnlyList<Entrant> entrants)
    {
        (Entrant first, JsonNode expected) = (entrants[0], Json(entrants[0]));
        foreach (Entrant other in entrants.Skip(1))
        {
            JsonNode found = Json(other);
            foreach (string part in new[] { "data", "folds" })
            {
                if (Difference(part, expected[part], found[part]) is { } path)
                    throw new UsageException($"'{first.Name}' and '{other.Name}' differ in {path}; a comparison needs the same data and split: set it for all by --set, or leave one out.");
            }
            if (other.Recipe.Training.Epochs != first.Recipe.Training.Epochs)
            {
                throw new UsageException(FormattableString.Invariant(
                    $"'{first.Name}' trains for {first.Recipe.Training.Epochs} epochs and '{other.Name}' for {other.Recipe.Training.Epochs}; give all the same budget by --epochs."));
            }
        }
    }

    private static IReadOnlyList<Entrant> Distinct(IReadOnlyList<Entrant> entrants)
    {
        foreach (Entrant entrant in entrants)
        {
            string shown = Names.Shown(entrant.Name);
            if (entrants.Count(other => string.Equals(other.Name, entrant.Name, StringComparison.OrdinalIgnoreCase)) > 1)
                throw new UsageException($"'{shown}' is there twice; each entrant of a comparison needs a name of its own.");
            if (!ComparisonFolder.Takes(entrant.Name))
                throw new UsageException($"The recipe's name '{shown}' cannot be the name of a folder in a comparison; change its \"name\".");
        }
        return entrants;
    }

    private static JsonNode Json(Entrant entrant) => JsonNode.Parse(RecipeJson.Write(entrant.Recipe))!;

    /// <summary>The path of the first member that differs; null where nothing does.</summary>
    private static string? Difference(string path, JsonNode? a, JsonNode? b)
    {
        if (JsonNode.DeepEquals(a, b))
            return null;
        if (a is not JsonObject first || b is not JsonObject second)
            return path;
        return first.Select(member => member.Key).Union(second.Select(member => member.Key))
            .Select(name => Difference($"{path}.{name}", first[name], second[name])).First(found => found is not null);
    }
}
