using System.Globalization;

namespace Volley.Plots;

/// <summary>
/// A matrix as colours: confusion, weights, delays. From the background (zero) to the full colour; where values are negative, two colours part at zero.
/// Small ones are rectangles that can carry text; large ones a picture of one pixel a value.
/// </summary>
public sealed record Heatmap : Chart
{
    /// <summary>More cells than this become a picture.</summary>
    public const int MostRectangles = 1600;

    private const double Faintest = 0.05;

    /// <summary>Row-major [<see cref="Rows"/>, <see cref="Columns"/>]; NaN and infinities stay empty.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Text in each cell, [<see cref="Rows"/>, <see cref="Columns"/>], shown where the cells have room.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    public IReadOnlyList<string>? RowNames { get; init; }

    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>What rows and columns without names are apart, such as the steps that a pooled row stands for.</summary>
    public double CellStep { get; init; } = 1;

    public string RowCaption { get; init; } = "";

    public string ColumnCaption { get; init; } = "";

    /// <summary>What the colours mean; fixed ends hold the scale equal over several charts.</summary>
    public Axis Value { get; init; } = new();

    /// <summary>Height of the matrix in CSS pixels; 0 makes its cells square.</summary>
    public double PlotHeight { get; init; }

    /// <summary>
    /// How often each true class (row) is taken for each class (column). <paramref name="counts"/> is row-major [classes, classes]; the colour is the share of the row,
    /// so that rare classes count as much as frequent ones.
    /// </summary>
    public static Heatmap Confusion(string title, IReadOnlyList<string> classes, IReadOnlyList<int> counts)
    {
        int n = classes.Count;
        Require.Length(counts.Count, n * n, nameof(counts), $"{n} classes squared");
        var share = new double[n * n];
        for (int row = 0; row < n; row++)
        {
            long total = 0;
            for (int column = 0; column < n; column++)
                total += counts[row * n + column];
            for (int column = 0; column < n; column++)
                share[row * n + column] = total == 0 ? double.NaN : (double)counts[row * n + column] / total;
        }
        return new Heatmap
        {
            Title = title,
            Values = share,
            Rows = n,
            Columns = n,
            Texts = [.. counts.Select(c => c == 0 ? "" : Numbers.Format(c, NumberFormat.Whole))],
            RowNames = classes,
            ColumnNames = classes,
            RowCaption = "true class",
            ColumnCaption = "predicted class",
            Value = new Axis("share of the true class") { Min = 0, Max = 1, Format = NumberFormat.Percent },
        };
    }

    internal override double Draw(Svg svg, string id)
    {
        if (Rows < 0 || Columns < 0)
            throw new InvalidOperationException($"A matrix of {Rows} x {Columns} cannot be drawn.");
        Require.Length(Values.Count, Rows * Columns, nameof(Values), $"{Rows} x {Columns}");
        if (Texts is { } texts)
            Require.Length(texts.Count, Rows * Columns, nameof(Texts), $"{Rows} x {Columns}");
        if (RowNames is { } names)
            Require.Length(names.Count, Rows, nameof(RowNames), "one a row");
        if (ColumnNames is { } heads)
            Require.Length(heads.Count, Columns, nameof(ColumnNames), "one a column");
        Extent extent = Extent.Empty.Include(Values);
        if (extent.IsEmpty)
        {
            Frame.NoData(svg, new Box(0, 0, Width, 120));
            return 120;
        }
        double low = Math.Min(0, Value.Min ?? extent.Min), high = Math.Max(0, Value.Max ?? extent.Max);
        bool signed = low < 0;
        double reach = Math.Max(-low, high);
        reach = reach > 0 ? reach : 1;

        string[] rows = [.. Enumerable.Range(0, Rows).Select(i => RowNames?[i] ?? Number(i * CellStep))];
        string[] columns = [.. Enumerable.Range(0, Columns).Select(i => ColumnNames?[i] ?? Number(i * CellStep))];
        double left = Math.Min(Width * 0.3, rows.Select(TextMetrics.Width).Max()) + 6;
        double right = Width - 4;
        double height = PlotHeight > 0 ? PlotHeight : Math.Min((right - left) * Rows / Columns, Width * 1.6);
        if (PlotHeight <= 0)
            right = Math.Min(right, left + height * Columns / Rows);
        var plot = new Box(left, Frame.CaptionHeight + 4, right, Frame.CaptionHeight + 4 + height);

        svg.LabelWithin(Width * 0.4, 0, 11, RowCaption);
        DrawKey(svg, id, signed, reach);
        if (Rows * Columns <= MostRectangles)
            DrawCells(svg, plot, rows, columns, signed, reach);
        else
            DrawPicture(svg, id, plot, signed, reach);
        svg.Open("rect").Set("class", "frame").Set("x", plot.Left).Set("y", plot.Top).Set("width", plot.Width).Set("height", plot.Height).Close();
        return DrawNames(svg, plot, rows, columns);
    }

    private static string Number(double i) => Numbers.Format(i, NumberFormat.Whole);

    private static double Opacity(double share) => Faintest + (1 - Faintest) * Math.Clamp(share, 0, 1);

    private void DrawCells(Svg svg, Box plot, string[] rows, string[] columns, bool signed, double reach)
    {
        double width = plot.Width / Columns, height = plot.Height / Rows;
        double widest = Texts?.Select(TextMetrics.Width).Max() ?? 0;
        bool written = Texts is not null && height >= 13 && width >= widest * 0.92 + 2;
        double gap = Math.Min(width, height) > 6 ? 1 : 0;
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < Columns; c++)
            {
                double value = Values[r * Columns + c];
                if (!Scale.CanShow(value))
                    continue;
                double share = Math.Abs(value) / reach, x = plot.Left + c * width, y = plot.Top + r * height;
                svg.Open("rect").Set("class", value < 0 ? "n" : signed ? "p" : "q").Set("fill-opacity", Opacity(share))
                    .Set("x", x + gap / 2).Set("y", y + gap / 2).Set("width", width - gap).Set("height", height - gap);
                string text = Texts?[r * Columns + c] is { Length: > 0 } own ? $" ({own})" : "";
                svg.Open("title").Text($"{rows[r]}, {columns[c]}: {Numbers.Format(value, Value.Format)}{text}").Close();
                svg.Close();
                if (written && Texts![r * Columns + c].Length > 0)
                    svg.Label(x + width / 2, y + height / 2 + 4, Texts[r * Columns + c], share > 0.55 ? "c on" : "c t", TextAnchor.Middle);
            }
        }
    }

    private void DrawPicture(Svg svg, string id, Box plot, bool signed, double reach)
    {
        foreach (bool negative in signed ? (bool[])[false, true] : [false])
        {
            var pixels = new byte[Rows * Columns];
            for (int i = 0; i < pixels.Length; i++)
            {
                if (Scale.CanShow(Values[i]) && Values[i] < 0 == negative)
                    pixels[i] = (byte)Math.Round(255 * Opacity(Math.Abs(Values[i]) / reach));
            }
            svg.Mask($"{id}-{(negative ? "negative" : "positive")}", plot, Png.EncodeGray(pixels, Columns, Rows), negative ? "n" : signed ? "p" : "q");
        }
    }

    /// <summary>The colour scale, at the top right.</summary>
    private void DrawKey(Svg svg, string id, bool signed, double reach)
    {
        const double length = 84;
        string low = Short(signed ? -reach : 0), high = Short(reach);
        string caption = TextMetrics.Shorten(Value.Caption, Width * 0.34);
        double x = Width - 4 - TextMetrics.Width(high) - 5 - length;
        svg.Label(Width - 4, 11, high, anchor: TextAnchor.End);
        svg.Open("linearGradient").Set("id", id + "-key");
        (double Offset, string Colour, double Opacity)[] stops = signed
            ? [(0, "negative", 1), (0.5, "negative", Faintest), (0.5, "positive", Faintest), (1, "positive", 1)]
            : [(0, "sequential", Faintest), (1, "sequential", 1)];
        foreach (var (offset, colour, opacity) in stops)
            svg.Open("stop").Set("offset", offset).Set("style", $"stop-color:var(--{colour});stop-opacity:{Svg.Number(opacity)}").Close();
        svg.Close();
        svg.Open("rect").Set("x", x).Set("y", 2).Set("width", length).Set("height", 10).Set("fill", $"url(#{id}-key)").Close();
        svg.Label(x - 5, 11, caption.Length > 0 ? $"{caption}  {low}" : low, anchor: TextAnchor.End);
    }

    private string Short(double value) => Value.Format == NumberFormat.Percent ? Numbers.Fixed(value * 100, 0) + "%" : Numbers.Format(Round(value), Value.Format);

    /// <summary>Two digits are enough for the end of a colour scale.</summary>
    private static double Round(double value) => value == 0 ? 0 : double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private double DrawNames(Svg svg, Box plot, string[] rows, string[] columns)
    {
        double width = plot.Width / Columns, height = plot.Height / Rows;
        foreach ((int r, string name) in Shown(rows, RowNames is not null, (int)(plot.Height / 14)))
            svg.LabelWithin(plot.Left - 6, plot.Left - 6, plot.Top + (r + 0.5) * height + 4, name, anchor: TextAnchor.End);

        double widest = columns.Select(TextMetrics.Width).Max();
        double bottom = plot.Bottom + 16;
        if (ColumnNames is not null && widest + 4 > width && width >= 12)
        {
            // Names that do not fit side by side stand upright rather than being dropped.
            double room = Math.Min(widest, 90);
            for (int c = 0; c < Columns; c++)
            {
                double x = plot.Left + (c + 0.5) * width + 4, y = plot.Bottom + 6;
                svg.Open("text").Set("class", "m").Set("text-anchor", "end").Set("transform", $"translate({Svg.Number(x)} {Svg.Number(y)}) rotate(-90)")
                    .Text(TextMetrics.Shorten(columns[c], room)).Close();
            }
            bottom = plot.Bottom + 10 + room;
        }
        else
        {
            foreach ((int c, string name) in Shown(columns, ColumnNames is not null, (int)(plot.Width / (widest + 8))))
                svg.Label(Math.Min(plot.Left + (c + 0.5) * width, Width - TextMetrics.Width(name) / 2), plot.Bottom + 15, name, anchor: TextAnchor.Middle);
        }
        if (ColumnCaption.Length == 0)
            return bottom + 4;
        svg.LabelWithin(plot.Width, plot.Right, bottom + 15, ColumnCaption, anchor: TextAnchor.End);
        return bottom + 20;
    }

    /// <summary>Names: all or every k-th. Numbers: at round steps, in the cell that holds them.</summary>
    private IEnumerable<(int Cell, string Name)> Shown(string[] names, bool named, int room)
    {
        room = Math.Max(1, room);
        if (named || names.Length <= room)
        {
            int every = (names.Length + room - 1) / room;
            return Enumerable.Range(0, (names.Length + every - 1) / every).Select(i => (i * every, names[i * every]));
        }
        double step = Ticks.StepOf(0, names.Length * CellStep, Math.Min(room, 8), whole: true);
        return Enumerable.Range(0, (int)Math.Ceiling(names.Length * CellStep / step)).Select(i => ((int)(i * step / CellStep), Number(i * step)));
    }

    internal override string Describe()
    {
        Extent extent = Extent.Empty.Include(Values);
        string size = $"Heat map of {Numbers.Format(Rows, NumberFormat.Whole)} x {Numbers.Format(Columns, NumberFormat.Whole)} values";
        return extent.IsEmpty
            ? size + ": no data."
            : $"{size}{(Value.Caption.Length > 0 ? ", " + Value.Caption : "")}, from {Numbers.Format(extent.Min, Value.Format)} to {Numbers.Format(extent.Max, Value.Format)}.";
    }
}
