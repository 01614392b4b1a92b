using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>How a coefficient of a neuron comes about: a number, or learned values, one a neuron or one for all, through a map such as τ → e^(−Δt/τ).</summary>
/// <remarks>Keeps parameterisation out of the neuron: the neuron sees decays; the layer learns what the paper learns and applies one chain-rule factor.</remarks>
public sealed record Coefficient
{
    private readonly float _low, _high;
    private readonly Map _map;
    private readonly bool _learned, _shared;
    private readonly (float Min, float Max)? _box;
    private (float Min, float Max) _range;

    private Coefficient(float low, float high, Map map, bool learned, bool shared, (float, float)? box)
    {
        (_low, _high, _map, _learned, _shared, _box) = (low, high, map, learned, shared, box);
    }

    private enum Map
    {
        Itself,
        ExpDecay,
        RangedDecay,
        LinearDecay,
        OneMinusSigmoid,
        Sigmoid,
        SigmoidStep,
    }

    /// <summary>The same number for every neuron, not learned.</summary>
    public static Coefficient Fixed(float value) => new(value, value, Map.Itself, false, true, null);

    /// <summary>Learned, one a neuron, drawn from U(min, max) and kept in that box.</summary>
    public static Coefficient Boxed(float min, float max) => new(min, max, Map.Itself, true, false, (min, max));

    /// <summary>Learned, one a neuron (or one for all), starting at <paramref name="value"/>, without bounds.</summary>
    public static Coefficient Learned(float value, bool shared = false) => new(value, value, Map.Itself, true, shared, null);

    /// <summary>A decay e^(−1/τ) with a fixed time constant of <paramref name="tau"/> steps.</summary>
    public static Coefficient Decay(float tau) => new(tau, tau, Map.ExpDecay, false, true, null);

    /// <summary>A decay e^(−1/τ) whose time constant in steps is learned, one a neuron, drawn from U(min, max) and kept there.</summary>
    /// <remarks>What is learned is p in [0, 1] with τ = min + p·(max − min), as in SE-adLIF (Baronig et al. 2025), so that one learning rate fits short and long ranges.</remarks>
    public static Coefficient LearnedDecay(float minTau, float maxTau) =>
        new(0, 1, Map.RangedDecay, true, false, (0, 1)) { _range = (minTau, maxTau) };

    /// <summary>A decay 1 − 1/τ with a fixed time constant of <paramref name="tau"/> steps: forward Euler, as in SpikingJelly.</summary>
    public static Coefficient EulerDecay(float tau) => new(tau, tau, Map.LinearDecay, false, true, null);

    /// <summary>A decay 1 − σ(w) with w learned, one for the layer, starting where the time constant is <paramref name="tau"/> steps (PLIF, Fang et al. 2021).</summary>
    public static Coefficient SigmoidDecay(float tau)
    {
        float w = -MathF.Log(tau - 1);
        return new(w, w, Map.OneMinusSigmoid, true, true, null);
    }

    /// <summary>A number in (0, 1) that is learned, one a neuron, as σ(w), starting at <paramref name="value"/>.</summary>
    /// <param name="hard">True for 1 where σ(w) &gt; ½ and 0 elsewhere, with the gradient of σ(w): straight through.</param>
    public static Coefficient Gate(float value, bool hard = false)
    {
        if (!(value is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A gate must start between 0 and 1.");
        float w = -MathF.Log(1 / value - 1);
        return new(w, w, hard ? Map.SigmoidStep : Map.Sigmoid, true, false, null);
    }

    /// <summary>1 minus another parameter of the same neuron, given by its place among the kernel's parameters: the gain of a decayed input.</summary>
    public static Coefficient OneMinus(int parameter) => Fixed(0) with { Complemented = parameter };

    /// <summary>The place of the parameter this is 1 minus of; null if it stands for itself.</summary>
    internal int? Complemented { get; private init; }

    /// <summary>True if it is learned.</summary>
    public bool IsLearned => _learned;

    internal CoefficientValue Make(string name, int neurons, Rng random)
    {
        if (!_learned)
            return new CoefficientValue(this, null);
        var value = Tensor.Zeros(new Shape(_shared ? 1 : neurons));
        for (int i = 0; i < value.Shape.Count; i++)
            value.Data[i] = _low == _high ? _low : Math.Clamp(_low + (_high - _low) * random.Uniform(i), _low, _high);
        return new CoefficientValue(this, new Parameter(name, value) { Decays = false, Box = _box });
    }

    private double Tau(float raw) => _range.Min + (double)raw * (_range.Max - _range.Min);

    private float Apply(float raw) => _map switch
    {
        Map.Itself => raw,
        Map.ExpDecay => (float)Math.Exp(-1.0 / raw),
        Map.RangedDecay => (float)Math.Exp(-1.0 / Tau(raw)),
        Map.LinearDecay => 1 - 1 / raw,
        Map.Sigmoid => (float)(1 / (1 + Math.Exp(-(double)raw))),
        Map.SigmoidStep => raw > 0 ? 1 : 0,
        _ => (float)(1 - 1 / (1 + Math.Exp(-(double)raw))),
    };

    private double Slope(float raw)
    {
        switch (_map)
        {
            case Map.ExpDecay:
                return Math.Exp(-1.0 / raw) / ((double)raw * raw);
            case Map.RangedDecay:
                double tau = Tau(raw);
                return Math.Exp(-1 / tau) / (tau * tau) * ((double)_range.Max - _range.Min);
            case Map.LinearDecay:
                return 1 / ((double)raw * raw);
            case Map.OneMinusSigmoid or Map.Sigmoid or Map.SigmoidStep:
                double sigmoid = 1 / (1 + Math.Exp(-(double)raw)), slope = sigmoid * (1 - sigmoid);
                return _map == Map.OneMinusSigmoid ? -slope : slope;
            default:
                return 1;
        }
    }

    /// <summary>A coefficient of one layer: its parameter, if it is learned.</summary>
    internal sealed class CoefficientValue(Coefficient rule, Parameter? parameter)
    {
        public Parameter? Parameter { get; } = parameter;

        /// <summary>Writes the coefficient of every neuron.</summary>
        public void Fill(Span<float> coefficients)
        {
            if (Parameter is null)
            {
                coefficients.Fill(rule.Apply(rule._low));
                return;
            }
            Span<float> raw = Parameter.Value.Data;
            if (rule._shared)
            {
                coefficients.Fill(rule.Apply(raw[0]));
                return;
            }
            for (int i = 0; i < coefficients.Length; i++)
                coefficients[i] = rule.Apply(raw[i]);
        }

        /// <summary>Adds the gradient of the parameter, given those of the coefficients.</summary>
        public void Accumulate(ReadOnlySpan<float> dCoefficients)
        {
            if (Parameter is null)
                return;
            Span<float> raw = Parameter.Value.Data, gradient = Parameter.Gradient.Data;
            if (rule._shared)
            {
                double sum = 0;
                foreach (float d in dCoefficients)
                    sum += d;
                gradient[0] += (float)(sum * rule.Slope(raw[0]));
                return;
            }
            for (int i = 0; i < dCoefficients.Length; i++)
                gradient[i] += (float)(dCoefficients[i] * rule.Slope(raw[i]));
        }
    }
}
