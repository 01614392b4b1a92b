using System.CommandLine;
using Volley.Data;
using Volley.Recipes;

namespace Volley.Cli.Verbs;

/// <summary>Options that several verbs share, new ones for each.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data() => Text("--data", "DIR", "The folder of the data set, or its table (not needed for generated data)");

    public static Option<string?> Threads() => Text("--threads", "N", "Threads to run on [default: all cores]; the results do not depend on it");

    public static Option<bool> SkipBad() => new("--skip-bad") { Description = "Goes on without recordings that cannot be read, and counts them" };

    public static Option<bool> Json() => new("--json") { Description = "Write one JSON object a line and nothing else" };

    public static Option<string?> Cache() => Text("--cache", "DIR", "Where decoded data are kept for the next run [default: the user's cache folder]");

    public static Option<bool> NoCache() => new("--no-cache") { Description = "Decode the data every time" };

    public static Option<string[]> Set() => new("--set") { HelpName = "PATH=VALUE", Description = "Changes a field of the recipe, such as training.batch=32 or data.limit=1000; may be repeated", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    public static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    /// <summary>The recipe with the fields that <c>--set</c> changes.</summary>
    public static Recipe Configure(Recipe recipe, string[]? settings)
    {
        foreach (string setting in settings ?? [])
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new UsageException($"--set is '{Recipes.Json.Names.Shown(setting)}'; expected PATH=VALUE, such as training.batch=32.");
            recipe = RecipeJson.Override(recipe, setting[..equals], setting[(equals + 1)..]);
        }
        return recipe;
    }

    /// <summary>The folder for decoded data, or null for none.</summary>
    public static string? CacheFolder(ParseResult parsed, Option<string?> cache, Option<bool> noCache)
    {
        string? given = parsed.GetValue(cache);
        if (parsed.GetValue(noCache))
        {
            if (given is not null)
                throw new UsageException("--cache and --no-cache contradict each other; leave one out.");
            return null;
        }
        return given ?? DefaultCacheFolder();
    }

    /// <summary>The recipe, going on without bad recordings where the option says so.</summary>
    public static DataRecipe SkipBad(ParseResult parsed, Option<bool> skipBad, DataRecipe recipe)
    {
        if (!parsed.GetValue(skipBad))
            return recipe;
        return DataRecipes.SkippingBad(recipe)
            ?? throw new UsageException($"--skip-bad is for data sets of recordings; '{DataRecipes.Describe(recipe).Name}' is none, so leave it out.");
    }

    private static string? DefaultCacheFolder()
    {
        string home = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.IsPathRooted(home) ? Path.Combine(home, "volley") : null;
    }
}
