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
        var table = new TextTable("recipe", "data", "network", ">parameters", ">test accuracy", "cost");
        foreach (string name in RecipeLibrary.Names)
        {
            Recipe recipe = RecipeLibrary.BuiltIn(name);
            DatasetInfo data = DataRecipes.Describe(recipe.Data);
            Model model = RunSetup.BuildModel(recipe, data, recipe.Seeds[0]);
            if (json)
            {
                terminal.Out.WriteLine(new JsonObject
                {
                    ["recipe"] = name,
                    ["description"] = recipe.Description,
                    ["dataset"] = data.Name,
                    ["needs_data"] = !DataRecipes.IsGenerated(recipe.Data),
                    ["network"] = RunPlan.Describe(model),
                    ["parameters"] = model.ParameterCount,
                    ["epochs"] = recipe.Training.Epochs,
                    ["expected_test_accuracy"] = recipe.Expected?.TestAccuracy,
                    ["expected_test_accuracy_sd"] = recipe.Expected?.TestAccuracySd,
                    ["source"] = recipe.Expected?.Source,
                    ["cost"] = recipe.Cost,
                }.ToJsonString(RunJson.Relaxed));
                continue;
            }
            table.Add(name, data.Name, RunPlan.Describe(model), Text.Whole(model.ParameterCount), Expected(recipe.Expected), recipe.Cost ?? "–");
        }
        if (!json)
        {
            table.Write(terminal.Out);
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("* as the paper reports it, not measured here; its sentence is in the recipe (--json)");
            terminal.Out.WriteLine("Train one with: volley train RECIPE [--data DIR]; look at one with: volley inspect RECIPE");
        }
        return ExitCode.Done;
    }

    /// <summary>Mean and deviation; a star where the number is a paper's and nobody measured it with Volley.</summary>
    private static string Expected(ExpectedResult? expected) => expected is null
        ? Text.Percent(null)
        : Text.Percent(expected.TestAccuracy)
            + (expected.TestAccuracySd is { } deviation ? $" ± {Text.Percent(deviation)}" : "")
            + (expected.Source?.StartsWith("recipes/", StringComparison.Ordinal) == true ? "" : " *");
}
