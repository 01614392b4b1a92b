using Volley.Data.Audio;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Cli.Views;

/// <summary>What goes into a model, in a line.</summary>
internal static class InputLine
{
    /// <summary>Like "recordings at 8000 Hz: log-mel, 40 values every 10 ms, standardised; 10 named classes"; null where nothing is known.</summary>
    public static string? Of(Model model)
    {
        if (model.Input is not { } input)
            return null;
        var parts = new List<string>();
        if (input.FrontEnd is { } recipe)
        {
            FrontEnd front = FrontEnds.Create(recipe);
            string what = front.Kind == Data.SampleKind.Spikes ? "spikes of" : "values of";
            parts.Add($"recordings at {Text.Whole(front.Rate)} Hz: {recipe.Name}, {what} {front.Units} channels every {Text.Number(1000 * front.TimeStep, "0.##")} ms"
                + (recipe.Steps is { } steps ? $", {Text.Whole(steps)} steps" : "") + (front.Causal ? "" : ", after the recording's end"));
        }
        else
        {
            parts.Add("sequences");
        }
        if (input.Mean is not null)
            parts.Add("standardised by the training samples");
        if (input.ClassNames is { } names)
            parts.Add($"{names.Count} classes with names");
        return string.Join("; ", parts);
    }
}
