using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Volley.Plots.Tests;

/// <summary>What a real browser makes of the page.</summary>
public class BrowserTests
{
    // Runs only in the test's copy of the page, from which the content security policy is taken out.
    private const string Probe =
        """
        <script>addEventListener('load', () => {
          const boxes = [...document.querySelectorAll('figure svg')].map(s => s.getBoundingClientRect());
          const small = boxes.filter(b => b.width < 200 || b.height < 40).length;
          const svgs = [...document.querySelectorAll('figure svg')];
          const marks = s => [...s.querySelectorAll('path,rect,circle,line,text')].filter(m => { const b = m.getBoundingClientRect(); return b.width + b.height > 0; });
          const empty = svgs.filter(s => marks(s).length < 3).length;
          // A label outside of its chart is cut off.
          const cut = svgs.flatMap(s => [...s.querySelectorAll('text')].map(t => [s.getBoundingClientRect(), t.getBoundingClientRect(), t.textContent]))
            .filter(([s, t]) => t.left < s.left - 3 || t.right > s.right + 3 || t.top < s.top - 3 || t.bottom > s.bottom + 3).map(([, , text]) => text);
          // Two labels on the same spot cannot be read.
          const over = svgs.flatMap(s => {
            const texts = [...s.querySelectorAll('text')].map(t => [t.getBoundingClientRect(), t.firstChild ? t.firstChild.data : '']);
            return texts.flatMap(([a, x], i) => texts.slice(i + 1).filter(([b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5).map(([, y]) => s.querySelector('title').textContent + ': ' + x + '/' + y));
          });
          const loud = document.querySelectorAll('script').length - 1;
          document.body.innerHTML = `probe figures=${boxes.length} small=${small} scripts=${loud} overflow=${document.documentElement.scrollWidth > innerWidth} empty=${empty} cut=[${cut}] over=[${over}] width=${innerWidth}.`;
        });</script>
        """;

    [BrowserFact]
    public void EveryFigureIsShownAndThePhonePageDoesNotScrollSideways()
    {
        RunRecord run = Gallery.Run(Gallery.Hostile + new string('W', 300));
        ReportPage page = RunReport.Build(run) with
        {
            Sections = [.. RunReport.Build(run).Sections, new Section("Gallery", [.. Gallery.All().Select(c => new Figure(c)), new Figure(new LineChart { Title = "wide", Width = 900, Series = [] })])],
        };
        int figures = page.Sections.SelectMany(s => s.Blocks).OfType<Figure>().Count();
        var (dom, _) = Open(Probed(page), width: 390);
        Match found = Regex.Match(dom, @"probe (figures=\d.*?)\.");
        Assert.True(found.Success, dom.Length > 500 ? dom[..500] : dom);
        Assert.StartsWith($"figures={figures} small=0 scripts=0 overflow=false", found.Groups[1].Value, StringComparison.Ordinal);
    }

    [BrowserFact]
    public void EveryChartOfAReportIsDrawnAndItsLabelsCanBeRead() => Drawn(RunReport.Build(Realistic("quickstart", 1)));

    [BrowserFact]
    public void EveryChartOfAComparisonIsDrawnAndItsLabelsCanBeRead() =>
        Drawn(ComparisonReport.Build([new RunGroup("lif-with-a-long-name", [Realistic("a", 1), Realistic("a", 2), Realistic("a", 3)]), RunGroup.Of(Realistic("cadlif", 4)), RunGroup.Of(Realistic("psn", 5))]));

    [BrowserFact]
    public void TheConsoleStaysSilent()
    {
        foreach (ReportPage page in (ReportPage[])[RunReport.Build(Gallery.Run(Gallery.Hostile)), ComparisonReport.Build(ComparisonTests.Groups(Gallery.Hostile))])
        {
            var (dom, log) = Open(page.ToHtml(), width: 1200);
            Assert.Contains("<figure", dom, StringComparison.Ordinal);
            Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
        }
    }

    private static void Drawn(ReportPage page)
    {
        int figures = page.Sections.SelectMany(s => s.Blocks).OfType<Figure>().Count();
        var (dom, log) = Open(Probed(page), width: 1200);
        Match found = Regex.Match(dom, @"probe (figures=\d.*) width=\d", RegexOptions.Singleline);
        Assert.True(found.Success, dom.Length > 500 ? dom[..500] : dom);
        Assert.True(found.Groups[1].Value == $"figures={figures} small=0 scripts=0 overflow=false empty=0 cut=[] over=[]", found.Groups[1].Value);
        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
    }

    private static string Probed(ReportPage page) =>
        Regex.Replace(page.ToHtml(), "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "").Replace("</head>", Probe + "</head>", StringComparison.Ordinal);

    /// <summary>A run as long and as large as real ones.</summary>
    private static RunRecord Realistic(string name, int seed)
    {
        var random = new Random(seed);
        double[] Values(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => scale * random.NextDouble())];
        double[] accuracy = [.. Enumerable.Range(1, 50).Select(e => 0.97 - 0.8 / e + 0.02 * random.NextDouble())];
        string[] layers = ["0-dense", "1-batch-norm", "2-cadlif", "3-dense", "4-batch-norm", "5-cadlif", "6-dense"];
        return Gallery.Run(name) with
        {
            Seed = seed,
            Epochs = [.. accuracy.Select((a, e) => new EpochRow(e + 1, 2.3 - 2 * a, a, a - 0.02, 0.01 * (1 - e / 50.0), 1.5, 3)
            {
                ValidLoss = 2.35 - 2 * a,
                SecondsPerStep = 0.02 + 0.001 * random.NextDouble(),
                PeakMemoryMb = 300,
                Gradients = layers.ToDictionary(l => l + ".weight", l => (1 + l[0] - '0') * random.NextDouble() / (1 + e)),
            })],
            Layers = [new("2-cadlif", Values(128, 0.1)), new("5-cadlif", Values(128, 0.05))],
            Learned = [new("2-cadlif", "delay", "ms", Values(500, 240), Values(500, 200)), new("2-cadlif", "time constant of beta", "ms", [.. Values(128, 1), 1000], Values(128, 500))],
            Curves = [new("ssm", "impulse response", "steps", [new("channel 1, Δ 0.001", Values(700, 1), Values(700, 1)), new("channel 2, Δ 0.1", Values(700, 2), Values(700, 2))])],
            Matrices = [new("psn", 784, 112, Values(112 * 112, 0.1), Values(112 * 112, 0.1)), new("small", 20, 20, Values(400, 1), Values(400, 1))],
            Samples = [new("class 3, taken for 9", [Gallery.Spikes("input", 700, 100, (_, _) => random.Next(50) == 0), Gallery.Spikes("2-cadlif", 128, 100, (_, _) => random.Next(2) == 0)])
            {
                Traces = [new("2-cadlif, neuron 3", Values(100, 1.5)) { Threshold = 1, Spikes = [3, 50] }, new("7-li, class 3", Values(100, 3))],
            }],
            Confusion = new(["zero", "one", "two"], [900, 50, 50, 20, 970, 10, 0, 0, 1000]),
        };
    }

    private static (string Dom, string Log) Open(string html, int width)
    {
        string folder = Directory.CreateTempSubdirectory("volley-plots-").FullName;
        try
        {
            string file = Path.Combine(folder, "page.html");
            File.WriteAllText(file, html);
            var start = new ProcessStartInfo(BrowserFactAttribute.Chromium) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in (string[])
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--enable-logging=stderr", $"--user-data-dir={Path.Combine(folder, "profile")}", $"--window-size={width},1600", "--dump-dom", "file://" + file,
                ])
                start.ArgumentList.Add(argument);
            using Process browser = Process.Start(start)!;
            Task<string> dom = browser.StandardOutput.ReadToEndAsync(), log = browser.StandardError.ReadToEndAsync();
            // A second or two on an idle machine; half a minute was seen on one with a load of 30.
            if (!browser.WaitForExit(TimeSpan.FromMinutes(3)))
            {
                browser.Kill(entireProcessTree: true);
                Assert.Fail("Chromium did not finish within 3 minutes.");
            }
            return (dom.Result, log.Result);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
