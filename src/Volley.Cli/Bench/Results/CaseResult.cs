using System.Globalization;
using System.Text.Json.Serialization;

namespace Volley.Cli.Bench;

/// <summary>A measured case: a row of a table, a line of <c>--json</c>, an entry of a result set.</summary>
/// <param name="Case">Its name, and its peer in parentheses where it is one.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Threads">Threads it ran on.</param>
/// <param name="MsMedian">Median of the runs, in milliseconds.</param>
/// <param name="MsMin">The fastest run.</param>
/// <param name="Runs">How many there were.</param>
/// <param name="AllocatedBytes">Managed memory that a run took.</param>
/// <param name="Work">What the case cannot do without.</param>
/// <param name="Limits">What the machine did at most.</param>
internal sealed record CaseResult(string Case, string Shape, int Threads, double MsMedian, double MsMin, int Runs, long AllocatedBytes, Work Work, Limits Limits)
{
    /// <summary>What ours is measured against here; null for ours.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Peer { get; init; }

    /// <summary>Samples that a run goes through; 0 where that says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Samples { get; init; }

    /// <summary>Bytes of the tensors that a run holds; 0 where that says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long MemoryBytes { get; init; }

    public double FloorMs => Significant(Limits.FloorMs(Work));

    /// <summary>Floor by median: 1 is the floor itself.</summary>
    public double FractionOfFloor => Significant(Limits.FloorMs(Work) / MsMedian);

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SamplesPerSecond => Samples == 0 ? null : Significant(1e3 * Samples / MsMedian);

    /// <summary>The part in front of the slash.</summary>
    [JsonIgnore]
    public string Group => Case.Split('/')[0];

    /// <summary>What tells it from the other cases of a set.</summary>
    [JsonIgnore]
    public (string Case, string Shape, int Threads) Key => (Case, Shape, Threads);

    /// <summary>Five digits: more than a clock is worth.</summary>
    public static double Significant(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
}
