using System.Xml.Linq;

namespace Volley.Plots.Tests;

public class ReportTests
{
    [Theory]
    [InlineData("quickstart")]
    [InlineData("hostile")]
    [InlineData("")]
    public void ThePageIsWellFormedAndNamesNothingElse(string name)
    {
        string html = RunReport.Build(Gallery.Run(name == "hostile" ? Gallery.Hostile : name)).ToHtml();
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html, StringComparison.Ordinal);
        XElement page = Xml.Read(html);
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "iframe" or "object" or "embed" or "base" or "form");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "srcset" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("http:", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        string[] ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (string use in page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')))
            Assert.Contains(use, ids);
    }

    [Fact]
    public void AHostileNameIsShownAsItIsWritten()
    {
        XElement page = Xml.Read(RunReport.Build(Gallery.Run("<script>alert(1)</script>")).ToHtml());
        Assert.Equal("<script>alert(1)</script>", page.Descendants("h1").Single().Value);
        Assert.Equal("<script>alert(1)</script>", page.Descendants("title").First().Value);
        Assert.Contains("<script>alert(1)</script>", page.Descendants("code").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunHasItsSections()
    {
        XElement page = Xml.Read(RunReport.Build(Gallery.Run()).ToHtml());
        Assert.Equal(["Learning", "Training", "Firing", "What was learned", "Samples", "Classes", "Cost of a sample", "To do it again"], page.Descendants("h2").Select(h => h.Value));
        Assert.Equal(

            [
                "Loss", "Accuracy", "Spikes", "Learning rate", "Gradient of each layer", "Time of a step", "Firing rate of each layer", "Rates in quickstart", "Rates in empty",
                "Quickstart in quickstart", "Adaptation a in 2", "Impulse response in quickstart", "Weights over time in quickstart", "What training changed in quickstart",
                "Quickstart", "Membranes, quickstart", "Confusion", "Accuracy of each class", "Operations of each layer",
            ],
            page.Descendants("h3").Select(h => h.Value));
        Assert.Equal(page.Descendants("figure").Count(), page.Descendants(Xml.Svg + "svg").Count());
        Assert.Contains(page.Descendants("dd"), d => d.Value == "96.94%");
        Assert.Contains(page.Descendants("p"), p => p.Value == "Validation accuracy was best in epoch 2: 58.00%.");
    }

    [Fact]
    public void DeadAndSaturatedNeuronsAreCounted()
    {
        var layer = new LayerActivity("a", [0, 0, 0.5, 0.9, 1, double.NaN]);
        Assert.Equal((2, 2), (layer.Dead, layer.Saturated));
        Assert.Equal(0.48, layer.Mean, 12);
        Assert.True(double.IsNaN(new LayerActivity("none", []).Mean));
        XElement page = Xml.Read(RunReport.Build(Gallery.Run()).ToHtml());
        string[] row = [.. page.Descendants("tbody").First().Elements().First().Elements().Select(c => c.Value)];
        Assert.Equal(["quickstart", "4", "31.25%", "1 (25.0%)", "1 (25.0%)"], row);
    }

    [Fact]
    public void AGradientOfALayerIsThatOfAllItsParameters()
    {
        var chart = (LineChart)((Figure)TrainingSection.Of(Gallery.Run("0-dense")).Blocks[0]).Chart;
        Assert.Equal(["0-dense", "plain"], chart.Series.Select(s => s.Name));
        Assert.Equal([5, double.NaN, double.NaN], chart.Series[0].Y);
    }

    [Fact]
    public void ManyLayersAreRowsOfAPicture()
    {
        var epoch = new EpochRow(1, 1, 1, 1, 1, 1, 1) { Gradients = Enumerable.Range(0, 13).ToDictionary(i => $"{i}-dense.weight", i => Math.Pow(10, i - 3)) };
        var chart = (Heatmap)((Figure)TrainingSection.Of(new RunRecord { Name = "r", Epochs = [epoch] }).Blocks[0]).Chart;
        Assert.Equal((13, 1), (chart.Rows, chart.Columns));
        Assert.Equal([-3.0, -2, -1, 0], chart.Values.Take(4).Select(v => Math.Round(v, 12)));
    }

    [Fact]
    public void CostsAreSummedAndAsked()
    {
        Section section = CostSection.Of(Gallery.Run().Cost!);
        Assert.Equal(["5,000", "0", "20,000", "900", "0.013–4.5 µJ", "1.2 kB"], ((Headline)section.Blocks[0]).Facts.Select(f => f.Value));
        var table = (DataTable)section.Blocks[^1];
        Assert.Equal(["layer", "parameters", "weights that are 0", "outputs that are 0", "additions", "if nothing were 0", "membrane updates", "neurons' multiply-adds"], table.Columns.Select(c => c.Name));
        Assert.Equal(["2", "", "", "90.0%", "", "", "300", "900"], table.Rows[1]);
    }

    [Fact]
    public void AMatrixIsShownWithItsChange()
    {
        Heatmap[] maps = [.. LearnedSection.Of(Gallery.Run()).Blocks.Cast<Figure>().Select(f => f.Chart).OfType<Heatmap>()];
        Assert.Equal([0, 0, 0, 1, 0, 0, -2, 0, double.NaN], maps[1].Values);
        // Three rows stand for two steps each.
        Assert.Equal(2, maps[0].CellStep);
        Assert.Contains("4", Xml.Texts(Xml.Read(maps[0])));
    }

    [Fact]
    public void ClassAccuracyIsTheDiagonalsShare() =>
        Assert.Equal([0.75, double.NaN], new ConfusionCounts(["a", "b"], [3, 1, 0, 0]).Recalls);

    [Fact]
    public void ARunThatKnowsNothingIsStillAPage()
    {
        XElement page = Xml.Read(RunReport.Build(new RunRecord { Name = "bare" }).ToHtml());
        Assert.Equal("bare", page.Descendants("h1").Single().Value);
        Assert.Equal(2, Xml.Texts(page).Count(t => t == "no data"));
    }

    [Fact]
    public void UnknownColumnsAreLeftOutOfTheTable()
    {
        RunRecord run = new() { Name = "r", Epochs = [new(1, 0.5, double.NaN, 0.9, 1e-3, 2, double.NaN)] };
        XElement page = Xml.Read(RunReport.Build(run).ToHtml());
        Assert.Equal(["epoch", "train loss", "valid accuracy", "learning rate", "time"], page.Descendants("th").Select(h => h.Value));
        Assert.Equal(["1", "0.5000", "90.00%", "0.001", "2.00\u202Fs"], page.Descendants("td").Select(h => h.Value));
    }

    [Fact]
    public void NeighbouringFiguresShareAGrid()
    {
        var figure = new Figure(new LineChart { Title = "a", Series = [] }, "caption");
        var wide = new Figure(new LineChart { Title = "b", Series = [], Width = 900 });
        var page = new ReportPage("t") { Sections = [new("s", [figure, wide, new Paragraph("p"), figure])] };
        XElement read = Xml.Read(page.ToHtml());
        XElement[] grids = [.. read.OfClass("figures")];
        Assert.Equal([2, 1], grids.Select(g => g.Elements("figure").Count()));
        Assert.Equal("wide", grids[0].Elements().Last().Attribute("class")!.Value);
        Assert.Equal("caption", grids[1].Descendants("figcaption").Single().Value);
    }

    [Fact]
    public void ATableRowMustFitItsColumns()
    {
        var page = new ReportPage("t") { Sections = [new("s", [new DataTable("c", [new("a"), new("b")], [["1"]])])] };
        Assert.Throws<ArgumentException>(page.ToHtml);
    }
}
