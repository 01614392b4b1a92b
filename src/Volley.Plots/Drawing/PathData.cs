using System.Globalization;
using System.Text;

namespace Volley.Plots;

/// <summary>The <c>d</c> of a path, in absolute coordinates with two decimals.</summary>
internal sealed class PathData
{
    private readonly StringBuilder data = new();

    public PathData Move(double x, double y) => Add('M', x, y);

    public PathData Line(double x, double y) => Add('L', x, y);

    public PathData Close()
    {
        data.Append('Z');
        return this;
    }

    public override string ToString() => data.ToString();

    private PathData Add(char command, double x, double y)
    {
        data.Append(command).Append(Svg.Number(x)).Append(CultureInfo.InvariantCulture, $" {Svg.Number(y)}");
        return this;
    }
}
