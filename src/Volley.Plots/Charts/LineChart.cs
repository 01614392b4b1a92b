namespace Volley.Plots;

/// <summary>Points to be joined by a line.</summary>
/// <param name="Name">Stands at the line's end, or in the legend.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many values; one that is NaN or infinite leaves a gap.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Lower edge of a band around the line, such as mean − sd over seeds.</summary>
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>Upper edge of the band.</summary>
    public IReadOnlyList<double>? High { get; init; }

    /// <summary>Thin lines behind the line, over the same x: the single runs of a mean.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Each { get; init; } = [];

    /// <summary>A line with a band of ± <paramref name="spread"/>.</summary>
    public static Series WithSpread(string name, IReadOnlyList<double> x, IReadOnlyList<double> mean, IReadOnlyList<double> spread) => new(name, x, mean)
    {
        Low = [.. mean.Zip(spread, (m, s) => m - s)],
        High = [.. mean.Zip(spread, (m, s) => m + s)],
    };

    /// <summary>Values at 0, <paramref name="step"/>, 2·<paramref name="step"/>, …</summary>
    public static Series Even(string name, ReadOnlySpan<float> y, double start = 0, double step = 1)
    {
        var (xs, ys) = (new double[y.Length], new double[y.Length]);
        for (int i = 0; i < y.Length; i++)
            (xs[i], ys[i]) = (start + i * step, y[i]);
        return new Series(name, xs, ys);
    }
}

/// <summary>Lines over a common x: learning curves, scaling, anything that changes gradually.</summary>
public sealed record LineChart : Chart
{
    private const int MostEndLabels = 5;

    public required IReadOnlyList<Series> Series { get; init; }

    public Axis X { get; init; } = new();

    public Axis Y { get; init; } = new();

    /// <summary>Height in CSS pixels.</summary>
    public double Height { get; init; } = 250;

    /// <summary>Values of y worth a dashed line.</summary>
    public IReadOnlyList<ReferenceLine> Levels { get; init; } = [];

    /// <summary>Values of x worth a dashed line.</summary>
    public IReadOnlyList<ReferenceLine> Marks { get; init; } = [];

    internal override double Draw(Svg svg, string id)
    {
        Require.SameLength(Series);
        Extent x = Extent.Empty, y = Extent.Empty;
        foreach (Series series in Series)
        {
            for (int i = 0; i < series.X.Count; i++)
            {
                foreach (IReadOnlyList<double> each in series.Each)
                {
                    if (Scale.CanShow(series.X[i], X.Logarithmic) && Scale.CanShow(each[i], Y.Logarithmic))
                        (x, y) = (x.Include(series.X[i], X.Logarithmic), y.Include(each[i], Y.Logarithmic));
                }
                if (!Scale.CanShow(series.X[i], X.Logarithmic) || !Scale.CanShow(series.Y[i], Y.Logarithmic))
                    continue;
                x = x.Include(series.X[i], X.Logarithmic);
                y = y.Include(series.Y[i], Y.Logarithmic);
                if (series.Low is { } low && series.High is { } high)
                    y = y.Include(low[i], Y.Logarithmic).Include(high[i], Y.Logarithmic);
            }
        }
        if (!y.IsEmpty)
            y = y.Include(Levels.Select(l => l.Value), Y.Logarithmic);

        string[] names = [.. Series.Select(s => s.Name)];
        double widest = names.Select(TextMetrics.Width).DefaultIfEmpty(0).Max();
        bool atEnds = names.Length is > 1 and <= MostEndLabels && widest <= Width * 0.24;
        double top = names.Length > 1 && !atEnds ? Legend.Draw(svg, 0, 0, Width, names, lines: true) : 0;
        var area = new Box(0, top, Width - (atEnds ? widest + 18 : 10), top + Height);
        if (Frame.Draw(svg, area, X, x, Y, y) is not { } frame)
        {
            Frame.NoData(svg, new Box(0, top, Width, area.Bottom));
            return area.Bottom;
        }

        foreach (ReferenceLine level in Levels)
            level.DrawAcross(svg, frame);
        foreach (ReferenceLine mark in Marks)
            mark.DrawUp(svg, frame);
        Clip.Open(svg, id + "-clip", frame.Plot);
        for (int i = 0; i < Series.Count; i++)
        {
            if (Series[i] is { Low: { } low, High: { } high })
                svg.Path(Curve.Band(Series[i].X, low, high, frame.X, frame.Y), "b " + Palette.SeriesClass(i));
        }
        for (int i = 0; i < Series.Count; i++)
        {
            foreach (IReadOnlyList<double> each in Series[i].Each)
                svg.Path(Curve.Line(Series[i].X, each, frame.X, frame.Y), Palette.LineClass(i) + " thin faint");
        }
        for (int i = 0; i < Series.Count; i++)
        {
            svg.Path(Curve.Line(Series[i].X, Series[i].Y, frame.X, frame.Y), Palette.LineClass(i));
            foreach (var run in Curve.Runs(Series[i].X, Series[i].Y, frame.X, frame.Y).Where(r => r.Count == 1))
                svg.Dot(run[0].X, run[0].Y, 2.5, "f " + Palette.SeriesClass(i));
        }
        svg.Close();
        if (atEnds)
            DrawEndLabels(svg, frame);
        return area.Bottom;
    }

    private void DrawEndLabels(Svg svg, Frame frame)
    {
        int[] shown = [.. Enumerable.Range(0, Series.Count).Where(i => Last(Series[i]) >= 0)];
        double[] ends = [.. shown.Select(i => Math.Clamp(frame.Y.Map(Series[i].Y[Last(Series[i])]), frame.Plot.Top, frame.Plot.Bottom))];
        double[] places = Legend.Spread(ends, TextMetrics.LineHeight - 1, frame.Plot.Top + 2, frame.Plot.Bottom - 2);
        for (int k = 0; k < shown.Length; k++)
        {
            Series series = Series[shown[k]];
            double x = Math.Clamp(frame.X.Map(series.X[Last(series)]), frame.Plot.Left, frame.Plot.Right);
            svg.Path(new PathData().Move(x, ends[k]).Line(Math.Max(x, frame.Plot.Right) + 4, ends[k]).Line(frame.Plot.Right + 12, places[k]).ToString(), "w faint dash " + Palette.SeriesClass(shown[k]));
            svg.Dot(x, ends[k], 3, "f " + Palette.SeriesClass(shown[k]));
            svg.Label(frame.Plot.Right + 16, places[k] + 4, series.Name, "t");
        }
    }

    private int Last(Series series)
    {
        int i = series.X.Count - 1;
        while (i >= 0 && !(Scale.CanShow(series.X[i], X.Logarithmic) && Scale.CanShow(series.Y[i], Y.Logarithmic)))
            i--;
        return i;
    }

    internal override string Describe()
    {
        IEnumerable<string> parts = Series.Select(s =>
        {
            int last = Last(s);
            int first = 0;
            while (first < last && !(Scale.CanShow(s.X[first], X.Logarithmic) && Scale.CanShow(s.Y[first], Y.Logarithmic)))
                first++;
            return last < 0 ? $"{s.Name}: no data" : $"{s.Name}: from {Numbers.Format(s.Y[first], Y.Format)} to {Numbers.Format(s.Y[last], Y.Format)}";
        });
        return $"Line chart of {Or(Y.Caption, "values")} over {Or(X.Caption, "x")}. {string.Join("; ", parts)}.";
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
