using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Volley.Cli.Verbs;
using Volley.Recipes.Json;

namespace Volley.Cli;

/// <summary>The <c>volley</c> tool: from arguments to an exit code.</summary>
internal static class Tool
{
    public static int Run(string[] args, Terminal terminal)
    {
        try
        {
            RootCommand root = Root(terminal);
            ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            RefuseUnknownOptions(parsed);
            if (parsed.Action is ParseErrorAction)
                throw Wrong(root, parsed);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = terminal.Out, Error = terminal.Error });
        }
        // The one place that turns failures into words.
        catch (Exception failure)
        {
            return Failures.Report(failure, terminal.Error);
        }
    }

    private static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Volley trains spiking neural networks that learn from time. Begin with: volley train");
        root.Subcommands.Add(TrainVerb.Create(terminal));
        root.Subcommands.Add(EvalVerb.Create(terminal));
        root.Subcommands.Add(CompareVerb.Create(terminal));
        root.Subcommands.Add(InspectVerb.Create(terminal));
        root.Subcommands.Add(RecipesVerb.Create(terminal));
        root.Subcommands.Add(DataVerb.Create(terminal));
        root.Subcommands.Add(ReportVerb.Create(terminal));
        root.Subcommands.Add(BenchVerb.Create(terminal));
        return root;
    }

    private static UsageException Wrong(RootCommand root, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = command == root ? "volley" : string.Join(' ', Path(parsed.CommandResult));
        string problem = parsed.Errors.Count > 0 ? parsed.Errors[0].Message.TrimEnd('.') : "this is not a complete command";
        string? unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (unknown is not null)
        {
            IReadOnlyList<string> known = [.. command.Subcommands.Select(c => c.Name), .. command.Options.Select(o => o.Name)];
            problem = $"'{Names.Shown(unknown)}' is not known here{Names.Suggest(unknown, known).TrimEnd('.', '?')}{(Names.Nearest(unknown, known) is null ? "" : "?")}";
        }
        return new UsageException($"{problem} (see: {path} --help).");
    }

    /// <summary>The parser takes an unknown option for an argument: --epoch=3 would be a recipe's name.</summary>
    private static void RefuseUnknownOptions(ParseResult parsed)
    {
        IEnumerable<string> values = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        foreach (string value in values.Concat(parsed.UnmatchedTokens))
        {
            if (!value.StartsWith('-') || value.Length < 2)
                continue;
            string name = value.Split('=')[0];
            string[] known = [.. parsed.CommandResult.Command.Options.Select(option => option.Name)];
            throw new UsageException($"There is no option '{Names.Shown(name)}'{Names.Suggest(name, known)}");
        }
    }

    private static List<string> Path(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
            names.Insert(0, command.Command is RootCommand ? "volley" : command.Command.Name);
        return names;
    }
}
