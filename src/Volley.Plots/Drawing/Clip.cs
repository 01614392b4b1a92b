namespace Volley.Plots;

/// <summary>Keeps what is drawn within the plot area.</summary>
internal static class Clip
{
    /// <summary>Opens a group that shows nothing outside <paramref name="plot"/>, but for the half width of a line on its edge. The caller closes it.</summary>
    public static void Open(Svg svg, string id, Box plot)
    {
        svg.Open("clipPath").Set("id", id);
        svg.Open("rect").Set("x", plot.Left - 2).Set("y", plot.Top - 2).Set("width", plot.Width + 4).Set("height", plot.Height + 4).Close();
        svg.Close();
        svg.Open("g").Set("clip-path", $"url(#{id})");
    }
}
