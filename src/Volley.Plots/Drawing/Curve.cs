namespace Volley.Plots;

/// <summary>Turns values into paths: a gap in the data is a gap in the line, and a line never has more points than the page can show.</summary>
internal static class Curve
{
    /// <summary>The line through the points that both scales show, broken where one does not.</summary>
    public static string Line(IReadOnlyList<double> x, IReadOnlyList<double> y, Scale across, Scale up)
    {
        var path = new PathData();
        foreach (List<(double X, double Y)> run in Runs(x, y, across, up))
        {
            bool first = true;
            foreach (var (px, py) in Thin(run))
            {
                if (first)
                    path.Move(px, py);
                else
                    path.Line(px, py);
                first = false;
            }
        }
        return path.ToString();
    }

    /// <summary>The area between <paramref name="low"/> and <paramref name="high"/>.</summary>
    public static string Band(IReadOnlyList<double> x, IReadOnlyList<double> low, IReadOnlyList<double> high, Scale across, Scale up)
    {
        var path = new PathData();
        int count = Math.Min(x.Count, Math.Min(low.Count, high.Count));
        bool Shown(int i) => across.Shows(x[i]) && up.Shows(low[i]) && up.Shows(high[i]);
        for (int start = 0; start < count; start++)
        {
            if (!Shown(start))
                continue;
            int end = start;
            while (end < count && Shown(end))
                end++;
            for (int i = start; i < end; i++)
                _ = i == start ? path.Move(across.Map(x[i]), up.Map(high[i])) : path.Line(across.Map(x[i]), up.Map(high[i]));
            for (int i = end - 1; i >= start; i--)
                path.Line(across.Map(x[i]), up.Map(low[i]));
            path.Close();
            start = end;
        }
        return path.ToString();
    }

    /// <summary>Unbroken stretches of points in page coordinates.</summary>
    public static List<List<(double X, double Y)>> Runs(IReadOnlyList<double> x, IReadOnlyList<double> y, Scale across, Scale up)
    {
        var runs = new List<List<(double, double)>>();
        List<(double, double)>? run = null;
        for (int i = 0; i < Math.Min(x.Count, y.Count); i++)
        {
            if (!across.Shows(x[i]) || !up.Shows(y[i]))
            {
                run = null;
                continue;
            }
            if (run is null)
                runs.Add(run = []);
            run.Add((across.Map(x[i]), up.Map(y[i])));
        }
        return runs;
    }

    /// <summary>First, lowest, highest and last point of every half pixel: the drawn line covers the same pixels as the whole one.</summary>
    private static IEnumerable<(double X, double Y)> Thin(List<(double X, double Y)> run)
    {
        const double column = 0.5;
        int start = 0;
        while (start < run.Count)
        {
            double edge = Math.Floor(run[start].X / column);
            int end = start + 1, low = start, high = start;
            while (end < run.Count && Math.Floor(run[end].X / column) == edge)
            {
                low = run[end].Y < run[low].Y ? end : low;
                high = run[end].Y > run[high].Y ? end : high;
                end++;
            }
            int last = -1;
            foreach (int i in (int[])[start, Math.Min(low, high), Math.Max(low, high), end - 1])
            {
                if (i > last)
                    yield return run[i];
                last = Math.Max(last, i);
            }
            start = end;
        }
    }
}
