using System.Text.Json.Nodes;

namespace Volley.Cli.Tests;

/// <summary>Run folders that somebody else made, cut short or changed: a page, or one sentence that names the file, and never a crash.</summary>
public sealed class DamagedRunTests : IDisposable
{
    private static readonly string[] Files = ["recipe.json", "data.json", "environment.json", "metrics.jsonl", "result.json", "activity.json"];

    private readonly Place _place = new();

    private string Run => _place["run"];

    public DamagedRunTests()
    {
        ToolRun.Of(_place.Tiny("run", "--set", "model.neuron=psn")).Succeeds();
    }

    [Fact]
    public void Any_member_may_be_missing_null_or_of_another_kind()
    {
        var messages = new List<string>();
        int pages = 0;
        foreach (string file in Files)
        {
            string path = Path.Combine(Run, file), whole = File.ReadAllText(path), json = file == "metrics.jsonl" ? whole.Split('\n')[0] : whole;
            foreach (string changed in Changes(json))
            {
                File.WriteAllText(path, changed);
                pages += Check(file, messages) ? 1 : 0;
            }
            File.WriteAllText(path, whole);
        }
        Assert.True(messages.Count == 0, string.Join("\n", messages.Take(5)));
        // Much of it is not needed for a page.
        Assert.True(pages > 20, $"{pages} pages");
    }

    [Fact]
    public void A_file_may_end_anywhere_or_not_be_there()
    {
        var messages = new List<string>();
        foreach (string file in Files)
        {
            string path = Path.Combine(Run, file);
            byte[] whole = File.ReadAllBytes(path);
            for (int i = 0; i < 12; i++)
            {
                File.WriteAllBytes(path, whole[..(whole.Length * i / 12)]);
                Check(file, messages);
            }
            File.Delete(path);
            Check(file, messages);
            File.WriteAllBytes(path, whole);
        }
        Assert.True(messages.Count == 0, string.Join("\n", messages.Take(5)));
    }

    [Fact]
    public void A_run_of_an_older_version_is_drawn_without_what_it_lacks()
    {
        string path = Path.Combine(Run, "activity.json");
        JsonObject activity = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (string member in new[] { "learned", "matrices", "curves" })
            Assert.True(activity.Remove(member), member);
        foreach (JsonNode? sample in activity["samples"]!.AsArray())
            Assert.True(sample!.AsObject().Remove("traces"));
        File.WriteAllText(path, activity.ToJsonString());
        path = Path.Combine(Run, "metrics.jsonl");
        File.WriteAllLines(path, File.ReadAllLines(path).Select(line =>
        {
            JsonObject epoch = JsonNode.Parse(line)!.AsObject();
            foreach (string member in new[] { "steps", "peak_memory_mb", "gradients" })
                Assert.True(epoch.Remove(member), member);
            return epoch.ToJsonString();
        }));
        ToolRun.Of("report", Run).Succeeds();
        string page = File.ReadAllText(Path.Combine(Run, "report.html"));
        Assert.Contains("Firing rate of each layer", page, StringComparison.Ordinal);
        foreach (string absent in new[] { "Gradient of each layer", "What was learned", "Membranes" })
            Assert.DoesNotContain(absent, page, StringComparison.Ordinal);
    }

    /// <summary>Whether a page came out.</summary>
    private bool Check(string file, List<string> messages)
    {
        ToolRun one = ToolRun.Of("report", Run), two = ToolRun.Of("report", Run, Run, "--out", _place["page.html"]);
        foreach (ToolRun run in new[] { one, two })
        {
            if (run.Code != 0 && (run.Error.Contains("bug in Volley", StringComparison.Ordinal) || run.Error.Trim().Split('\n').Length != 1))
                messages.Add($"{file}: {run.Error} after {File.Exists(Path.Combine(Run, file))}");
        }
        return one.Code == 0;
    }

    /// <summary>The text with one member changed, for members at every level.</summary>
    private static IEnumerable<string> Changes(string json)
    {
        foreach (string path in Paths(JsonNode.Parse(json)!, 40))
        {
            foreach (string value in new[] { "", "null", "-1", "1e300", "99999999999", "\"x\"", "[]", "[null]", "{}" })
            {
                JsonNode root = JsonNode.Parse(json)!;
                Set(root, path.Split('/'), value);
                yield return root.ToJsonString();
            }
        }
        foreach (string whole in new[] { "null", "[]", "1", "{}", "\u0000" })
            yield return whole;
    }

    private static IEnumerable<string> Paths(JsonNode node, int most) => Below(node, "").Take(most);

    private static IEnumerable<string> Below(JsonNode? node, string prefix)
    {
        // Of a list the first item stands for all.
        IEnumerable<(string Name, JsonNode? Node)> children = node switch
        {
            JsonObject members => members.Select(m => (m.Key, m.Value)),
            JsonArray { Count: > 0 } items => [("0", items[0])],
            _ => [],
        };
        foreach ((string name, JsonNode? child) in children)
        {
            string path = prefix.Length == 0 ? name : $"{prefix}/{name}";
            yield return path;
            foreach (string below in Below(child, path))
                yield return below;
        }
    }

    private static void Set(JsonNode root, string[] path, string value)
    {
        JsonNode node = root;
        foreach (string name in path[..^1])
            node = node is JsonArray items ? items[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!;
        if (node is JsonArray array)
            array[0] = value.Length == 0 ? null : JsonNode.Parse(value);
        else if (value.Length == 0)
            node.AsObject().Remove(path[^1]);
        else
            node[path[^1]] = JsonNode.Parse(value);
    }

    public void Dispose() => _place.Dispose();
}
