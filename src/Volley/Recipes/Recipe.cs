using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A published experiment: what to train, on what, how, and what comes out.</summary>
/// <param name="Name">The name of the recipe, like <c>mnist-rows-cadlif</c>.</param>
/// <param name="Data">The data set and its split.</param>
/// <param name="Model">The network.</param>
/// <param name="Training">The training.</param>
/// <param name="Seeds">The seeds the result was measured with; a single run takes the first.</param>
/// <param name="Description">One or two sentences for people.</param>
/// <param name="Expected">The result to expect.</param>
/// <param name="Cost">What a run costs, like <c>40 s on 2 cores</c>.</param>
/// <param name="Folds">Runs that make one result together, such as one for each speaker that is left out; null for a single run.</param>
public sealed record Recipe(
    string Name,
    DataRecipe Data,
    ModelRecipe Model,
    TrainingRecipe Training,
    [Items(1, 100)][Limits(0, int.MaxValue)] IReadOnlyList<int> Seeds,
    string Description = "",
    ExpectedResult? Expected = null,
    string? Cost = null,
    FoldsRecipe? Folds = null) : IChecked
{
    string? IChecked.Problem()
    {
        if (Seeds.Distinct().Count() < Seeds.Count)
            return "'seeds' has the same seed twice";
        return Model.Readout == Readout.EachStep && Training.Loss is not CrossEntropyRecipe
            ? "the readout 'each-step' needs the loss 'cross-entropy'"
            : null;
    }

    /// <summary>The recipe of one fold.</summary>
    /// <exception cref="RecipeException">The folds change a field that is not there, or give it a value that does not fit.</exception>
    public Recipe Fold(string value) => RecipeJson.Override(this with { Folds = null }, Folds?.Path ?? throw new InvalidOperationException($"The recipe '{Name}' has no folds."), value);
}

/// <summary>The same experiment once for each value of one field, the mean over which is the result: cross-validation.</summary>
/// <param name="Path">The field, like <c>data.leaveOut</c>.</param>
/// <param name="Values">Its values, one a fold; they also name the folds' folders.</param>
public sealed record FoldsRecipe(
    string Path,
    [Items(2, 100)] IReadOnlyList<string> Values) : IChecked
{
    string? IChecked.Problem()
    {
        if (Values.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Values.Count)
            return "'values' has the same value twice";
        return Values.FirstOrDefault(value => value.Length is 0 or > 64 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) is { } odd
            ? $"'values' has '{Names.Shown(odd)}': a fold's name is made of letters, digits, '-' and '_'"
            : null;
    }
}

/// <summary>The result a recipe is known to reach.</summary>
/// <param name="TestAccuracy">Mean test accuracy over the seeds, a fraction.</param>
/// <param name="TestAccuracySd">Its standard deviation over the seeds, a fraction.</param>
/// <param name="Source">Where the number comes from: the results file and the machine.</param>
public sealed record ExpectedResult(
    [Limits(0, 1)] double TestAccuracy,
    [Limits(0, 1)] double? TestAccuracySd = null,
    string? Source = null);
