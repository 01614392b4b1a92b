using Volley.Kernels;

namespace Volley.Data;

/// <summary>The dashes of an image and the middles of its dots.</summary>
internal sealed record PathScene(IReadOnlyList<Dash> Dashes, Place First, Place Second);

/// <summary>Draws one image of <see cref="Paths"/>: white on black, with soft edges.</summary>
internal static class PathImage
{
    private const int Tries = 1000;

    // Of the distance that two dots apart should have, for an image of one pixel a side.
    private const double Tolerance = 1 / 128.0;

    public static void Draw(PathsOptions options, bool joined, Rng random, Span<byte> pixels)
    {
        int size = options.Size;
        PathScene scene = Compose(options, joined, random);
        pixels.Clear();
        foreach (Dash dash in scene.Dashes)
            Cover(pixels, size, dash, reach: Math.Max(0.5, size / 100.0));
        Cover(pixels, size, new Dash(scene.First, scene.First), Dot(size));
        Cover(pixels, size, new Dash(scene.Second, scene.Second), Dot(size));
    }

    /// <summary>From dash to dash. A long curve is about as long as a side, but two dashes must be told apart.</summary>
    public static double Pitch(PathsOptions options) => Math.Max(4, options.Size / (options.Dashes + 2.0));

    /// <summary>What is to be seen.</summary>
    /// <exception cref="ArgumentException">The curves do not fit.</exception>
    public static PathScene Compose(PathsOptions options, bool joined, Rng random)
    {
        PathScene? nearest = null;
        double miss = double.PositiveInfinity, wanted = 0, margin = Dot(options.Size) + 0.5;
        for (int attempt = 0; attempt < Tries && miss > Tolerance * options.Size; attempt++)
        {
            var curves = new PathCurves(options.Size, Pitch(options), random.Fork(attempt));
            if (!curves.TryGrow(options.Dashes, margin, out (Place First, Place Last) one) || !curves.TryGrow(options.Dashes, margin, out (Place First, Place Last) other))
                continue;
            // Of two dots apart, the first image only says how far: so the distance has the distribution of joined dots.
            bool asks = !joined && wanted == 0;
            ((Place first, Place second), double off) = joined || asks ? (one, 0) : Nearest(one, other, wanted);
            if (off >= miss || !TryDistract(curves, options, margin))
                continue;
            if (asks)
                wanted = first.Distance(second);
            else
                (nearest, miss) = (new PathScene(curves.Dashes, first, second), off);
        }
        return nearest ?? throw new ArgumentException(
            $"Two curves of {options.Dashes} dashes and {options.Distractors} shorter ones do not fit an image of {options.Size} x {options.Size}; ask for fewer.", nameof(options));
    }

    private static bool TryDistract(PathCurves curves, PathsOptions options, double margin)
    {
        for (int k = 0; k < options.Distractors; k++)
        {
            if (!curves.TryGrow(Math.Max(1, options.Dashes / 2), margin, out _))
                return false;
        }
        return true;
    }

    /// <summary>An end of each curve, whose distance is nearest to the one wanted, and how much is missing.</summary>
    private static ((Place, Place) Dots, double Off) Nearest((Place First, Place Last) one, (Place First, Place Last) other, double wanted)
    {
        ReadOnlySpan<(Place A, Place B)> all = [(one.First, other.First), (one.First, other.Last), (one.Last, other.First), (one.Last, other.Last)];
        ((Place, Place), double Off) best = (all[0], double.PositiveInfinity);
        foreach ((Place a, Place b) in all)
        {
            double off = Math.Abs(a.Distance(b) - wanted);
            if (off < best.Off)
                best = ((a, b), off);
        }
        return best;
    }

    /// <summary>The radius of a dot.</summary>
    private static double Dot(int size) => Math.Max(1.4, size / 28.0);

    /// <summary>Paints what lies within <paramref name="reach"/> of a dash (or of a dot, which has no length); the edge is half covered.</summary>
    private static void Cover(Span<byte> pixels, int size, Dash dash, double reach)
    {
        int left = (int)Math.Floor(Math.Min(dash.From.X, dash.To.X) - reach - 1), right = (int)Math.Ceiling(Math.Max(dash.From.X, dash.To.X) + reach + 1);
        int top = (int)Math.Floor(Math.Min(dash.From.Y, dash.To.Y) - reach - 1), bottom = (int)Math.Ceiling(Math.Max(dash.From.Y, dash.To.Y) + reach + 1);
        for (int y = Math.Max(0, top); y <= Math.Min(size - 1, bottom); y++)
        {
            for (int x = Math.Max(0, left); x <= Math.Min(size - 1, right); x++)
            {
                double distance = dash.From == dash.To ? dash.From.Distance(new Place(x, y)) : dash.Distance(new Place(x, y));
                var value = (byte)(Math.Clamp(reach + 0.5 - distance, 0, 1) * 255 + 0.5);
                ref byte pixel = ref pixels[y * size + x];
                pixel = Math.Max(pixel, value);
            }
        }
    }
}
