using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Volley.Recipes.Json;

/// <summary>Replaces one node of a document by its path. Whether the member exists is for the reader to say, which knows all names.</summary>
internal static class JsonOverride
{
    /// <summary>Members that name the record of a union; another record has other members, so setting one starts afresh.</summary>
    private static readonly string[] Discriminators = ["kind", "architecture"];

    public static void Set(JsonNode root, string source, string path, JsonNode? value)
    {
        string[] steps = Split(source, path);
        JsonNode node = root;
        for (int i = 0; i < steps.Length - 1; i++)
            node = Enter(node, source, steps, i);
        Put(node, source, steps, value);
    }

    private static string[] Split(string source, string path)
    {
        string[] steps = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        if (steps.Length > StrictJson.MaxDepth || steps.Any(string.IsNullOrWhiteSpace))
            throw new RecipeException(source, "this is not a path like training.epochs or model.hidden[0].");
        return steps;
    }

    private static JsonNode Enter(JsonNode node, string source, string[] steps, int i)
    {
        if (node is JsonArray list)
            return list[Index(list, source, steps, i)] ?? throw NoMembers(source, steps, i + 1, null);
        if (node is not JsonObject members)
            throw NoMembers(source, steps, i, node);
        if (members[steps[i]] is not { } child)
            members[steps[i]] = child = new JsonObject();
        return child;
    }

    private static void Put(JsonNode node, string source, string[] steps, JsonNode? value)
    {
        int last = steps.Length - 1;
        string name = steps[last];
        if (node is JsonArray list)
        {
            list[Index(list, source, steps, last)] = value;
            return;
        }
        if (node is not JsonObject members)
            throw NoMembers(source, steps, last, node);
        if (Discriminators.Contains(name) && members[name]?.ToJsonString() != value?.ToJsonString())
            members.Clear();
        members[name] = value;
    }

    private static int Index(JsonArray list, string source, string[] steps, int i)
    {
        if (int.TryParse(steps[i], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count)
            return index;
        throw new RecipeException(source, $"'{Names.Shown(string.Join('.', steps[..i]))}' is a list with the items 0 to {list.Count - 1}.");
    }

    private static RecipeException NoMembers(string source, string[] steps, int i, JsonNode? node) =>
        new(source, $"'{Names.Shown(string.Join('.', steps[..i]))}' is {(node?.GetValueKind() == JsonValueKind.String ? "text" : "a single value")} and has no member '{Names.Shown(steps[i])}'.");
}
