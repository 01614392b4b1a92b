using System.Xml.Linq;

namespace Volley.Plots.Tests;

public class ComparisonTests
{
    // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    [InlineData(29, 29, 0.8830, 1)]
    public void TheIntervalIsWilsons(int right, int count, double low, double high)
    {
        (double a, double b) = new Proportion((double)right / count, count).Interval;
        Assert.Equal(low, a, 4);
        Assert.Equal(high, b, 4);
    }

    [Theory]
    [InlineData(double.NaN, 5)]
    [InlineData(1.5, 5)]
    [InlineData(0.5, 0)]
    public void WhatIsNoShareHasNoInterval(double rate, long count) => Assert.Equal("", new Proportion(rate, count).Describe());

    [Fact]
    public void FoldsAreAveragedBeforeSeeds()
    {
        RunRecord Of(int seed, string fold, double accuracy) => new() { Name = "r", Seed = seed, Fold = fold, Figures = new() { TestAccuracy = new(accuracy, 100) } };
        var group = new RunGroup("g", [Of(1, "a", 0.9), Of(1, "b", 0.7), Of(2, "a", 0.8), Of(2, "b", 0.8)]);
        Estimate estimate = group.Over(r => r.Figures.TestAccuracy!.Rate);
        Assert.Equal((2, 0.8, 0), (group.Seeds, Math.Round(estimate.Mean, 12), Math.Round(estimate.Deviation, 12)));
        Assert.Equal(200, group.TestAccuracy!.Count);
        Assert.Equal("80.00% ± 10.00", new RunGroup("g", [Of(1, "", 0.9), Of(2, "", 0.8), Of(3, "", 0.7)]).Over(r => r.Figures.TestAccuracy!.Rate).Describe(NumberFormat.Percent));
        Assert.Equal("90.00%", RunGroup.Of(Of(1, "", 0.9)).Over(r => r.Figures.TestAccuracy!.Rate).Describe(NumberFormat.Percent));
    }

    [Fact]
    public void RecipesDifferWhereTheirFieldsDo()
    {
        var rows = RecipeDifferences.Of(
        [
            """{ "name": "a", "model": { "hidden": [64], "layers": [{ "kind": "lif" }] }, "training": { "rate": 0.1, "epochs": 3 }, "seeds": [1] }""",
            """{ "name": "b", "model": { "hidden": [64, 64], "layers": [{ "kind": "lif" }, { "kind": "psn" }] }, "training": { "rate": 0.1, "epochs": 4, "clip": null }, "seeds": [2] }""",
        ]);
        Assert.Equal(
            [("model.hidden", "64|64, 64"), ("training.epochs", "3|4"), ("model.layers[1].kind", "–|psn"), ("training.clip", "–|null")],
            rows.Select(r => (r.Path, string.Join('|', r.Values))));
        Assert.Empty(RecipeDifferences.Of(["not json", "", "[1]", """{ "a": "\uD800" }""", """{ "\uD800": 1 }"""]));
        Assert.Empty(RecipeDifferences.Of([]));
    }

    [Fact]
    public void TheMeanStopsWhereARunStops()
    {
        RunRecord Of(params double[] valid) => new() { Name = "r", Epochs = [.. valid.Select((v, i) => new EpochRow(i + 1, 1, v, v, 1e-3, 1, 1))] };
        Series line = ComparisonCurves.Line(new RunGroup("g", [Of(0.2, 0.4, 0.6), Of(0.4, 0.8)]), e => e.ValidAccuracy);
        Assert.Equal([0.3, 0.6, double.NaN], line.Y.Select(y => Math.Round(y, 12)));
        Assert.Equal([0.2, 0.4, 0.6], line.Each[0]);
        Assert.Equal([0.4, 0.8, double.NaN], line.Each[1]);
        Assert.Equal(0.6 + Math.Sqrt(0.08), line.High![1], 12);
    }

    [Theory]
    [InlineData("quickstart")]
    [InlineData("hostile")]
    public void ThePageIsWellFormedAndSelfContained(string name)
    {
        ReportPage page = ComparisonReport.Build(Groups(name == "hostile" ? Gallery.Hostile : name));
        string html = page.ToHtml();
        XElement read = Xml.Read(html);
        Assert.Equal(["Learning", "Firing", "Differences", "To do it again"], read.Descendants("h2").Select(h => h.Value));
        Assert.DoesNotContain(read.Descendants(), e => e.Name.LocalName is "script" or "link");
        string[] ids = [.. read.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Contains(read.Descendants("td"), d => d.Value == "96.94% ± 0.00");
        // Two thin lines and their mean, in one colour.
        XElement accuracy = read.Descendants("figure").Single(f => f.Element("h3")!.Value == "Validation accuracy");
        Assert.Equal(2, accuracy.OfClass("thin").Count());
        Assert.All(accuracy.OfClass("thin"), l => Assert.Contains("s1", l.Attribute("class")!.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void OtherDataAreSaid()
    {
        RunRecord a = Gallery.Run("a"), b = Gallery.Run("b") with { Dataset = a.Dataset };
        string Sentences(RunRecord other) => string.Concat(Xml.Read(ComparisonReport.Build([a with { DataChecksum = "1" }, other]).ToHtml()).Descendants("p").Select(p => p.Value));
        Assert.Contains("of different data sets (a, c)", Sentences(b with { Dataset = "c" }), StringComparison.Ordinal);
        Assert.Contains("checksums differ", Sentences(b with { DataChecksum = "2" }), StringComparison.Ordinal);
        Assert.DoesNotContain("checksums differ", Sentences(b with { DataChecksum = "1" }), StringComparison.Ordinal);
    }

    [Fact]
    public void RunsThatKnowNothingAreStillAPage() =>
        Assert.Equal(2, Xml.Read(ComparisonReport.Build([new RunRecord { Name = "x" }, new RunRecord { Name = "y" }]).ToHtml()).Descendants("tbody").First().Elements().Count());

    [Fact]
    public void NothingIsNoComparison() => Assert.Throws<ArgumentException>(() => ComparisonReport.Build(new List<RunGroup>()));

    [Fact]
    public void IntervalsAreDrawnWhereTheyAre()
    {
        var plot = new IntervalPlot { Title = "t", Intervals = [new("a", 0.9, 0.8, 0.95) { Each = [0.88, 0.92] }, new("b", double.NaN, double.NaN, double.NaN)] };
        XElement svg = Xml.Read(plot);
        double[] dots = [.. svg.Descendants(Xml.Svg + "circle").Select(c => c.Number("cx"))];
        Assert.Equal(3, dots.Length);
        Assert.True(dots[0] < dots[2] && dots[2] < dots[1]);
        Assert.Contains("no data", Xml.Texts(Xml.Read(new IntervalPlot { Title = "t", Intervals = [] })));
    }

    internal static RunGroup[] Groups(string name) => [new("one " + name, [Gallery.Run(name)]), new("two " + name, [Gallery.Run(name) with { Seed = 1 }, Gallery.Run(name) with { Seed = 2 }])];
}
