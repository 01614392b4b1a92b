using System.Globalization;
using System.Text.Json;
using Volley.Cli.Views;

namespace Volley.Cli.Bench;

/// <summary>Shows a comparison: a table and a sentence, or a JSON object a case and one for all.</summary>
internal static class ComparisonView
{
    public static void Write(Comparison comparison, bool json, TextWriter output)
    {
        if (json)
        {
            foreach (ComparedCase compared in comparison.Cases)
                output.WriteLine(JsonSerializer.Serialize(compared, BenchJson.Lines.ComparedCase));
            output.WriteLine(JsonSerializer.Serialize(comparison.Summary, BenchJson.Lines.ComparisonSummary));
            return;
        }
        var table = new TextTable("case", "shape", ">threads", ">old ms", ">new ms", ">machine", ">ratio", ">of minima", ">noise", "");
        foreach (ComparedCase c in comparison.Cases)
        {
            table.Add(c.Case, c.Shape, c.Threads.ToString(CultureInfo.InvariantCulture), ResultText.Number(c.OldMs), ResultText.Number(c.NewMs), Ratio(c.Machine), Ratio(c.Ratio),
                Ratio(c.RatioOfMin), Ratio(c.Noise), c.Verdict == Verdict.Same ? "" : c.Verdict);
        }
        table.Write(output);
        output.WriteLine(Sentence(comparison.Summary));
    }

    private static string Sentence(ComparisonSummary s) => string.Create(CultureInfo.InvariantCulture,
        $"Of {s.Compared} cases {s.Slower} got slower and {s.Faster} faster beyond noise, the speed of the machine taken out; {s.OnlyOld} are only in the old set, {s.OnlyNew} only in the new one.");

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
