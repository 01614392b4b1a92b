using System.Globalization;
using Volley.Nn;
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
    [Items(1, 1_000_000)] IReadOnlyList<string>? ClassNames = null) : IChecked
{
    /// <summary>The metadata member that holds it.</summary>
    public const string Key = "volley.input";

    /// <summary>The description as JSON; reading it and writing that gives the same text.</summary>
    public string ToJson() => StrictJson.Write(this, RecipeJson.InputType);

    /// <summary>Reads what <see cref="ToJson"/> wrote, strictly.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What error messages start with.</param>
    /// <exception cref="RecipeException">One sentence: the source, the member's path, what was expected and found.</exception>
    public static InputDescription Parse(string json, string source) => StrictJson.Read(json, source, RecipeJson.InputType);

    /// <summary>What does not fit a model, as the end of a sentence; null where all does.</summary>
    /// <param name="units">The model's input units.</param>
    /// <param name="classes">The model's classes.</param>
    public string? Problem(int units, int classes)
    {
        if (Mean is not null && Mean.Count != units)
            return $"'mean' and 'sd' have {Mean.Count} values for {units} input units";
        return ClassNames is not null && ClassNames.Count != classes ? $"'classNames' has {ClassNames.Count} names for {classes} classes" : null;
    }

    string? IChecked.Problem()
    {
        if (Mean is null != Sd is null)
            return "'mean' and 'sd' go together";
        if (Mean is null || Sd is null)
            return null;
        if (Mean.Count != Sd.Count)
            return $"'mean' has {Mean.Count} values and 'sd' has {Sd.Count}";
        for (int c = 0; c < Sd.Count; c++)
        {
            if (!double.IsFinite(Mean[c]) || !double.IsFinite(Sd[c]) || Sd[c] <= 0)
                return string.Create(CultureInfo.InvariantCulture, $"channel {c} has mean {Mean[c]} and standard deviation {Sd[c]}, which must be finite and above 0");
        }
        return null;
    }
}

/// <summary>What goes into a model, as a member of it.</summary>
public static class ModelInput
{
    extension(Model model)
    {
        /// <summary>What must be done to a recording before the model understands it, kept in its file; null where sequences go in as they are.</summary>
        /// <exception cref="ArgumentException">It does not fit the model; one sentence.</exception>
        /// <exception cref="RecipeException">The model's JSON is no such description.</exception>
        public InputDescription? Input
        {
            get => model.InputDescription is { } json ? InputDescription.Parse(json, InputDescription.Key) : null;
            set
            {
                if (value is not null && (((IChecked)value).Problem() ?? value.Problem(model.Units, model.Classes)) is { } problem)
                    throw new ArgumentException($"The input description does not fit the model {model.Name}: {problem}.", nameof(value));
                model.InputDescription = value?.ToJson();
            }
        }
    }
}
