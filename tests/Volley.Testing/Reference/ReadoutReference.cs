namespace Volley.Testing.Reference;

/// <summary>A readout of one sample in double: y [steps, classes] to scores [classes], and the gradient of y for a gradient g of the scores.</summary>
public sealed record ReadoutReference(
    string Name,
    Func<double[], int, int, double[]> Forward,
    Func<double[], double[], int, int, double[]> Backward)
{
    public static IReadOnlyList<ReadoutReference> All { get; } =
    [
        new("SumSoftmax", (y, steps, classes) =>
        {
            var scores = new double[classes];
            for (int t = 0; t < steps; t++)
            {
                double[] p = Softmax(y, t, classes);
                for (int c = 0; c < classes; c++)
                    scores[c] += p[c];
            }
            return scores;
        }, (y, g, steps, classes) =>
        {
            var dY = new double[y.Length];
            for (int t = 0; t < steps; t++)
            {
                double[] p = Softmax(y, t, classes);
                double dot = 0;
                for (int c = 0; c < classes; c++)
                    dot += p[c] * g[c];
                for (int c = 0; c < classes; c++)
                    dY[t * classes + c] = p[c] * (g[c] - dot);
            }
            return dY;
        }),
        new("Mean", (y, steps, classes) => [.. Sum(y, steps, classes).Select(s => steps == 0 ? 0 : s / steps)],
            (_, g, steps, classes) => Spread(g, steps, classes, (_, _) => 1.0 / steps)),
        new("Max", (y, steps, classes) => [.. Enumerable.Range(0, classes).Select(c => steps == 0 ? 0 : y[First(y, steps, classes, c) * classes + c])],
            (y, g, steps, classes) => Spread(g, steps, classes, (t, c) => t == First(y, steps, classes, c) ? 1 : 0)),
        new("Last", (y, steps, classes) => [.. Enumerable.Range(0, classes).Select(c => steps == 0 ? 0 : y[(steps - 1) * classes + c])],
            (_, g, steps, classes) => Spread(g, steps, classes, (t, _) => t == steps - 1 ? 1 : 0)),
        new("Sum", Sum, (_, g, steps, classes) => Spread(g, steps, classes, (_, _) => 1)),
    ];

    public override string ToString() => Name;

    public static double[] Softmax(double[] y, int row, int classes)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int c = 0; c < classes; c++)
            max = Math.Max(max, y[row * classes + c]);
        var p = new double[classes];
        for (int c = 0; c < classes; c++)
            sum += p[c] = Math.Exp(y[row * classes + c] - max);
        for (int c = 0; c < classes; c++)
            p[c] /= sum;
        return p;
    }

    private static double[] Sum(double[] y, int steps, int classes)
    {
        var scores = new double[classes];
        for (int i = 0; i < steps * classes; i++)
            scores[i % classes] += y[i];
        return scores;
    }

    private static int First(double[] y, int steps, int classes, int c)
    {
        int first = 0;
        for (int t = 1; t < steps; t++)
        {
            if (y[t * classes + c] > y[first * classes + c])
                first = t;
        }
        return first;
    }

    private static double[] Spread(double[] g, int steps, int classes, Func<int, int, double> share)
    {
        var dY = new double[steps * classes];
        for (int i = 0; i < dY.Length; i++)
            dY[i] = g[i % classes] * share(i / classes, i % classes);
        return dY;
    }
}
