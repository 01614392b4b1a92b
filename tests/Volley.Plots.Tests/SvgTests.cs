using System.Xml.Linq;

namespace Volley.Plots.Tests;

public class SvgTests
{
    [Fact]
    public void TextAndAttributesAreEscaped()
    {
        string text = new Svg().Open("a").Set("b", "<&>\"'").Text("<&>\"'").Close().ToString();
        Assert.Equal("<a b=\"&lt;&amp;&gt;&quot;&#39;\">&lt;&amp;&gt;&quot;&#39;</a>", text);
        XElement read = Xml.Read(text);
        Assert.Equal("<&>\"'", read.Value);
        Assert.Equal("<&>\"'", read.Attribute("b")!.Value);
    }

    [Theory]
    [InlineData("a\u0000b", "a\uFFFDb")]
    [InlineData("🙂", "🙂")]
    [InlineData("\uFFFE\uFFFF\u0085", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("abc\u202Edef", "abc\uFFFDdef")]
    [InlineData("tab\tline\n", "tab\tline\n")]
    [InlineData(null, "")]
    public void WhatXmlCannotHoldIsReplaced(string? text, string expected) => Assert.Equal(expected, Markup.Escape(text));

    [Fact]
    public void HalfACharacterIsReplaced()
    {
        Assert.Equal("\uFFFDx", Markup.Escape("\uD83Dx"));
        Assert.Equal("x\uFFFD", Markup.Escape("x\uDE42"));
        Assert.Equal("\uFFFD", Markup.Escape("\uD83D"));
    }

    [Fact]
    public void EmptyElementsCloseThemselvesUnlessTold()
    {
        Assert.Equal("<g/>", new Svg().Open("g").Close().ToString());
        Assert.Equal("<p></p>", new Svg().Open("p").CloseFully().ToString());
    }

    [Fact]
    public void MisuseIsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new Svg().Open("g").ToString());
        Assert.Throws<InvalidOperationException>(() => new Svg().Open("g").Text("x").Set("a", "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Svg().Open("g").Set("x", double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Svg().Open("g").Set("x", double.PositiveInfinity));
    }

    [Theory]
    [InlineData(1.005, "1")]
    [InlineData(-0.001, "0")]
    [InlineData(12.346, "12.35")]
    [InlineData(1e7, "10000000")]
    public void NumbersAreShort(double value, string expected) => Assert.Equal(expected, Svg.Number(value));

    [Fact]
    public void LabelsArePushedApartInOrder()
    {
        Assert.Equal([10.0, 25, 60], Legend.Spread([10, 11, 60], 15, 0, 100));
        Assert.Equal([85.0, 100, 70], Legend.Spread([98, 99, 97], 15, 0, 100));
        Assert.Empty(Legend.Spread([], 15, 0, 100));
    }

    [Fact]
    public void LongNamesAreShortenedAndKeptInTheTooltip()
    {
        string name = new('n', 200);
        XElement label = Xml.Read(new Svg().LabelWithin(60, 0, 0, name).ToString());
        Assert.EndsWith("…", label.Nodes().OfType<XText>().First().Value, StringComparison.Ordinal);
        Assert.Equal(name, label.Element("title")!.Value);
    }
}
