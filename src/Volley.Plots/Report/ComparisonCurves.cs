namespace Volley.Plots;

/// <summary>The learning curves of several groups of runs, one colour each.</summary>
internal static class ComparisonCurves
{
    public static Section Section(IReadOnlyList<RunGroup> groups)
    {
        var blocks = new List<Block>();
        // As in the report of one run: an axis of shares does not end beyond 100 %.
        var share = new Axis("samples classified correctly")
        {
            Format = NumberFormat.Percent,
            Max = groups.SelectMany(g => g.Runs).SelectMany(r => r.Epochs).Any(e => e.TrainAccuracy > 0.9 || e.ValidAccuracy > 0.9) ? 1 : null,
        };
        Add("Validation accuracy", e => e.ValidAccuracy, share);
        Add("Training accuracy", e => e.TrainAccuracy, share);
        Add("Validation loss", e => e.ValidLoss, new Axis("mean loss") { FromZero = true });
        Add("Training loss", e => e.TrainLoss, new Axis("mean loss") { FromZero = true });
        if (groups.Count > 1)
            OverTime();
        Add("Spikes", e => e.SpikesPerNeuron, new Axis("spikes per neuron and sample") { FromZero = true });
        if (groups.Any(g => g.IsSeveral))
            blocks.Add(new Paragraph("Bold lines are means over seeds, up to the last epoch that all of them reached, with a band of ± one standard deviation where there are several; thin lines are single runs."));
        return new Section("Learning", blocks);

        void Add(string title, Func<EpochRow, double> value, Axis y)
        {
            Series[] lines = [.. groups.Select(g => Line(g, value)).OfType<Series>()];
            if (lines.Any(l => l.Y.Any(double.IsFinite)))
                blocks.Add(new Figure(new LineChart { Title = title, Series = lines, X = new Axis("epoch") { Format = NumberFormat.Whole }, Y = y }));
        }

        // What matters to who waits: the same curve over the time that training took.
        void OverTime()
        {
            Series[] lines = [.. groups.Select(g => OverSeconds(g.Name, g.Runs[0]))];
            if (lines.Any(l => l.Y.Any(double.IsFinite)))
                blocks.Add(new Figure(
                    new LineChart { Title = "Validation accuracy over time", Series = lines, X = new Axis("training time", "s"), Y = share },
                    groups.Any(g => g.IsSeveral) ? "The first run of each group." : ""));
        }
    }

    /// <summary>The mean with its deviation where the group is several runs.</summary>
    internal static Series Line(RunGroup group, Func<EpochRow, double> value)
    {
        int[] epochs = [.. group.Runs.SelectMany(r => r.Epochs).Select(e => e.Epoch).Distinct().Order()];
        double[] x = [.. epochs.Select(e => (double)e)];
        var each = group.Runs.ToDictionary<RunRecord, RunRecord, double[]>(run => run, At, ReferenceEqualityComparer.Instance);
        double[] At(RunRecord run)
        {
            var values = run.Epochs.GroupBy(e => e.Epoch).ToDictionary(e => e.Key, e => value(e.Last()));
            return [.. epochs.Select(e => values.GetValueOrDefault(e, double.NaN))];
        }
        if (!group.IsSeveral)
            return new Series(group.Name, x, each[group.Runs[0]]);
        Estimate[] over = [.. Enumerable.Range(0, epochs.Length).Select(i => group.Over(run => each[run][i]))];
        return Series.WithSpread(group.Name, x, [.. over.Select(o => o.Mean)], [.. over.Select(o => o.Deviation)]) with { Each = [.. each.Values] };
    }

    private static Series OverSeconds(string name, RunRecord run)
    {
        var (x, y, total) = (new List<double>(), new List<double>(), 0.0);
        foreach (EpochRow epoch in run.Epochs.Where(e => double.IsFinite(e.Seconds)))
        {
            x.Add(total += Math.Max(0, epoch.Seconds));
            y.Add(epoch.ValidAccuracy);
        }
        return new Series(name, x, y);
    }
}
