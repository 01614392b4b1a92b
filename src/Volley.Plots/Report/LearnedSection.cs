namespace Volley.Plots;

/// <summary>What neurons and synapses learned beside weights, as it was drawn and as it was kept.</summary>
internal static class LearnedSection
{
    /// <summary>The ratio of values from which on an axis is logarithmic.</summary>
    private const double FewDecades = 50;

    public static Section Of(RunRecord run)
    {
        var blocks = new List<Block>();
        blocks.AddRange(run.Learned.Select(Distribution));
        blocks.AddRange(run.Curves.Where(c => c.Lines.Count > 0).Select(Curves));
        blocks.AddRange(run.Matrices.SelectMany(Matrix));
        return new Section("What was learned", blocks);
    }

    private static Figure Distribution(LearnedDistribution learned)
    {
        string name = learned.Name is "a" or "b" ? "adaptation " + learned.Name : learned.Name;
        return new Figure(new Histogram
        {
            Title = Title(name, learned.Layer),
            Samples = [new Sample("before training", learned.Before), new Sample("after", learned.After)],
            X = new Axis(learned.Unit.Length == 0 ? name : $"{name}, {learned.Unit}") { Logarithmic = SpansDecades([.. learned.Before, .. learned.After]) },
            Y = new Axis(Counted(learned.Name)) { Format = NumberFormat.Whole },
        });
    }

    private static string Title(string name, string layer) => $"{RunReport.Capital(name)} in {layer}";

    private static string Counted(string name) => name switch
    {
        "delay" => "delays",
        "step Δ" => "channels",
        _ when name.Contains('Δ', StringComparison.Ordinal) => "modes",
        _ => "neurons",
    };

    /// <summary>Whether all values are positive, and a few that are far larger than the others would squeeze these into one bin.</summary>
    private static bool SpansDecades(double[] values)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        return known.Length > 0 && known.Min() > 0 && known.Max() / known.Min() > FewDecades;
    }

    private static Figure Curves(LearnedCurves curves) => new(
        new LineChart
        {
            Title = Title(curves.Name, curves.Layer),
            Series = [.. curves.Lines.Select(line => new Series(line.Name, [.. Enumerable.Range(0, line.After.Count).Select(i => (double)i)], line.After) { Each = [line.Before] })],
            X = new Axis(curves.X) { Format = NumberFormat.Whole },
            Height = 210,
            Width = curves.Lines.Count > 1 ? 900 : 440,
        },
        "Thin: before training.");

    /// <summary>After training, and how that differs from before: a drawn matrix is noise, against which the change would not show.</summary>
    private static IEnumerable<Figure> Matrix(LearnedMatrix matrix)
    {
        int every = (matrix.Steps + matrix.Size - 1) / matrix.Size;
        string caption = every > 1 ? $"Each cell is the mean of {Numbers.Format(every, NumberFormat.Whole)} × {Numbers.Format(every, NumberFormat.Whole)} weights." : "";
        Heatmap Of(string title, IReadOnlyList<double> values) => new()
        {
            Title = title,
            Values = values,
            Rows = matrix.Size,
            Columns = matrix.Size,
            CellStep = every,
            RowCaption = "output step",
            ColumnCaption = "input step",
            Width = 400,
        };
        yield return new Figure(Of($"Weights over time in {matrix.Layer}", matrix.After), caption);
        yield return new Figure(Of($"What training changed in {matrix.Layer}", [.. matrix.After.Zip(matrix.Before, (a, b) => a - b)]), caption);
    }
}
