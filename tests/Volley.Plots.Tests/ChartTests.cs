using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Volley.Plots.Tests;

public class ChartTests
{
    // By kind: a test's arguments travel as UTF-8, which cannot carry a lone surrogate.
    private static readonly Dictionary<string, string> Names = new() { ["plain"] = "plain", ["hostile"] = Gallery.Hostile, ["empty"] = "" };

    public static TheoryData<int, string> Charts
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < Gallery.All().Length; i++)
            {
                foreach (string kind in Names.Keys)
                    data.Add(i, kind);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void EveryChartIsWellFormedNamedAndHarmless(int index, string kind)
    {
        Chart chart = Gallery.All(Names[kind])[index];
        string text = chart.ToSvg();
        XElement svg = Xml.Read(text);
        Assert.Equal(Xml.Svg + "svg", svg.Name);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        string[] ids = svg.Attribute("aria-labelledby")!.Value.Split(' ');
        Assert.Equal(ids[0], svg.Elements().First().Attribute("id")!.Value);
        Assert.Equal([Xml.Svg + "title", Xml.Svg + "desc"], svg.Elements().Take(2).Select(e => e.Name));
        Assert.True(svg.Element(Xml.Svg + "desc")!.Value.Length > 5);
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "foreignObject" or "a");
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.All(svg.Descendants().Attributes("href"), a => Assert.StartsWith("data:image/png;base64,", a.Value, StringComparison.Ordinal));
        Assert.DoesNotMatch("NaN|Infinity|∞", string.Join(' ', svg.Descendants().Attributes().Select(a => a.Value)));
    }

    [Fact]
    public void TheSameChartIsTheSameText()
    {
        Assert.Equal(Gallery.All().Select(c => c.ToSvg()), Gallery.All().Select(c => c.ToSvg()));
        Assert.Equal(RunReport.Build(Gallery.Run()).ToHtml(), RunReport.Build(Gallery.Run()).ToHtml());
    }

    [Fact]
    public void WithoutDataAChartSaysSo()
    {
        Chart[] empty =
        [
            new LineChart { Title = "", Series = [] },
            new LineChart { Title = "", Series = [new("a", [1, 2], [double.NaN, double.PositiveInfinity])] },
            new LineChart { Title = "", Series = [new("a", [1, 2], [0, -1])], Y = new() { Logarithmic = true } },
            new BarChart { Title = "", Categories = ["a"], Series = [new("s", [double.NaN])] },
            new Histogram { Title = "", Samples = [new("a", [double.NaN])] },
            new Heatmap { Title = "", Values = [double.NaN], Rows = 1, Columns = 1 },
            new RasterPlot { Title = "", Populations = [new("a", 0, 10, ReadOnlyMemory<ulong>.Empty)] },
            new TracePlot { Title = "", Traces = [new("a", [double.NaN])] },
        ];
        Assert.All(empty, c => Assert.Contains("no data", Xml.Texts(Xml.Read(c))));
    }

    [Fact]
    public void MarksStayOnThePage()
    {
        foreach (Chart chart in Gallery.All("name"))
        {
            XElement svg = Xml.Read(chart);
            double width = svg.Number("width"), height = svg.Number("height");
            foreach (XElement rect in svg.Descendants(Xml.Svg + "rect").Where(r => r.Attribute("x") is not null))
            {
                Assert.InRange(rect.Number("x"), -3, width);
                Assert.InRange(rect.Number("x") + rect.Number("width"), 0, width + 3);
                Assert.InRange(rect.Number("y") + rect.Number("height"), 0, height);
            }
            foreach (XElement line in svg.Descendants(Xml.Svg + "line"))
                Assert.All((string[])["x1", "x2"], a => Assert.InRange(line.Number(a), 0, width));
        }
    }

    [Fact]
    public void ALineBreaksWhereAValueIsMissing()
    {
        XElement svg = Xml.Read(new LineChart { Title = "", Series = [new("a", [1, 2, 3, 4, 5, 6], [1, 2, double.NaN, 4, 5, 6])] });
        string path = svg.OfClass("l").Single().Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(3, path.Count(c => c == 'L'));
        Assert.Empty(svg.OfClass("dash"));
    }

    [Fact]
    public void AFewLinesAreLabelledAtTheirEndsAndManyInALegend()
    {
        LineChart Lines(int count) => new() { Title = "t", Series = [.. Enumerable.Range(0, count).Select(i => new Series("line " + i, [0, 1], [0, i]))] };
        XElement few = Xml.Read(Lines(3)), many = Xml.Read(Lines(9));
        Assert.Equal(3, few.OfClass("l").Count());
        Assert.Equal(18, many.OfClass("l").Count());
        Assert.Contains("line 8", Xml.Texts(many));
        Assert.Equal(2, many.OfClass("dash").Count());
        double[] heights = [.. few.Descendants(Xml.Svg + "text").Where(t => t.Value.StartsWith("line", StringComparison.Ordinal)).Select(t => t.Number("y")).Order()];
        Assert.True(heights[1] - heights[0] >= 14 && heights[2] - heights[1] >= 14);
    }

    [Fact]
    public void ALongTraceIsThinnedToWhatThePageCanShowWithoutLosingItsPeaks()
    {
        var values = new float[1_000_000];
        values[123_456] = 7;
        XElement svg = Xml.Read(new LineChart { Title = "", Series = [Series.Even("a", values)], Y = new("y") });
        string path = svg.OfClass("l").Single().Attribute("d")!.Value;
        Assert.True(path.Length < 60_000, $"{path.Length}");
        double[] y = [.. Regex.Matches(path, @" ([\d.]+)").Select(m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(PlotBottom(svg) - PlotTop(svg), y.Max() - y.Min(), 0.1);
    }

    private static double PlotTop(XElement svg) => svg.OfClass("g").Where(e => e.Name.LocalName == "line").Min(e => e.Number("y1"));

    private static double PlotBottom(XElement svg) => svg.OfClass("g").Where(e => e.Name.LocalName == "line").Max(e => e.Number("y1"));

    [Fact]
    public void FixedEndsCutOffWhatLiesOutside()
    {
        XElement svg = Xml.Read(new LineChart { Title = "", Series = [new("a", [0, 1], [0, 5])], Y = new() { Min = 0, Max = 1 } });
        XElement clip = svg.Descendants(Xml.Svg + "clipPath").Single();
        Assert.Equal($"url(#{clip.Attribute("id")!.Value})", svg.OfClass("l").Single().Parent!.Attribute("clip-path")!.Value);
        Assert.Contains("1.0", Xml.Texts(svg));
    }

    [Fact]
    public void BarsStartAtZeroAndAreInProportion()
    {
        XElement svg = Xml.Read(new BarChart { Title = "", Categories = ["a", "b", "c"], Series = [new("s", [100, 50, 101])], Value = new("ms") { Min = 99 } });
        XElement[] bars = [.. svg.OfClass("f")];
        Assert.Equal(2, bars[0].Number("width") / bars[1].Number("width"), 0.01);
        Assert.Single(bars.Select(b => b.Attribute("x")!.Value).Distinct());
        Assert.Contains("101", Xml.Texts(svg));
    }

    [Fact]
    public void BarsBelowZeroGrowToTheLeft()
    {
        XElement svg = Xml.Read(new BarChart { Title = "", Categories = ["up", "down"], Series = [new("s", [1, -1])] });
        XElement[] bars = [.. svg.OfClass("f")];
        Assert.Equal(bars[0].Number("x"), bars[1].Number("x") + bars[1].Number("width"), 0.02);
    }

    [Fact]
    public void AHistogramCountsEveryValueOnce()
    {
        double[] values = [.. Enumerable.Range(0, 1001).Select(i => i / 1000.0), double.NaN, double.PositiveInfinity];
        XElement svg = Xml.Read(new Histogram { Title = "", Samples = [new("a", values)], Bins = 10 });
        int[] counts = [.. svg.OfClass("f").Select(r => int.Parse(r.Element(Xml.Svg + "title")!.Value.Split(": ")[1]))];
        Assert.Equal(10, counts.Length);
        Assert.Equal(1001, counts.Sum());
        Assert.Equal([100, 101], counts.Distinct().Order());
    }

    [Fact]
    public void WholeNumbersHaveABinEach()
    {
        XElement svg = Xml.Read(new Histogram { Title = "", Samples = [new("a", [0, 1, 1, 2, 2, 2])], X = new("delay") { Format = NumberFormat.Whole } });
        int[] counts = [.. svg.OfClass("f").Select(r => int.Parse(r.Element(Xml.Svg + "title")!.Value.Split(": ")[1]))];
        Assert.Equal([1, 2, 3], counts);
    }

    [Fact]
    public void SmallMatricesAreRectanglesAndLargeOnesPictures()
    {
        Heatmap Matrix(int rows, int columns) => new() { Title = "", Values = [.. Enumerable.Range(0, rows * columns).Select(i => (double)i)], Rows = rows, Columns = columns };
        Assert.Equal(40 * 40, Xml.Read(Matrix(40, 40)).OfClass("q").Count());
        XElement large = Xml.Read(Matrix(40, 41));
        XElement image = large.Descendants(Xml.Svg + "image").Single();
        var (width, height, pixels) = PngTests.Decode(Convert.FromBase64String(image.Attribute("href")!.Value["data:image/png;base64,".Length..]));
        Assert.Equal((41, 40), (width, height));
        Assert.Equal(255, pixels[^1]);
        Assert.Equal(pixels.Order(), pixels);
    }

    [Fact]
    public void SignedMatricesPartAtZero()
    {
        XElement small = Xml.Read(new Heatmap { Title = "", Values = [-1, 0.5, double.NaN], Rows = 1, Columns = 3 });
        Assert.Equal("1", small.OfClass("n").Single().Attribute("fill-opacity")!.Value);
        Assert.Single(small.OfClass("p"));
        double[] values = [.. Enumerable.Range(-1000, 2000).Select(i => (double)i)];
        XElement large = Xml.Read(new Heatmap { Title = "", Values = values, Rows = 20, Columns = 100 });
        Assert.Equal(2, large.Descendants(Xml.Svg + "mask").Count());
    }

    [Fact]
    public void ConfusionColoursAreSharesOfTheTrueClass()
    {
        Heatmap map = Heatmap.Confusion("t", ["a", "b", "c"], [3, 1, 0, 0, 8, 0, 0, 0, 0]);
        Assert.Equal([0.75, 0.25, 0, 0, 1, 0, double.NaN, double.NaN, double.NaN], map.Values);
        XElement svg = Xml.Read(map);
        Assert.Contains("8", Xml.Texts(svg));
        Assert.Contains(svg.Descendants(Xml.Svg + "title"), t => t.Value == "a, b: 25.00% (1)");
    }

    [Fact]
    public void ARasterHasOneMarkASpikeWhereItBelongs()
    {
        const int neurons = 130, steps = 90;
        var random = new Random(5);
        bool[] fires = [.. Enumerable.Range(0, neurons * steps).Select(_ => random.Next(10) == 0)];
        XElement svg = Xml.Read(new RasterPlot { Title = "", Populations = [Gallery.Spikes("a", neurons, steps, (t, n) => fires[t * neurons + n])] });
        string path = svg.OfClass("w").Single().Attribute("d")!.Value;
        var drawn = new HashSet<(int, int)>();
        int x = 0, y = 0;
        foreach (Match mark in Regex.Matches(path, @"[Mm](-?\d+) ?(-?\d+)v(\d+)"))
        {
            x += int.Parse(mark.Groups[1].Value);
            y += int.Parse(mark.Groups[2].Value);
            Assert.True(drawn.Add((x, neurons - 1 - y)));
            y += int.Parse(mark.Groups[3].Value);
        }
        Assert.Equal(fires.Count(f => f), drawn.Count);
        Assert.All(drawn, s => Assert.True(fires[s.Item1 * neurons + s.Item2]));
        Assert.True(path.Length < 9 * drawn.Count);
    }

    [Fact]
    public void LogarithmicBinsHaveEqualRatios()
    {
        var histogram = new Histogram { Title = "", Samples = [new("a", [1, 1.5, 10, 100, 100, 1000, 0, -1, double.NaN])], X = new Axis("x") { Logarithmic = true }, Bins = 3 };
        XElement[] bars = [.. Xml.Read(histogram).OfClass("f")];
        double[] widths = [.. bars.Select(b => Math.Round(b.Number("width"), 1))];
        Assert.Equal(3, bars.Length);
        Assert.Single(widths.Distinct());
        double unit = bars.Min(b => b.Number("height"));
        Assert.Equal([2, 1, 3], bars.Select(b => Math.Round(b.Number("height") / unit)));
    }

    [Fact]
    public void AMovingThresholdIsALine()
    {
        XElement svg = Xml.Read(new TracePlot { Title = "", Traces = [new("a", [0, 1, 0]) { MovingThreshold = [1, 1, 3] }] });
        XElement rule = svg.OfClass("r").Single();
        Assert.Equal("path", rule.Name.LocalName);
        Assert.Equal(3, rule.Attribute("d")!.Value.Count(c => c is 'M' or 'L'));
    }

    [Fact]
    public void PaddingBitsAreNoSpikes() => Assert.Equal(6, new SpikeRows("a", 3, 2, new[] { ulong.MaxValue, ulong.MaxValue }).Count);

    [Fact]
    public void ACrowdedRasterIsShadedByHowMuchFires()
    {
        // 400 steps have a column each, 300 neurons a row.
        var crowded = new RasterPlot { Title = "", Width = 440, Populations = [Gallery.Spikes("a", 300, 400, (t, n) => n < 150), Gallery.Spikes("b", 5, 800, (t, _) => t == 0)] };
        XElement svg = Xml.Read(crowded);
        XElement image = svg.Descendants(Xml.Svg + "image").Single();
        var (width, height, pixels) = PngTests.Decode(Convert.FromBase64String(image.Attribute("href")!.Value.Split(',')[1]));
        Assert.Equal(400, width);
        for (int row = 0; row < height; row++)
            Assert.All(pixels[(row * width)..((row + 1) * width)], p => Assert.Equal(row < height / 2 ? 0 : 255, p));
        // Half as long as the other population, half as wide.
        Assert.Equal(429.0 / 2, image.Number("width"), 0);
        Assert.True(crowded.ToSvg().Length < 40_000);
    }

    [Fact]
    public void TracesShowTheirThresholdAndSpikes()
    {
        XElement svg = Xml.Read(new TracePlot { Title = "", Traces = [new("n", [0, 0.5, 1.2, 0.2]) { Threshold = 1, Spikes = [2, 77] }] });
        Assert.Single(svg.OfClass("r"));
        Assert.Contains("threshold", Xml.Texts(svg));
        Assert.Single(svg.OfClass("w").Single().Attribute("d")!.Value, c => c == 'M');
    }

    [Fact]
    public void LengthsThatDisagreeAreRefusedByName()
    {
        Assert.Contains("'run'", Assert.Throws<ArgumentException>(() => new LineChart { Title = "", Series = [new("run", [1, 2], [1])] }.ToSvg()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BarChart { Title = "", Categories = ["a"], Series = [new("s", [1, 2])] }.ToSvg());
        Assert.Throws<ArgumentException>(() => new Heatmap { Title = "", Values = [1], Rows = 2, Columns = 2 }.ToSvg());
        Assert.Throws<ArgumentException>(() => new RasterPlot { Title = "", Populations = [new("p", 65, 2, new ulong[3])] }.ToSvg());
        Assert.Throws<ArgumentException>(() => Heatmap.Confusion("t", ["a"], [1, 2]));
        Assert.Throws<InvalidOperationException>(() => new LineChart { Title = "", Width = 3, Series = [] }.ToSvg());
    }

    [Fact]
    public void ExtremeValuesAreDrawnOrLeftOut()
    {
        double[][] awkward =
        [
            [1e308, -1e308], [double.Epsilon, 0], [1e-300, 2e-300], [1, 1 + 1e-15], [1e15, 1e15 + 4], [-5, -5], [0, 0], [1e99, -1e99],
        ];
        foreach (double[] y in awkward)
        {
            foreach (bool logarithmic in (bool[])[false, true])
                Xml.Read(new LineChart { Title = "", Series = [new("a", [0, 1], y)], Y = new("y") { Logarithmic = logarithmic } });
            Xml.Read(new BarChart { Title = "", Categories = ["a", "b"], Series = [new("a", y)] });
            Xml.Read(new Histogram { Title = "", Samples = [new("a", y)] });
            Xml.Read(new Heatmap { Title = "", Values = y, Rows = 1, Columns = 2 });
            Xml.Read(new TracePlot { Title = "", Traces = [new("a", y)] });
        }
    }
}
