using System.Text;

namespace Volley.Plots;

/// <summary>
/// The colours of every chart and page, as CSS variables for a light and a dark scheme. The categorical colours differ in lightness as well as hue, so that they
/// stay apart under protanopia, deuteranopia and tritanopia, and each has a contrast of at least 3:1 to its background (tested).
/// </summary>
public static class Palette
{
    /// <summary>How many series have a colour of their own; further ones start again, dashed.</summary>
    public static int Count => SeriesLight.Count;

    internal static IReadOnlyList<string> SeriesLight { get; } =
        ["#1f6fb2", "#d1600a", "#45a098", "#7d1d3f", "#8f7ef0", "#17466a", "#5c6418", "#935b72"];

    internal static IReadOnlyList<string> SeriesDark { get; } =
        ["#5aa9e6", "#f0904a", "#7fe3d4", "#c25468", "#6a70dc", "#f3d650", "#c9a0b4", "#a8762f"];

    internal static IReadOnlyList<(string Name, string Light, string Dark)> Colours { get; } =
    [
        ("page", "#f6f7f8", "#101316"),
        ("card", "#ffffff", "#171a1e"),
        ("edge", "#e3e6e9", "#282d33"),
        ("text", "#1b2127", "#e6e9ec"),
        ("muted", "#5a646e", "#9ba5af"),
        ("grid", "#e9ebee", "#262b31"),
        ("axis", "#9aa3ac", "#5d6771"),
        ("rule", "#6b7480", "#8b95a1"),
        ("sequential", "#0b4f86", "#8cc8f7"),
        ("positive", "#a63a08", "#f7a06a"),
        ("negative", "#0b4f86", "#8cc8f7"),
        ("on-full", "#ffffff", "#101316"),
    ];

    /// <summary>The variables for the elements that <paramref name="selector"/> names: light, and dark for readers who prefer it.</summary>
    internal static string Variables(string selector)
    {
        var css = new StringBuilder();
        css.Append(selector).Append('{');
        Append(css, light: true);
        css.Append("}\n@media (prefers-color-scheme:dark){").Append(selector).Append('{');
        Append(css, light: false);
        return css.Append("}}\n").ToString();
    }

    /// <summary>The classes that charts are drawn with.</summary>
    internal static string ChartRules()
    {
        var css = new StringBuilder(
            """
            .chart{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
            .chart .t{fill:var(--text)}.chart .m{fill:var(--muted)}.chart .h{fill:var(--text);font-size:14px;font-weight:600}
            .chart .g{stroke:var(--grid);stroke-width:1;fill:none}.chart .a{stroke:var(--axis);stroke-width:1;fill:none}
            .chart .r{stroke:var(--rule);stroke-width:1;stroke-dasharray:4 3;fill:none}
            .chart .l{fill:none;stroke:var(--c);stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}.chart .thin{stroke-width:1}.chart .faint{stroke-opacity:.45}.chart .dash{stroke-dasharray:5 3}
            .chart .f{fill:var(--c)}.chart .b{fill:var(--c);fill-opacity:.16}.chart .w{fill:none;stroke:var(--c);stroke-width:1}
            .chart .q{fill:var(--sequential)}.chart .p{fill:var(--positive)}.chart .n{fill:var(--negative)}.chart .on{fill:var(--on-full)}
            .chart .c{font-size:11px}.chart .bg{fill:var(--card)}.chart .frame{fill:none;stroke:var(--edge)}.chart image{image-rendering:pixelated}

            """);
        for (int i = 0; i < Count; i++)
            css.Append(".s").Append(i).Append("{--c:var(--series-").Append(i).Append(")}");
        return css.Append('\n').ToString();
    }

    internal static string SeriesClass(int index) => "s" + (index % Count);

    /// <summary>Line style of a series: the second round through the colours is dashed.</summary>
    internal static string LineClass(int index) => index / Count % 2 == 0 ? $"l {SeriesClass(index)}" : $"l dash {SeriesClass(index)}";

    private static void Append(StringBuilder css, bool light)
    {
        foreach (var (name, onLight, onDark) in Colours)
            css.Append("--").Append(name).Append(':').Append(light ? onLight : onDark).Append(';');
        IReadOnlyList<string> series = light ? SeriesLight : SeriesDark;
        for (int i = 0; i < series.Count; i++)
            css.Append("--series-").Append(i).Append(':').Append(series[i]).Append(';');
    }
}
