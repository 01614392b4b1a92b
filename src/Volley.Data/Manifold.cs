using Volley.Kernels;

namespace Volley.Data;

/// <summary>A smooth random manifold: one function f_u on [0, 1]^D for each unit u, scaled to [0, 1].</summary>
/// <remarks>f_u(x) = ∏_j Σ_k θ₀ k^−α sin(2π((k − 1) x_j θ₁ + θ₂)), k = 2 … K, θ uniform on [0, 1) for every (u, j, k); K = min(⌈0.001^(−1/α)⌉, 1000)
/// (Zenke &amp; Vogels 2021; the constant term k = 1 is left out, as in the authors' code).</remarks>
internal sealed class Manifold
{
    private const double Precision = 1e-3;
    private const int MostTerms = 1000;
    private const int GridPoints = 1024;

    private readonly int _units, _dimension, _terms;
    private readonly double[] _amplitude, _frequency, _phase;   // [units, dimension, terms]
    private readonly double[] _least, _scale;                   // [units]

    public Manifold(int units, int dimension, double alpha, Rng random)
    {
        _units = units;
        _dimension = dimension;
        double cutoff = Math.Ceiling(StableMath.Power(1 / Precision, 1 / alpha) - 1e-9);
        _terms = (int)Math.Clamp(cutoff, 2, MostTerms) - 1;

        int parameters = units * dimension * _terms;
        _amplitude = new double[parameters];
        _frequency = new double[parameters];
        _phase = new double[parameters];
        for (int i = 0; i < parameters; i++)
        {
            int harmonic = i % _terms + 1;
            _amplitude[i] = Uniform(random, 3L * i) * StableMath.Power(harmonic + 1, -alpha);
            _frequency[i] = Uniform(random, 3L * i + 1) * harmonic;
            _phase[i] = Uniform(random, 3L * i + 2);
        }
        (_least, _scale) = Range();
    }

    /// <summary>Element <paramref name="index"/> of a stream, uniform on [0, 1): a multiple of 2⁻⁵³.</summary>
    public static double Uniform(Rng random, long index) => (random.Bits64(index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>The value of every unit at a point, clamped to [0, 1].</summary>
    public void Evaluate(ReadOnlySpan<double> point, Span<double> values)
    {
        Raw(point, values);
        for (int u = 0; u < _units; u++)
            values[u] = Math.Clamp((values[u] - _least[u]) * _scale[u], 0, 1);
    }

    private void Raw(ReadOnlySpan<double> point, Span<double> values)
    {
        for (int u = 0; u < _units; u++)
        {
            double product = 1;
            for (int j = 0; j < _dimension; j++)
            {
                int start = (u * _dimension + j) * _terms;
                double sum = 0;
                for (int i = start; i < start + _terms; i++)
                    sum += _amplitude[i] * StableMath.SinTurns(point[j] * _frequency[i] + _phase[i]);
                product *= sum;
            }
            values[u] = product;
        }
    }

    // The range of each unit over a fixed grid, and not over the samples, so that a sample does not depend on how many are drawn.
    // Between the points of the grid a value may leave the range by a hair: Evaluate clamps it.
    private (double[] Least, double[] Scale) Range()
    {
        int side = 2;
        while (Points(side + 1) <= GridPoints)
            side++;

        int points = (int)Points(side);
        double[] least = new double[_units], scale = new double[_units], axes = new double[_dimension * side];
        for (int u = 0; u < _units; u++)
        {
            for (int j = 0; j < _dimension; j++)
                Tabulate((u * _dimension + j) * _terms, axes.AsSpan(j * side, side));
            double low = double.MaxValue, high = double.MinValue;
            for (int i = 0; i < points; i++)
            {
                double product = 1;
                for (int j = 0, rest = i; j < _dimension; j++, rest /= side)
                    product *= axes[j * side + rest % side];
                (low, high) = (Math.Min(low, product), Math.Max(high, product));
            }
            (least[u], scale[u]) = (low, high > low ? 1 / (high - low) : 0);
        }
        return (least, scale);
    }

    // The sum over harmonics at x = 0 … 1 in equal steps. Each harmonic turns by the same angle a step: a rotation in place of a sine.
    private void Tabulate(int start, Span<double> values)
    {
        values.Clear();
        for (int i = start; i < start + _terms; i++)
        {
            double turn = _frequency[i] / (values.Length - 1);
            double sinTurn = StableMath.SinTurns(turn), cosTurn = StableMath.SinTurns(turn + 0.25);
            double sin = _amplitude[i] * StableMath.SinTurns(_phase[i]), cos = _amplitude[i] * StableMath.SinTurns(_phase[i] + 0.25);
            for (int x = 0; x < values.Length; x++)
            {
                values[x] += sin;
                (sin, cos) = (sin * cosTurn + cos * sinTurn, cos * cosTurn - sin * sinTurn);
            }
        }
    }

    private long Points(int side)
    {
        long points = 1;
        for (int j = 0; j < _dimension; j++)
            points *= side;
        return points;
    }
}
