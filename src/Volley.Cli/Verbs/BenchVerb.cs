using System.CommandLine;
using Volley.Cli.Bench;
using Volley.Recipes.Json;

namespace Volley.Cli.Verbs;

/// <summary><c>volley bench [GROUP…]</c>: measures, saves, compares, and writes the pages of saved results.</summary>
internal sealed class BenchVerb
{
    private readonly Terminal _terminal;
    private readonly Argument<string[]> _groups = new("GROUP") { Arity = ArgumentArity.ZeroOrMore, Description = "Groups of cases to run [default: all, or those of --compare]" };
    private readonly Option<string?> _out = CommonOptions.Text("--out", "FILE.json", "Also saves the results and the machine in this file, and a page with charts beside it");
    private readonly Option<string?> _compare = CommonOptions.Text("--compare", "OLD.json", "Also compares with these results; exit code 1 where a case got slower");
    private readonly Option<string?> _with = CommonOptions.Text("--with", "NEW.json", "With --compare: runs nothing and compares these results");
    private readonly Option<string?> _results = CommonOptions.Text("--results", "DIR", "Runs nothing and writes the pages and charts of all results below this folder");
    private readonly Option<string?> _seconds = CommonOptions.Text("--seconds", "S", "Time a case is repeated for, at most [default: what each says, mostly 1]; never fewer than 7 runs");
    private readonly Option<string?> _threads = CommonOptions.Threads();
    private readonly Option<bool> _json = CommonOptions.Json();

    private BenchVerb(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var verb = new BenchVerb(terminal);
        var command = new Command("bench", "Measures kernels and networks against what the machine can do")
        {
            verb._groups, verb._out, verb._compare, verb._with, verb._results, verb._seconds, verb._threads, verb._json,
        };
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_results) is { } folder)
            return WritePages(parsed, folder);
        bool json = parsed.GetValue(_json);
        // What is compared with is read first: a mistake in it should not cost a run.
        ResultSet? old = parsed.GetValue(_compare) is { } compare ? ResultSet.Read(compare) : null;
        ResultSet current = parsed.GetValue(_with) is { } with ? Saved(parsed, with) : Measured(parsed, old, json);
        if (old is null)
            return ExitCode.Done;
        var comparison = new Comparison(old, current);
        if (comparison.Cases.Count == 0)
            throw new InvalidDataException($"'{parsed.GetValue(_compare)}' and what it is compared with have no case in common; name the same groups and run on as many threads.");
        ComparisonView.Write(comparison, json, _terminal.Out);
        return comparison.Summary.Slower > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private ResultSet Measured(ParseResult parsed, ResultSet? old, bool json)
    {
        string[] groups = parsed.GetValue(_groups) ?? [];
        if (groups.FirstOrDefault(group => !BenchCommand.Groups.Contains(group)) is { } unknown)
            throw new UsageException($"There is no benchmark group '{Names.Shown(unknown)}'{Names.Suggest(unknown, [.. BenchCommand.Groups])}");
        if (groups.Length == 0 && old is not null)
        {
            groups = [.. BenchCommand.Groups.Intersect(old.Cases.Select(r => r.Group))];
            if (groups.Length == 0)
                throw new InvalidDataException($"'{parsed.GetValue(_compare)}' has no case of a group that can be run; the groups are {string.Join(", ", BenchCommand.Groups)}.");
        }
        string? file = parsed.GetValue(_out);
        if (file is not null && !file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--out is '{Names.Shown(file)}'; expected a name that ends in .json: a page and charts are written beside it.");
        if (file is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            throw new UsageException($"--out is '{Names.Shown(file)}', but its folder does not exist; create it first.");
        double? seconds = parsed.GetValue(_seconds) is null ? null : parsed.Seconds(_seconds, 0).TotalSeconds;
        ResultSet set = BenchCommand.Run(groups, json, parsed.Threads(_threads), seconds, _terminal.Out);
        if (file is not null)
        {
            set.Write(file);
            ResultPages.Write(ResultPages.Of(file, set));
        }
        return set;
    }

    private ResultSet Saved(ParseResult parsed, string file)
    {
        if (parsed.GetValue(_compare) is null)
            throw new UsageException("--with needs --compare OLD.json, the results to compare with.");
        Refuse(parsed, "--with, which runs nothing", _groups, _out, _seconds, _threads);
        return ResultSet.Read(file);
    }

    private int WritePages(ParseResult parsed, string folder)
    {
        Refuse(parsed, "--results, which runs nothing", _groups, _out, _compare, _with, _seconds, _threads, _json);
        foreach (string path in ResultPages.Write(ResultPages.Of(folder)))
            _terminal.Out.WriteLine($"wrote {path}");
        return ExitCode.Done;
    }

    private static void Refuse(ParseResult parsed, string beside, params ReadOnlySpan<Symbol> symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            bool given = symbol is Option option ? parsed.GetResult(option) is { Implicit: false } : parsed.GetResult((Argument)symbol) is { Tokens.Count: > 0 };
            if (given)
                throw new UsageException($"{symbol.Name} means nothing beside {beside}; leave it out.");
        }
    }
}
