using Volley.Autograd;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Kernels.StateSpace;
using Volley.Nn;
using Volley.Nn.StateSpace;
using Volley.Testing.Reference;

namespace Volley.Tests.Nn;

/// <summary>State-space layers computed naively in double, derivatives carried along: recurrences in both directions, and what stands behind them.</summary>
/// <param name="of">The numbers of a parameter, with the derivative that is asked for.</param>
internal sealed class ReferenceStateSpace(Func<Parameter, Dual[]> of)
{
    /// <summary>A complex number with a derivative.</summary>
    private readonly record struct Number(Dual Re, Dual Im)
    {
        public static Number operator +(Number a, Number b) => new(a.Re + b.Re, a.Im + b.Im);
        public static Number operator *(Number a, Number b) => new(a.Re * b.Re - a.Im * b.Im, a.Re * b.Im + a.Im * b.Re);

        public static Number operator /(Number a, Number b)
        {
            Dual size = b.Re * b.Re + b.Im * b.Im;
            return a * new Number(b.Re / size, -b.Im / size);
        }

        public static Number Exp(Number a)
        {
            Dual size = Dual.Exp(a.Re);
            (double sin, double cos) = Math.SinCos(a.Im.Value);
            return new(size * new Dual(cos, -sin * a.Im.Tangent), size * new Dual(sin, cos * a.Im.Tangent));
        }
    }

    public DualSequence Core(DiagonalStateSpace layer, DualSequence x)
    {
        Dual[] logStep = of(layer.Parameters[0]), logDecay = of(layer.Parameters[1]), frequency = of(layer.Parameters[2]);
        Dual[] b = of(layer.Parameters[3]), c = of(layer.Parameters[4]), d = of(layer.Parameters[5]);
        int channels = layer.Channels, modes = layer.Parameters[1].Value.Shape[1], sets = layer.Parameters[1].Value.Shape[0];
        DualSequence y = x.With(x.Step);
        foreach ((int sample, int t) in x.Rows())
        {
            for (int h = 0; h < channels; h++)
                y[sample, t, h] = d[h] * x[sample, t, h];
        }
        for (int h = 0; h < channels; h++)
        {
            for (int n = 0; n < modes; n++)
            {
                int at = h % sets * modes + n;
                Dual step = Dual.Exp(logStep[h]);
                var a = new Number(-Dual.Exp(logDecay[at]), frequency[at]);
                var one = new Number(Dual.Of(1), default);
                var z = new Number(step * a.Re, step * a.Im);
                Number next, input;
                if (layer.Discretization == Discretization.Bilinear)
                {
                    var half = new Number(z.Re * Dual.Of(0.5), z.Im * Dual.Of(0.5));
                    var minus = new Number(Dual.Of(1) - half.Re, -half.Im);
                    next = (one + half) / minus;
                    input = new Number(step, default) / minus;
                }
                else
                {
                    next = Number.Exp(z);
                    input = new Number(next.Re - Dual.Of(1), next.Im) / a;
                }
                input *= new Number(b[2 * at], b[2 * at + 1]);
                Number output = new(c[2 * (h * modes + n)], c[2 * (h * modes + n) + 1]);
                foreach (int sample in Enumerable.Range(0, x.Batch))
                {
                    Number state = default;
                    for (int t = 0; t < x.Length(sample); t++)
                    {
                        state = next * state + input * new Number(x[sample, t, h], default);
                        y[sample, t, h] += Dual.Of(2) * (output * state).Re;
                    }
                    if (layer is not BidirectionalStateSpace)
                        continue;
                    // y[t] gets k₁[j]·x[t + 1 + j]: the state behind t, read from the end.
                    Number back = new(c[2 * ((channels + h) * modes + n)], c[2 * ((channels + h) * modes + n) + 1]);
                    state = default;
                    for (int t = x.Length(sample) - 1; t >= 0; t--)
                    {
                        y[sample, t, h] += Dual.Of(2) * (back * state).Re;
                        state = next * state + input * new Number(x[sample, t, h], default);
                    }
                }
            }
        }
        return y;
    }

    public static DualSequence Gelu(DualSequence x)
    {
        DualSequence y = x.With(x.Step);
        for (int i = 0; i < x.Values.Length; i++)
            y.Values[i] = Gelu(x.Values[i]);
        return y;
    }

    public DualSequence Spikes(SpikeActivation layer, DualSequence x)
    {
        Dual[]? thresholds = layer.Parameters.Count == 0 ? null : of(layer.Parameters[0]);
        DualSequence y = x.With(x.Step);
        foreach ((int b, int t) in x.Rows())
        {
            for (int n = 0; n < x.Units; n++)
                y[b, t, n] = Spike(layer.Surrogate, thresholds is null ? x[b, t, n] : x[b, t, n] - thresholds[n % x.Step.Last]);
        }
        return y;
    }

    public DualSequence Gated(GatedLinear layer, DualSequence x)
    {
        Dual[] weight = of(layer.Weight), bias = of(layer.Bias);
        int inputs = x.Step.Last, width = layer.Weight.Value.Shape[1];
        DualSequence y = x.With(x.Step.WithLast(width / 2));
        foreach ((int b, int t) in x.Rows())
        {
            var p = new Dual[width];
            for (int o = 0; o < width; o++)
            {
                p[o] = bias[o];
                for (int i = 0; i < inputs; i++)
                    p[o] += x[b, t, i] * weight[i * width + o];
            }
            for (int o = 0; o < width / 2; o++)
                y[b, t, o] = p[o] / (Dual.Of(1) + Dual.Exp(-p[width / 2 + o]));
        }
        return y;
    }

    public DualSequence GatedSpikes(GatedSpikingUnit layer, DualSequence x)
    {
        Dual[] weight = of(layer.Parameters[0]), bias = of(layer.Parameters[1]), gamma = of(layer.Parameters[2]), beta = of(layer.Parameters[3]);
        int n = x.Units;
        Dual[] ternaryWeights = Ternary(layer.Surrogate, weight);
        DualSequence y = x.With(x.Step);
        foreach ((int b, int t) in x.Rows())
        {
            Dual[] row = [.. Enumerable.Range(0, n).Select(i => x[b, t, i])], ternary = Ternary(layer.Surrogate, row), v = new Dual[n];
            for (int o = 0; o < n; o++)
            {
                Dual p = bias[o], g = default;
                for (int i = 0; i < n; i++)
                {
                    p += ternary[i] * weight[i * n + o];
                    g += row[i] * ternaryWeights[i * n + o];
                }
                v[o] = p * g;
            }
            Dual count = Dual.Of(n), mean = default, variance = default;
            foreach (Dual value in v)
                mean += value / count;
            foreach (Dual value in v)
                variance += (value - mean) * (value - mean) / count;
            for (int o = 0; o < n; o++)
                y[b, t, o] = Gelu(gamma[o] * (v[o] - mean) / Dual.Sqrt(variance + Dual.Of(1e-5f)) + beta[o]);
        }
        return y;
    }

    /// <summary>Θ(x − d) − Θ(−x − d), d = 0.15·max |x|.</summary>
    private static Dual[] Ternary(ISurrogate surrogate, Dual[] x)
    {
        Dual largest = default;
        foreach (Dual value in x)
            largest = Math.Abs(value.Value) > largest.Value ? Dual.Abs(value) : largest;
        Dual d = Dual.Of(0.15f) * largest;
        return [.. x.Select(value => Spike(surrogate, value - d) - Spike(surrogate, -value - d))];
    }

    private static Dual Spike(ISurrogate surrogate, Dual distance) =>
        Dual.Spike(Dual.Of(distance.Value > 0 ? 1 : 0), Dual.Of(surrogate.Slope(new F64(distance.Value)).Value), distance);

    private static Dual Gelu(Dual x)
    {
        double distribution = ReferenceNormal.Distribution(x.Value), density = Math.Exp(-x.Value * x.Value / 2) / Math.Sqrt(2 * Math.PI);
        return x * new Dual(distribution, density * x.Tangent);
    }
}
