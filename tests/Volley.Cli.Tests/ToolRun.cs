using System.Text.Json.Nodes;

namespace Volley.Cli.Tests;

/// <summary>What a call of the tool wrote and how it ended.</summary>
internal sealed record ToolRun(int Code, string Out, string Error)
{
    public static ToolRun Of(params string[] args) => With(CancellationToken.None, args);

    public static ToolRun With(CancellationToken interrupted, params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = Tool.Run(args, new Terminal(output, error, Interactive: false, interrupted));
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Every line as a JSON object.</summary>
    public JsonObject[] Json => [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public JsonObject Last => Json[^1];

    /// <summary>One sentence, no stack trace.</summary>
    public ToolRun Fails(int code, params string[] words)
    {
        Assert.Equal(code, Code);
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), text => text.StartsWith("volley: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error);
        Assert.DoesNotContain("bug", line);
        Assert.EndsWith(line[^1..], line.TrimEnd());
        foreach (string word in words)
            Assert.Contains(word, line);
        return this;
    }

    public ToolRun Succeeds()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Error}");
        Assert.Equal("", Error);
        return this;
    }
}
