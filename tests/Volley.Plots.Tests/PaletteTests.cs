using System.Globalization;

namespace Volley.Plots.Tests;

public class PaletteTests
{
    // Machado, Oliveira & Fernandes 2009, full severity, on linear RGB.
    private static readonly double[][] Deficiencies =
    [
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ];

    [Fact]
    public void EverySeriesStandsOutFromItsBackground()
    {
        var card = Palette.Colours.Single(c => c.Name == "card");
        Assert.All(Palette.SeriesLight, c => Assert.True(Contrast(c, card.Light) >= 3, c));
        Assert.All(Palette.SeriesDark, c => Assert.True(Contrast(c, card.Dark) >= 3, c));
    }

    [Theory]
    [InlineData("text", 7)]
    [InlineData("muted", 4.5)]
    [InlineData("rule", 3)]
    public void TextIsReadable(string name, double least)
    {
        var ink = Palette.Colours.Single(c => c.Name == name);
        foreach (string background in (string[])["page", "card"])
        {
            var paper = Palette.Colours.Single(c => c.Name == background);
            Assert.InRange(Contrast(ink.Light, paper.Light), least, 21);
            Assert.InRange(Contrast(ink.Dark, paper.Dark), least, 21);
        }
    }

    [Fact]
    public void ColoursStayApartForEveryKindOfColourVision()
    {
        foreach (IReadOnlyList<string> colours in (IReadOnlyList<string>[])[Palette.SeriesLight, Palette.SeriesDark])
        {
            foreach (double[] vision in Deficiencies)
            {
                for (int i = 0; i < colours.Count; i++)
                {
                    for (int j = 0; j < i; j++)
                        Assert.True(Distance(colours[i], colours[j], vision) >= 0.06, $"{colours[i]} and {colours[j]}");
                }
            }
        }
    }

    [Fact]
    public void EveryVariableUsedIsDefinedInBothSchemes()
    {
        string css = Palette.Variables(":root");
        string rules = Palette.ChartRules() + PageStyle.Rules;
        foreach (System.Text.RegularExpressions.Match use in System.Text.RegularExpressions.Regex.Matches(rules, @"var\((--[a-z0-9-]+)\)"))
        {
            string name = use.Groups[1].Value;
            int expected = name == "--c" ? 0 : 2;
            Assert.Equal(expected, css.Split(name + ":").Length - 1);
        }
    }

    private static double[] Linear(string hex) => [.. Enumerable.Range(0, 3).Select(i =>
    {
        double u = int.Parse(hex.AsSpan(1 + 2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return u <= 0.04045 ? u / 12.92 : Math.Pow((u + 0.055) / 1.055, 2.4);
    })];

    /// <summary>WCAG 2.2 contrast ratio.</summary>
    private static double Contrast(string a, string b)
    {
        static double Luminance(double[] c) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05;
        double x = Luminance(Linear(a)), y = Luminance(Linear(b));
        return Math.Max(x, y) / Math.Min(x, y);
    }

    /// <summary>Distance in OKLab (Ottosson 2020) of two colours as the eye with this deficiency sees them.</summary>
    private static double Distance(string a, string b, double[] vision)
    {
        double[] p = OkLab(Seen(Linear(a), vision)), q = OkLab(Seen(Linear(b), vision));
        return Math.Sqrt(p.Zip(q, (u, v) => (u - v) * (u - v)).Sum());
    }

    private static double[] Seen(double[] c, double[] m) => [.. Enumerable.Range(0, 3).Select(i => Math.Max(0, m[3 * i] * c[0] + m[3 * i + 1] * c[1] + m[3 * i + 2] * c[2]))];

    private static double[] OkLab(double[] c)
    {
        double l = Math.Cbrt(0.4122214708 * c[0] + 0.5363325363 * c[1] + 0.0514459929 * c[2]);
        double m = Math.Cbrt(0.2119034982 * c[0] + 0.6806995451 * c[1] + 0.1073969566 * c[2]);
        double s = Math.Cbrt(0.0883024619 * c[0] + 0.2817188376 * c[1] + 0.6299787005 * c[2]);
        return
        [
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        ];
    }
}
