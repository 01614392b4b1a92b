using System.CommandLine;
using System.Text.Json.Nodes;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Data;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Cli.Verbs;

/// <summary><c>volley recipes</c>: what is built in.</summary>
internal static class RecipesVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("recipes", "Lists the built-in recipes: data, network, expected result and cost") { json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, bool json)
    {
        // Parameters are counted by building the networks, which draws their weights: side by side, it is a second instead of several.
        Row[] rows = [.. RecipeLibrary.Names.AsParallel().AsOrdered().Select(Row.Of)];
        if (json)
        {
            foreach (Row row in rows)
                terminal.Out.WriteLine(row.Json());
            return ExitCode.Done;
        }
        var table = new TextTable("recipe", "data", "network", ">parameters", ">test accuracy", "cost");
        foreach (Row row in rows)
            table.Add(row.Recipe.Name, row.Data.Name, row.Network, Text.Whole(row.Parameters), Expected(row.Recipe.Expected), row.Recipe.Cost ?? "–");
        table.Write(terminal.Out);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("* as the paper reports it, not measured here; its sentence is in the recipe (--json)");
        terminal.Out.WriteLine("Train one with: volley train RECIPE [--data DIR]; look at one with: volley inspect RECIPE");
        return ExitCode.Done;
    }

    /// <summary>Mean and deviation; a star where the number is a paper's and nobody measured it with Volley.</summary>
    private static string Expected(ExpectedResult? expected) => expected is null
        ? Text.Percent(null)
        : Text.Percent(expected.TestAccuracy)
            + (expected.TestAccuracySd is { } deviation ? $" ± {Text.Percent(deviation)}" : "")
            + (expected.Source?.StartsWith("recipes/", StringComparison.Ordinal) == true ? "" : " *");

    /// <summary>A recipe and what it makes.</summary>
    private sealed record Row(Recipe Recipe, DatasetInfo Data, string Network, long Parameters)
    {
        public static Row Of(string name)
        {
            Recipe recipe = RecipeLibrary.BuiltIn(name);
            DatasetInfo data = DataRecipes.Describe(recipe.Data);
            Model model = RunSetup.BuildModel(recipe, data, recipe.Seeds[0]);
            return new Row(recipe, data, RunPlan.Describe(model), model.ParameterCount);
        }

        public string Json() => new JsonObject
        {
            ["recipe"] = Recipe.Name,
            ["description"] = Recipe.Description,
            ["dataset"] = Data.Name,
            ["needs_data"] = !DataRecipes.IsGenerated(Recipe.Data),
            ["network"] = Network,
            ["parameters"] = Parameters,
            ["epochs"] = Recipe.Training.Epochs,
            ["expected_test_accuracy"] = Recipe.Expected?.TestAccuracy,
            ["expected_test_accuracy_sd"] = Recipe.Expected?.TestAccuracySd,
            ["source"] = Recipe.Expected?.Source,
            ["cost"] = Recipe.Cost,
        }.ToJsonString(RunJson.Relaxed);
    }
}
