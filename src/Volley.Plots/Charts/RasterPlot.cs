using System.Globalization;
using System.Numerics;
using System.Text;

namespace Volley.Plots;

/// <summary>The spikes of one population during one sample, as bits.</summary>
/// <param name="Name">The population, such as a layer.</param>
/// <param name="Neurons">Neurons N.</param>
/// <param name="Steps">Time steps T.</param>
/// <param name="Bits">[T, words], words = ⌈N / 64⌉: bit n mod 64 of word n / 64 in row t is the spike of neuron n at step t. Bits beyond N are ignored.</param>
public sealed record SpikeRows(string Name, int Neurons, int Steps, ReadOnlyMemory<ulong> Bits)
{
    /// <summary>Words a row.</summary>
    public int Words => (Neurons + 63) / 64;

    /// <summary>How many spikes there are.</summary>
    public long Count
    {
        get
        {
            Check();
            long count = 0;
            for (int t = 0; t < Steps; t++)
            {
                for (int w = 0; w < Words; w++)
                    count += BitOperations.PopCount(Word(t, w));
            }
            return count;
        }
    }

    /// <summary>The word with its padding cleared.</summary>
    internal ulong Word(int t, int w)
    {
        ulong word = Bits.Span[t * Words + w];
        int rest = Neurons - w * 64;
        return rest >= 64 ? word : word & ((1UL << rest) - 1);
    }

    internal void Check()
    {
        if (Neurons < 0 || Steps < 0 || (long)Words * Steps != Bits.Length)
            throw new ArgumentException($"The raster '{Name}' has {Bits.Length} words; expected {(long)Words * Steps} for {Steps} steps of {Neurons} neurons.", nameof(Bits));
    }
}

/// <summary>Who fired when: a panel a population, a mark a spike, time from left to right, neuron 0 at the bottom of its panel. Crowded panels are shaded by how much fired.</summary>
public sealed record RasterPlot : Chart
{
    /// <summary>A panel with more spikes is a picture, each pixel as dark as the share of its neurons and steps that fired: marks would hide each other.</summary>
    public const int MostSpikes = 4_000;

    /// <summary>Pixels of such a picture a CSS pixel.</summary>
    private const int Sharpness = 2;

    private const double HeadHeight = 19;

    public required IReadOnlyList<SpikeRows> Populations { get; init; }

    /// <summary>What one step lasts, in <see cref="Time"/>'s unit.</summary>
    public double StepLength { get; init; } = 1;

    public Axis Time { get; init; } = new("time", "steps");

    /// <summary>Height of all panels together, in CSS pixels; each gets a share that grows with its neurons.</summary>
    public double PanelHeight { get; init; } = 220;

    internal override double Draw(Svg svg, string id)
    {
        foreach (SpikeRows rows in Populations)
            rows.Check();
        SpikeRows[] shown = [.. Populations.Where(p => p is { Neurons: > 0, Steps: > 0 })];
        int steps = shown.Select(p => p.Steps).DefaultIfEmpty(0).Max();
        if (steps == 0 || !(StepLength > 0 && Scale.CanShow(StepLength * steps)))
        {
            Frame.NoData(svg, new Box(0, 0, Width, 120));
            return 120;
        }

        const double left = 1;
        double right = Width - 10, y = 0;
        double weight = shown.Sum(p => Math.Sqrt(p.Neurons));
        for (int i = 0; i < shown.Length; i++)
        {
            double height = Math.Max(24, Math.Round(PanelHeight * Math.Sqrt(shown[i].Neurons) / weight));
            var panel = new Box(left, y + HeadHeight, right, y + HeadHeight + height);
            DrawPanel(svg, shown[i], panel, steps, i, id);
            y = panel.Bottom + 6;
        }
        var axis = Time with { Logarithmic = false, Min = null, Max = null };
        var plot = new Box(left, 0, right, y);
        var frame = new Frame(plot, new Scale(0, steps * StepLength, left, right), new Scale(0, 1, y, 0));
        frame.DrawAcross(svg, new Box(0, 0, right, y), axis, Math.Clamp((int)(plot.Width / 62), 2, 10));
        return y + Frame.FootHeight(axis);
    }

    private static void DrawPanel(Svg svg, SpikeRows rows, Box panel, int steps, int index, string id)
    {
        long spikes = rows.Count;
        string note = $"{Numbers.Format(rows.Neurons, NumberFormat.Whole)} neurons, {Numbers.Format(spikes, NumberFormat.Whole)} spikes";
        double noteWidth = TextMetrics.Width(note);
        svg.LabelWithin(Math.Max(40, panel.Width - noteWidth - 12), panel.Left, panel.Top - 6, rows.Name, "t");
        svg.Label(panel.Right, panel.Top - 6, note, anchor: TextAnchor.End);
        svg.Line(panel.Left, panel.Bottom + 0.5, panel.Right, panel.Bottom + 0.5, "g");
        if (spikes > MostSpikes)
            DrawPicture(svg, rows, panel with { Right = panel.Left + panel.Width * rows.Steps / steps }, index, $"{id}-panel{index.ToString(CultureInfo.InvariantCulture)}");
        else
            DrawMarks(svg, rows, panel, steps, index);
    }

    private static void DrawMarks(Svg svg, SpikeRows rows, Box panel, int steps, int index)
    {
        // In units of steps and neurons every coordinate is a small whole number: about six characters a spike.
        double across = panel.Width / steps, up = panel.Height / rows.Neurons;
        int length = Math.Max(1, (int)Math.Round(1.8 / up));
        double thickness = Math.Max(0.7 * across, 1.2) / across;
        string path = Marks(rows, length);
        if (path.Length > 0)
            svg.Open("path").Set("class", "w " + Palette.SeriesClass(index)).Set("d", path).Set("style", $"stroke-width:{Svg.Number(thickness)}")
                .Set("transform", $"translate({Svg.Number(panel.Left)} {Svg.Number(panel.Top)}) scale({Factor(across)} {Factor(up)}) translate(.5 0)").Close();
    }

    private static void DrawPicture(Svg svg, SpikeRows rows, Box panel, int index, string id)
    {
        int width = Math.Min(rows.Steps, (int)(Sharpness * panel.Width)), height = Math.Min(rows.Neurons, (int)(Sharpness * panel.Height));
        var (fired, all) = (new int[width * height], new int[width * height]);
        for (int t = 0; t < rows.Steps; t++)
        {
            int x = (int)((long)t * width / rows.Steps);
            for (int n = 0; n < rows.Neurons; n++)
            {
                int pixel = (height - 1 - (int)((long)n * height / rows.Neurons)) * width + x;
                all[pixel]++;
                fired[pixel] += (int)(rows.Word(t, n / 64) >> (n % 64) & 1);
            }
        }
        byte[] shares = [.. fired.Zip(all, (f, a) => (byte)Math.Round(255.0 * f / a))];
        svg.Mask(id, panel, Png.EncodeGray(shares, width, height), "f " + Palette.SeriesClass(index));
    }

    /// <summary>Two decimals are too few for a factor that thousands of steps are multiplied with.</summary>
    private static string Factor(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Marks(SpikeRows rows, int length)
    {
        var path = new StringBuilder();
        int x = 0, y = 0;
        for (int t = 0; t < rows.Steps; t++)
        {
            for (int w = 0; w < rows.Words; w++)
            {
                for (ulong word = rows.Word(t, w); word != 0; word &= word - 1)
                {
                    int line = rows.Neurons - 1 - (w * 64 + BitOperations.TrailingZeroCount(word));
                    int dy = line - y;
                    path.Append(path.Length == 0 ? 'M' : 'm').Append(CultureInfo.InvariantCulture, $"{t - x}");
                    if (dy >= 0)
                        path.Append(' ');
                    path.Append(CultureInfo.InvariantCulture, $"{dy}v{length}");
                    (x, y) = (t, line + length);
                }
            }
        }
        return path.ToString();
    }

    internal override string Describe()
    {
        IEnumerable<string> parts = Populations.Select(p =>
            $"{p.Name}: {Numbers.Format(p.Neurons, NumberFormat.Whole)} neurons, {Numbers.Format(p.Steps, NumberFormat.Whole)} steps, {Numbers.Format(p.Count, NumberFormat.Whole)} spikes");
        return $"Spike raster. {string.Join("; ", parts)}.";
    }
}
