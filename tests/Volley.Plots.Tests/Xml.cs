using System.Xml;
using System.Xml.Linq;

namespace Volley.Plots.Tests;

/// <summary>Reads what was written with the strictest reader at hand.</summary>
internal static class Xml
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Read(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, CheckCharacters = true });
        return XDocument.Load(reader).Root!;
    }

    public static XElement Read(Chart chart) => Read(chart.ToSvg());

    public static string[] Texts(XElement svg) => [.. svg.Descendants(Svg + "text").Select(t => string.Concat(t.Nodes().OfType<XText>().Select(n => n.Value)))];

    public static IEnumerable<XElement> OfClass(this XElement root, string name) =>
        root.Descendants().Where(e => ((string?)e.Attribute("class") ?? "").Split(' ').Contains(name));

    public static double Number(this XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);
}
