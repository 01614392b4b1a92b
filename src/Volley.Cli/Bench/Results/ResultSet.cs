using System.Text;
using System.Text.Json;
using Volley.Cli.Runs;
using Volley.Recipes.Json;
using Volley.Serialization;

namespace Volley.Cli.Bench;

/// <summary>The cases of one run and the machine they ran on: <c>bench --out FILE.json</c>.</summary>
/// <param name="Format"><see cref="CurrentFormat"/>.</param>
/// <param name="Date">The day, as year-month-day.</param>
/// <param name="Machine">Processor, cores, width, system, runtime, commit.</param>
/// <param name="Cases">What was measured, in its order.</param>
internal sealed record ResultSet(string Format, string Date, RunEnvironment Machine, IReadOnlyList<CaseResult> Cases)
{
    public const string CurrentFormat = "volley-bench-1";

    /// <summary>A larger file is refused before it is read; 900 cases take 0.4 MB.</summary>
    private const long MostBytes = 32 << 20;

    private const int LongestText = 200;

    private const int MostCases = 10_000;

    /// <summary>The best that the machine was measured to do, for each number of threads and working-set size.</summary>
    public IReadOnlyList<MachineLimit> Limits =>
    [
        .. Cases.GroupBy(c => c.Threads).OrderBy(g => g.Key).Select(threads => new MachineLimit(threads.Key, threads.Max(c => c.Limits.PeakGflops),
            [.. threads.GroupBy(c => MachineLimits.Size(c.Work.WorkingSet)).OrderBy(g => g.Key).Select(size => new SizeLimit(size.Key, size.Max(c => c.Limits.BandwidthGbs)))])),
    ];

    /// <summary>Reads a result set; the file is not trusted.</summary>
    /// <exception cref="InvalidDataException">The file is none; says why.</exception>
    public static ResultSet Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}' of benchmark results.");
        if (new FileInfo(path).Length > MostBytes)
            throw Damaged(path, $"it is larger than {MostBytes >> 20} MiB");
        try
        {
            ResultSet set = JsonSerializer.Deserialize(File.ReadAllBytes(path), BenchJsonContext.Default.ResultSet) ?? throw Damaged(path, "it is null");
            return set.Problem() is { } problem ? throw Damaged(path, problem) : set;
        }
        // An escaped half of a surrogate pair is no JSON either, but says so differently.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw Damaged(path, failure.Message, failure);
        }
    }

    /// <summary>Replaces a file by this set: a case a line, so that differences can be read.</summary>
    public void Write(string path)
    {
        BenchJsonContext json = BenchJson.Lines;
        var text = new StringBuilder("{\n");
        text.Append("  \"format\": ").Append(JsonSerializer.Serialize(Format, json.String)).Append(",\n  \"date\": ").Append(JsonSerializer.Serialize(Date, json.String));
        text.Append(",\n  \"machine\": ").Append(JsonSerializer.Serialize(Machine, json.RunEnvironment));
        List(text, "limits", Limits.Select(limit => JsonSerializer.Serialize(limit, json.MachineLimit)));
        List(text, "cases", Cases.Select(result => JsonSerializer.Serialize(result, json.CaseResult)));
        AtomicFile.WriteText(path, text.Append("\n}\n").ToString());
    }

    private static void List(StringBuilder text, string name, IEnumerable<string> lines) =>
        text.Append(",\n  \"").Append(name).Append("\": [").Append(string.Join(",", lines.Select(line => "\n    " + line))).Append("\n  ]");

    /// <summary>What cannot be; null where all is well.</summary>
    private string? Problem()
    {
        if (Format != CurrentFormat)
            return $"its format is '{Names.Shown(Format)}'; expected '{CurrentFormat}'";
        if (Cases.Count > MostCases)
            return $"it has {Cases.Count} cases; at most {MostCases} are read";
        if (new[] { Date, Machine.Cpu, Machine.Architecture, Machine.Os, Machine.Dotnet, Machine.Volley, Machine.Commit ?? "", Machine.Width }.Any(text => text.Length > LongestText || text.Any(char.IsControl)))
            return $"its machine or date is no text of up to {LongestText} characters in a line";
        var keys = new HashSet<(string, string, int)>();
        for (int i = 0; i < Cases.Count; i++)
        {
            // A list may hold nulls whatever its type says.
            string? problem = Cases[i] is not { } result ? "is null" : Problem(result) ?? (keys.Add(result.Key) ? null : "is there twice");
            if (problem is not null)
                return $"case {i + 1} {problem}";
        }
        return null;
    }

    private static string? Problem(CaseResult r)
    {
        if (r.Case.Length is 0 or > LongestText || r.Shape.Length > LongestText)
            return $"has no name and shape of up to {LongestText} characters";
        if (r.Case.Concat(r.Shape).Any(char.IsControl))
            return "has control characters in its name";
        if (!r.Case.TrimEnd('/').Contains('/', StringComparison.Ordinal))
            return $"is '{Names.Shown(r.Case)}'; expected GROUP/NAME";
        if (r.Threads is < 1 or > 1024)
            return $"has {r.Threads} threads; expected 1 to 1024";
        if (r.Runs < 1 || r.AllocatedBytes < 0 || r.Samples < 0 || r.MemoryBytes < 0)
            return "has a count below zero";
        if (!(r.MsMin > 0 && r.MsMedian >= r.MsMin && double.IsFinite(r.MsMedian)))
            return FormattableString.Invariant($"has a median of {r.MsMedian} ms and a minimum of {r.MsMin} ms; expected positive times, the minimum first");
        if (!IsPositive(r.Limits.PeakGflops) || !IsPositive(r.Limits.BandwidthGbs))
            return "has limits of the machine that are not positive";
        if (!(r.Work.Flops >= 0 && r.Work.Bytes >= 0 && r.Work.WorkingSet >= 0 && IsPositive(r.Limits.FloorMs(r.Work))))
            return "has work that cannot be";
        return null;
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    private static InvalidDataException Damaged(string path, string why, Exception? failure = null) =>
        new($"'{path}' is no set of benchmark results: {why.TrimEnd('.')}.", failure);
}

/// <summary>The machine on so many threads.</summary>
internal sealed record MachineLimit(int Threads, double PeakGflops, IReadOnlyList<SizeLimit> Bandwidths);

/// <summary>Bandwidth over arrays of this size together.</summary>
internal sealed record SizeLimit(long Bytes, double BandwidthGbs);
