using System.Text;
using System.Text.Json;

namespace Volley.Plots;

/// <summary>Which fields several recipes do not share.</summary>
public static class RecipeDifferences
{
    /// <summary>What stands for a field that a recipe does not have.</summary>
    public const string Absent = Numbers.Missing;

    /// <summary>Fields that say what a recipe is about, not what it does.</summary>
    private static readonly string[] Ignored = ["name", "description", "expected", "cost", "seeds", "folds"];

    /// <summary>
    /// A row for each field that differs, in the order in which the recipes name them: its path, such as <c>training.optimizer.rate</c>, and its value in each recipe. A list of numbers or
    /// texts is one field. A text that is no JSON object has no fields.
    /// </summary>
    public static IReadOnlyList<(string Path, IReadOnlyList<string> Values)> Of(IReadOnlyList<string> recipes)
    {
        var order = new List<string>();
        var fields = recipes.Select(Fields).ToArray();
        foreach (string path in fields.SelectMany(f => f.Order))
        {
            if (!order.Contains(path))
                order.Add(path);
        }
        return [.. order
            .Select(path => (path, (IReadOnlyList<string>)[.. fields.Select(f => f.Values.GetValueOrDefault(path, Absent))]))
            .Where(row => row.Item2.Distinct(StringComparer.Ordinal).Skip(1).Any())];
    }

    private static (List<string> Order, Dictionary<string, string> Values) Fields(string json)
    {
        var (order, values) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json.Length == 0 ? "{}" : json));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty member in document.RootElement.EnumerateObject())
                {
                    if (!Ignored.Contains(member.Name))
                        Add(member.Name, member.Value);
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // An escaped half of a surrogate pair is JSON, but no text.
            return ([], []);
        }
        return (order, values);

        void Add(string path, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty member in value.EnumerateObject())
                    Add($"{path}.{member.Name}", member.Value);
            }
            else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(v => v.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
            {
                int i = 0;
                foreach (JsonElement item in value.EnumerateArray())
                    Add($"{path}[{i++}]", item);
            }
            else
            {
                if (!values.ContainsKey(path))
                    order.Add(path);
                values[path] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ValueKind == JsonValueKind.Array ? List(value) : value.GetRawText();
            }
        }
    }

    private static string List(JsonElement array) => string.Join(", ", array.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString() : v.GetRawText()));
}
