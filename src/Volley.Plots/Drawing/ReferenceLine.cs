namespace Volley.Plots;

/// <summary>A dashed line across a chart at a value worth knowing, with its name: chance, the best epoch, a threshold.</summary>
public sealed record ReferenceLine(double Value, string Label)
{
    /// <summary>A horizontal line at a value of the y axis, its label above the right end.</summary>
    internal void DrawAcross(Svg svg, Frame frame)
    {
        if (!frame.Y.Shows(Value) || Value < frame.Y.Min || Value > frame.Y.Max)
            return;
        double y = frame.Y.Map(Value);
        svg.Line(frame.Plot.Left, y, frame.Plot.Right, y, "r");
        svg.LabelWithin(frame.Plot.Width, frame.Plot.Right, y - frame.Plot.Top > TextMetrics.LineHeight ? y - 4 : y + 13, Label, anchor: TextAnchor.End);
    }

    /// <summary>A vertical line at a value of the x axis, its label beside the foot or the head, on the side with more room.</summary>
    internal void DrawUp(Svg svg, Frame frame, bool atTop = false)
    {
        if (!frame.X.Shows(Value) || Value < frame.X.Min || Value > frame.X.Max)
            return;
        double x = frame.X.Map(Value);
        svg.Line(x, frame.Plot.Top, x, frame.Plot.Bottom, "r");
        bool rightOf = x - frame.Plot.Left < frame.Plot.Right - x;
        svg.LabelWithin(
            rightOf ? frame.Plot.Right - x - 4 : x - frame.Plot.Left - 4, rightOf ? x + 4 : x - 4,
            atTop ? frame.Plot.Top + 12 : frame.Plot.Bottom - 6, Label, anchor: rightOf ? TextAnchor.Start : TextAnchor.End);
    }
}
