using Volley.Recipes;

namespace Volley.Cli.Comparisons;

/// <summary>Comparisons that have a name.</summary>
/// <param name="Name">What <c>volley compare</c> is given.</param>
/// <param name="Recipes">Built-in recipes on the same data, by the names of the entrants.</param>
/// <param name="Epochs">The budget of each.</param>
/// <param name="Seeds">The seeds of each.</param>
internal sealed record BuiltInComparison(string Name, IReadOnlyList<(string Entrant, string Recipe)> Recipes, int Epochs, IReadOnlyList<int> Seeds)
{
    /// <summary>The newcomer's first sight: the neuron models of all three systems on generated data, within two minutes on two cores.</summary>
    public static BuiltInComparison Quickstart { get; } = new(
        "quickstart",
        [
            ("lif", "quickstart-lif"), ("cadlif", "quickstart"), ("sliding-psn", "quickstart-sliding-psn"),
            ("d-cadlif", "quickstart-d-cadlif"), ("binary-s4d", "quickstart-binary-s4d"), ("gsu", "quickstart-gsu"),
        ],
        Epochs: 8, Seeds: [1, 2]);

    public IReadOnlyList<Entrant> Entrants => [.. Recipes.Select(pair => new Entrant(pair.Entrant, Budgeted(RecipeLibrary.BuiltIn(pair.Recipe))))];

    private Recipe Budgeted(Recipe recipe) => recipe with { Seeds = Seeds, Training = recipe.Training with { Epochs = Epochs }, Expected = null, Cost = null };
}
