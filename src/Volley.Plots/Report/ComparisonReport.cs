namespace Volley.Plots;

/// <summary>Several runs, or groups of runs such as the seeds of a recipe, on one page: what came out, where they differ, how each learned, how the nets fire.</summary>
public static class ComparisonReport
{
    /// <summary>A longer table waits to be opened: recipes of different kinds differ in everything.</summary>
    private const int MostOpenRows = 24;

    /// <summary>A page of single runs, each under its own name.</summary>
    public static ReportPage Build(IReadOnlyList<RunRecord> runs) => Build([.. runs.Select(RunGroup.Of)]);

    /// <summary>A page with one row and one colour a group. A group of several runs has its mean ± sd over seeds, and a thin line each run.</summary>
    /// <param name="groups">What is compared.</param>
    /// <param name="title">The heading; null for the groups' names.</param>
    /// <exception cref="ArgumentException">There is no group, or one without runs.</exception>
    public static ReportPage Build(IReadOnlyList<RunGroup> groups, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count == 0 || groups.Any(g => g.Runs.Count == 0))
            throw new ArgumentException($"A comparison of {groups.Count} groups has nothing to show; every group needs a run.", nameof(groups));
        var sections = new List<Section> { Results(groups), ComparisonCurves.Section(groups) };
        if (groups.Any(g => g.Runs.Any(r => r.Layers.Count > 0)))
            sections.Add(ComparisonActivity.Section(groups));
        sections.Add(Differences(groups));
        if (groups.SelectMany(g => g.Runs.Select(r => (g.Name, r.RecipeJson))).Where(r => r.RecipeJson.Length > 0).DistinctBy(r => r.Name).ToArray() is { Length: > 0 } recipes)
            sections.Add(new Section("To do it again", [.. recipes.Select(r => new Source(groups.Count == 1 ? "Recipe" : $"Recipe of {r.Name}", r.RecipeJson))]));
        return new ReportPage(title is not null ? title : groups.Count == 1 ? groups[0].Name : string.Join(" · ", groups.Take(4).Select(g => g.Name)) + (groups.Count > 4 ? " · …" : ""))
        {
            Subtitle = Subtitle(groups),
            Sections = sections,
            Footer = "Written by Volley.",
        };
    }

    private static string Subtitle(IReadOnlyList<RunGroup> groups)
    {
        int runs = groups.Sum(g => g.Runs.Count);
        string[] data = [.. groups.SelectMany(g => g.Runs).Select(r => r.Dataset).Where(d => d.Length > 0).Distinct()];
        string count = groups.Count == 1 || runs == groups.Count ? $"{Numbers.Format(runs, NumberFormat.Whole)} runs" : $"{Numbers.Format(runs, NumberFormat.Whole)} runs in {Numbers.Format(groups.Count, NumberFormat.Whole)} groups";
        return data.Length == 1 ? $"{count} on {data[0]}" : count;
    }

    private static Section Results(IReadOnlyList<RunGroup> groups)
    {
        var blocks = new List<Block>();
        if (DifferentData(groups) is { } warning)
            blocks.Add(new Paragraph(warning));
        blocks.Add(Table(groups.Count == 1 ? "" : "Side by side", groups));
        if (groups.Any(g => g.Runs.Any(r => r.Cost is not null)))
        {
            blocks.Add(new Paragraph(
                "Spikes are a neuron's; spikes, additions, multiply-adds and the energy of this arithmetic (8-bit integers to 32-bit floats at 45 nm, without memory) are of one test sample; an epoch's time is that of training; "
                + "a step is one of the network as a stream, on one thread."));
        }
        blocks.Add(new Paragraph(
            "The interval is Wilson's at 95%: how far chance in drawing n test samples carries the accuracy. Two runs whose intervals overlap widely are not told apart by these samples."
            + (groups.Any(g => g.Seeds > 1) ? " ± is the sample standard deviation over seeds: how far chance in training carries it." : "")
            + (groups.Any(g => g.Runs.Any(r => r.Figures.TestAccuracy?.Of.Contains("steps", StringComparison.Ordinal) == true)) ? " Time steps of one recording are not independent, so the true interval is wider." : "")));
        Interval[] accuracies = [.. groups.Select(g =>
        {
            (double low, double high) = g.TestAccuracy?.Interval ?? (double.NaN, double.NaN);
            return new Interval(g.Name, g.TestAccuracy?.Rate ?? double.NaN, low, high)
            {
                Each = g.IsSeveral ? [.. g.Runs.Select(r => r.Figures.TestAccuracy?.Rate ?? double.NaN)] : [],
            };
        })];
        if (accuracies.Any(a => double.IsFinite(a.Value)))
            blocks.Add(new Figure(
                new IntervalPlot { Title = "Test accuracy", Intervals = accuracies, Value = new Axis("test accuracy") { Format = NumberFormat.Percent }, Width = groups.Count == 1 ? 440 : 480 },
                groups.Any(g => g.IsSeveral) ? "With the 95% interval; small dots are single runs." : "With the 95% interval."));
        foreach (RunGroup group in groups.Where(g => g.IsSeveral))
        {
            RunGroup[] each = [.. group.Runs.Select(r => new RunGroup(RunName(r), [r]))];
            blocks.Add(Table(groups.Count == 1 ? "Every run" : $"Every run of {group.Name}", each) with { Folded = groups.Count > 1 });
        }
        return new Section("", blocks);
    }

    private static string RunName(RunRecord run) =>
        (run.Seed is { } seed ? $"seed {Numbers.Fixed(seed, 0)}" : run.Name) + (run.Fold.Length > 0 ? $", {run.Fold}" : "");

    /// <summary>A sentence where the groups did not see the same data; null where they did.</summary>
    private static string? DifferentData(IReadOnlyList<RunGroup> groups)
    {
        string[] names = [.. groups.Select(g => g.Runs[0].Dataset).Where(n => n.Length > 0).Distinct()];
        if (names.Length > 1)
            return $"These runs are of different data sets ({string.Join(", ", names)}): their accuracies do not compare.";
        string[][] sums = [.. groups.Select(g => g.Runs.Select(r => r.DataChecksum).Where(c => c.Length > 0).Distinct().Order(StringComparer.Ordinal).ToArray()).Where(s => s.Length > 0)];
        return sums.Length > 1 && sums.Skip(1).Any(s => !s.SequenceEqual(sums[0]))
            ? "These runs did not see the same samples or the same split of them (their checksums differ): compare their accuracies with care."
            : null;
    }

    private static DataTable Table(string caption, IReadOnlyList<RunGroup> groups)
    {
        (Column Column, Func<RunGroup, string> Text)[] columns =
        [
            (new("run", Numeric: false), g => g.Name),
            (new("seeds"), g => g.IsSeveral ? Numbers.Format(g.Seeds, NumberFormat.Whole) : ""),
            (new("epochs"), g => Estimate.Of([.. g.Runs.Select(r => (double)r.Epochs.Count)]).Mean is var e && e == Math.Floor(e) ? Numbers.Format(e, NumberFormat.Whole) : Numbers.Fixed(e, 1)),
            (new("test accuracy"), g => Known(g.Over(r => r.Figures.TestAccuracy?.Rate ?? double.NaN), NumberFormat.Percent)),
            (new("parameters"), g => Known(Estimate.Of([g.Runs[0].Figures.Parameters]), NumberFormat.Whole)),
            (new("spikes"), g => Decimals(g.Over(r => r.Figures.SpikesPerNeuron))),
            (new("additions"), g => Whole(g.Over(r => r.Figures.SynopsPerSample))),
            (new("multiply-adds"), g => Whole(g.Over(r => r.Cost is null ? double.NaN : r.Cost.Layers.Sum(l => l.MultiplyAdds + l.NeuronMultiplyAdds)))),
            (new("energy"), g => Energy(g)),
            (new("epoch"), g => Known(Estimate.Of([g.Over(r => r.Figures.SecondsPerEpoch).Mean]), NumberFormat.Seconds)),
            (new("step, µs"), g => g.Runs.Select(r => r.Figures.StepMicroseconds).FirstOrDefault(double.IsFinite, double.NaN) is var step && double.IsNaN(step) ? "" : Numbers.Fixed(step, 1)),
            (new("memory, MB"), g => Known(Estimate.Of([g.Runs.Max(r => r.Figures.PeakMemoryMb)]), NumberFormat.Whole)),
            (new("95% interval"), g => g.TestAccuracy?.DescribeInterval() ?? ""),
            (new("n"), g => g.TestAccuracy is { } accuracy ? Numbers.Format(accuracy.Count, NumberFormat.Whole) : ""),
            (new("recipe", Numeric: false), g => Shared(g, r => r.Name)),
            (new("data", Numeric: false), g => Shared(g, r => r.Dataset)),
        ];
        // What nobody knows, and what all recipes and data share, says nothing.
        var shown = columns.Where(c =>
        {
            string[] texts = [.. groups.Select(c.Text)];
            return texts.Any(t => t.Length > 0) && !(c.Column.Name is "recipe" or "data" or "seeds" or "epochs" && groups.Count > 1 && texts.Distinct().Count() == 1) && !(c.Column.Name == "recipe" && texts.SequenceEqual(groups.Select(g => g.Name)));
        }).ToArray();
        return new DataTable(caption, [.. shown.Select(c => c.Column)], [.. groups.Select(g => shown.Select(c => c.Text(g)).ToArray())]);
    }

    private static string Known(Estimate value, NumberFormat format) => double.IsNaN(value.Mean) ? "" : value.Describe(format);

    private static string Whole(Estimate value) => Known(Estimate.Of([Math.Round(value.Mean)]), NumberFormat.Whole);

    private static string Energy(RunGroup group)
    {
        double low = group.Over(r => r.Cost?.LowNanojoules ?? double.NaN).Mean, high = group.Over(r => r.Cost?.HighNanojoules ?? double.NaN).Mean;
        return double.IsFinite(low + high) ? CostSection.Energy(low, high) : "";
    }

    private static string Decimals(Estimate value) =>
        double.IsNaN(value.Mean) ? "" : Numbers.Fixed(value.Mean, 2) + (double.IsFinite(value.Deviation) ? $" ± {Numbers.Fixed(value.Deviation, 2)}" : "");

    private static string Shared(RunGroup group, Func<RunRecord, string> text) => string.Join(", ", group.Runs.Select(text).Distinct());

    private static Section Differences(IReadOnlyList<RunGroup> groups)
    {
        if (groups.Count == 1)
            return new Section("Machine", [new FactTable(groups[0].Runs[0].Environment)]);
        var columns = new List<Column> { new("", Numeric: false) };
        columns.AddRange(groups.Select(g => new Column(g.Name, Numeric: false)));
        var rows = RecipeDifferences.Of([.. groups.Select(g => g.Runs[0].RecipeJson)]);
        var blocks = new List<Block>
        {
            rows.Count == 0
                ? new Paragraph("The recipes say the same but for their seeds.")
                : new DataTable("Recipe fields that differ", columns, [.. rows.Select(row => (IReadOnlyList<string>)[row.Path, .. row.Values])]) { Folded = rows.Count > MostOpenRows },
        };
        string[] names = [.. groups.SelectMany(g => g.Runs[0].Environment).Select(f => f.Name).Distinct()];
        IReadOnlyList<string>[] machines = [.. names
            .Select(name => (IReadOnlyList<string>)[name, .. groups.Select(g => g.Runs[0].Environment.FirstOrDefault(f => f.Name == name)?.Value ?? Numbers.Missing)])
            .Where(row => row.Skip(1).Distinct().Count() > 1)];
        if (machines.Length > 0)
            blocks.Add(new DataTable("Machine and data where they differ", columns, machines));
        return new Section("Differences", blocks);
    }
}
