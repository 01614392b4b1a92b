using System.Globalization;
using System.Text.Json;

namespace Volley.Architecture.Tests;

/// <summary>The table of results in the README, made from <c>recipes/*/result.json</c>: numbers carry their origin.</summary>
internal static class ResultsTable
{
    public const string Begin = "<!-- results -->", End = "<!-- /results -->";

    public static string[] Lines()
    {
        string[] files = [.. Directory.GetFiles(Repository.PathOf("recipes"), "result.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            return ["No result is committed yet."];
        return ["| recipe | data | test accuracy | of the last epoch | seeds | parameters | seconds an epoch |", "|---|---|--:|--:|--:|--:|--:|", .. files.Select(Row)];
    }

    private static string Row(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement result = document.RootElement;
        string path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
        int seeds = result.TryGetProperty("seeds", out JsonElement list) ? list.GetArrayLength() : 1;
        string folds = result.TryGetProperty("folds", out JsonElement parts) && parts.ValueKind == JsonValueKind.Array ? $", {parts.GetArrayLength()} folds" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"| [{result.GetProperty("recipe").GetString()}]({path}) | {result.GetProperty("dataset").GetString()}{folds} | {WithDeviation(result, "test_accuracy")} | {WithDeviation(result, "last_test_accuracy")} | {seeds} | {Number(result, "parameters"):#,0} | {Number(result, "seconds_per_epoch"):0.0} |");
    }

    private static string WithDeviation(JsonElement result, string name) =>
        Percent(Number(result, name)) + (Number(result, name + "_sd") is { } deviation ? $" ± {Percent(deviation)}" : "");

    private static double? Number(JsonElement result, string name) =>
        result.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string Percent(double? fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.00} %");
}
