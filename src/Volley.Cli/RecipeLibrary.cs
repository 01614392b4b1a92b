using System.Reflection;
using Volley.Recipes;

namespace Volley.Cli;

/// <summary>Recipes by name, from those that are built in, or by path.</summary>
internal static class RecipeLibrary
{
    /// <summary>What <c>train</c> takes when it is given nothing.</summary>
    public const string Default = "quickstart";

    private const string Prefix = "recipes/", FileName = "recipe.json";

    /// <summary>The names of the built-in recipes, the default one first.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^(FileName.Length + 1)])
            .OrderBy(name => name == Default ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The recipe that <paramref name="what"/> names: a built-in one, a JSON file, or a folder with a <c>recipe.json</c>.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    /// <exception cref="RecipeException">It is none that can be used.</exception>
    public static Recipe Find(string what)
    {
        if (Names.Contains(what))
            return BuiltIn(what);
        if (File.Exists(what))
            return Read(what);
        if (Directory.Exists(what) && Path.Combine(what, FileName) is { } inside && File.Exists(inside))
            return Read(inside);
        string shown = Volley.Recipes.Json.Names.Shown(what);
        if (Directory.Exists(what))
            throw new UsageException($"The folder '{shown}' holds no {FileName}; pass a recipe's name or its JSON file.");
        if (what.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || what.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new UsageException($"There is no recipe file '{shown}'; pass the path of one, or a name that 'volley recipes' lists.");
        throw new UsageException($"There is no recipe '{shown}'{Volley.Recipes.Json.Names.Suggest(what, Names)}");
    }

    public static Recipe BuiltIn(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{name}/{FileName}")!;
        using var reader = new StreamReader(stream);
        return RecipeJson.Read(reader.ReadToEnd(), $"recipe {name}");
    }

    /// <summary>Reads a recipe's file.</summary>
    public static Recipe Read(string path) => RecipeJson.Read(File.ReadAllText(path), path);
}
