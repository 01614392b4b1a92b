using Volley.Kernels;

namespace Volley.Data;

/// <summary>A place in an image, in pixels; (0, 0) is the middle of the first pixel.</summary>
internal readonly record struct Place(double X, double Y)
{
    public double SquareDistance(Place other) => (X - other.X) * (X - other.X) + (Y - other.Y) * (Y - other.Y);

    public double Distance(Place other) => Math.Sqrt(SquareDistance(other));
}

/// <summary>One dash: a straight line.</summary>
internal readonly record struct Dash(Place From, Place To)
{
    public Place Middle => new((From.X + To.X) / 2, (From.Y + To.Y) / 2);

    /// <summary>From a place to the nearest of the dash.</summary>
    public double Distance(Place place)
    {
        double dx = To.X - From.X, dy = To.Y - From.Y;
        double along = Math.Clamp(((place.X - From.X) * dx + (place.Y - From.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        return place.Distance(new Place(From.X + along * dx, From.Y + along * dy));
    }

}

/// <summary>Grows dashed curves that keep away from each other and from the edge. Lengths are in pixels.</summary>
/// <param name="size">Pixels a side.</param>
/// <param name="pitch">From the middle of a dash to that of the next.</param>
/// <param name="random">Draws.</param>
internal sealed class PathCurves(int size, double pitch, Rng random)
{
    // A dash is this part of the pitch, the rest is gap.
    private const double Ink = 0.6;

    // In turns: the curve's bend changes by so much a dash at most, and stays below so much.
    private const double BendStep = 0.05, MostBend = 0.09;

    // What is nearer than this many pitches is taken for the same curve.
    private const double Clearance = 0.8;

    private const int Tries = 40;

    private readonly List<Dash> _dashes = [];
    private long _drawn;

    /// <summary>All dashes so far.</summary>
    public IReadOnlyList<Dash> Dashes => _dashes;

    /// <summary>Adds a curve and gives its two ends; false where it did not fit.</summary>
    public bool TryGrow(int dashes, double margin, out (Place First, Place Last) ends)
    {
        int before = _dashes.Count;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            if (Walk(before, dashes, margin))
            {
                ends = (_dashes[before].From, _dashes[^1].To);
                return true;
            }
            _dashes.RemoveRange(before, _dashes.Count - before);
        }
        ends = default;
        return false;
    }

    private bool Walk(int first, int dashes, double margin)
    {
        double room = size - 1 - 2 * margin;
        var at = new Place(margin + Uniform() * room, margin + Uniform() * room);
        double heading = Uniform(), bend = 0;
        for (int i = 0; i < dashes; i++)
        {
            bend = Math.Clamp(bend + (2 * Uniform() - 1) * BendStep, -MostBend, MostBend);
            heading += bend;
            (double dx, double dy) = (StableMath.CosTurns(heading) * pitch, StableMath.SinTurns(heading) * pitch);
            var dash = new Dash(new Place(at.X - dx * Ink / 2, at.Y - dy * Ink / 2), new Place(at.X + dx * Ink / 2, at.Y + dy * Ink / 2));
            if (!Inside(dash.From, margin) || !Inside(dash.To, margin) || Touches(dash, first))
                return false;
            _dashes.Add(dash);
            at = new Place(at.X + dx, at.Y + dy);
        }
        return true;
    }

    private bool Inside(Place place, double margin) =>
        place.X >= margin && place.Y >= margin && place.X <= size - 1 - margin && place.Y <= size - 1 - margin;

    /// <summary>Whether a dash comes near to another curve, or to its own but for the dash before it.</summary>
    private bool Touches(Dash dash, int first)
    {
        // Their ends are half a dash from their middles.
        double far = (Clearance + Ink) * (Clearance + Ink) * pitch * pitch;
        for (int i = 0; i < _dashes.Count; i++)
        {
            bool neighbour = i >= first && i == _dashes.Count - 1;
            if (neighbour || _dashes[i].Middle.SquareDistance(dash.Middle) > far)
                continue;
            double nearest = Math.Min(
                Math.Min(_dashes[i].Distance(dash.From), _dashes[i].Distance(dash.To)),
                Math.Min(dash.Distance(_dashes[i].From), dash.Distance(_dashes[i].To)));
            if (nearest < Clearance * pitch)
                return true;
        }
        return false;
    }

    private double Uniform() => random.Bits32(_drawn++) * (1.0 / 4294967296);
}
