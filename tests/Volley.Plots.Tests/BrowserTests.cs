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
          const loud = document.querySelectorAll('script').length - 1;
          document.body.innerHTML = `probe figures=${boxes.length} small=${small} scripts=${loud} overflow=${document.documentElement.scrollWidth > innerWidth} width=${innerWidth}.`;
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
        string html = Regex.Replace(page.ToHtml(), "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "").Replace("</head>", Probe + "</head>", StringComparison.Ordinal);
        int figures = page.Sections.SelectMany(s => s.Blocks).OfType<Figure>().Count();
        var (dom, _) = Open(html, width: 390);
        Match found = Regex.Match(dom, @"probe (figures=\d.*?)\.");
        Assert.True(found.Success, dom.Length > 500 ? dom[..500] : dom);
        Assert.StartsWith($"figures={figures} small=0 scripts=0 overflow=false", found.Groups[1].Value, StringComparison.Ordinal);
    }

    [BrowserFact]
    public void TheConsoleStaysSilent()
    {
        var (dom, log) = Open(RunReport.Build(Gallery.Run(Gallery.Hostile)).ToHtml(), width: 1200);
        Assert.Contains("<figure", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
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
