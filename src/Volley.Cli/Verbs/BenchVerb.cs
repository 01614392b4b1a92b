using System.CommandLine;
using Volley.Cli.Bench;
using Volley.Recipes.Json;

namespace Volley.Cli.Verbs;

/// <summary><c>volley bench [GROUP…]</c>.</summary>
internal static class BenchVerb
{
    public static Command Create(Terminal terminal)
    {
        var groups = new Argument<string[]>("GROUP") { Arity = ArgumentArity.ZeroOrMore, Description = "Groups of cases to run [default: all]" };
        Option<string?> threads = CommonOptions.Threads(), output = CommonOptions.Text("--out", "FILE", "Also write the table to this file, as Markdown");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("bench", "Measures kernels and networks against what the machine can do") { groups, output, threads, json };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetValue(groups) ?? [];
            if (named.FirstOrDefault(group => !BenchCommand.Groups.Contains(group)) is { } unknown)
                throw new UsageException($"There is no benchmark group '{Names.Shown(unknown)}'{Names.Suggest(unknown, [.. BenchCommand.Groups])}");
            BenchCommand.Run(named, parsed.GetValue(json), parsed.GetValue(output), parsed.Threads(threads), terminal.Out);
            return ExitCode.Done;
        });
        return command;
    }
}
