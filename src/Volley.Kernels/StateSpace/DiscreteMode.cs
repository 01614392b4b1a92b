using System.Numerics;

namespace Volley.Kernels.StateSpace;

/// <summary>One mode of one channel, in double: from what is learned to one time step, and back.</summary>
/// <remarks>Gradients of a complex w are ∂/∂Re w + i·∂/∂Im w; through a holomorphic w = f(v) they go back as conj(f′(v))·dw.</remarks>
internal readonly struct DiscreteMode
{
    /// <summary>Re A never comes closer to 0 than this, so that no mode lasts for ever.</summary>
    public const double LeastDecay = 1e-4;

    private readonly Complex _a, _b, _unit, _half;
    private readonly double _step, _decay;
    private readonly Discretization _rule;

    public unsafe DiscreteMode(in StateSpacePointers p, in StateSpaceCall call, int channel, int mode)
    {
        int at = channel % call.Sets * call.Modes + mode;
        _rule = call.Rule;
        _step = Math.Exp(p.LogStep[channel]);
        _decay = Math.Exp(p.LogDecay[at]);
        _a = new Complex(-Math.Max(_decay, LeastDecay), p.Frequency[at]);
        _b = new Complex(p.B[2 * at], p.B[2 * at + 1]);
        if (_rule == Discretization.Bilinear)
        {
            _half = Complex.One / (1 - _step / 2 * _a);
            Step = (1 + _step / 2 * _a) * _half;
            _unit = _step * _half;
        }
        else
        {
            _half = default;
            Step = Complex.Exp(_step * _a);
            _unit = (Step - 1) / _a;
        }
        Input = _unit * _b;
    }

    /// <summary>Ā.</summary>
    public Complex Step { get; }

    /// <summary>B̄.</summary>
    public Complex Input { get; }

    /// <summary>The gradients of what is learned, given those of Ā and B̄.</summary>
    public void Backward(Complex dStep, Complex dInput, out double dLogStep, out double dLogDecay, out double dFrequency, out Complex dB)
    {
        dB = Complex.Conjugate(_unit) * dInput;
        Complex dUnit = Complex.Conjugate(_b) * dInput, dA;
        double dDelta;
        if (_rule == Discretization.Bilinear)
        {
            // With h = Δ·A/2: Ā = (1 + h)/(1 − h), unit = Δ/(1 − h).
            Complex square = _half * _half;
            Complex dHalf = Complex.Conjugate(2 * square) * dStep + Complex.Conjugate(_step * square) * dUnit;
            dA = _step / 2 * dHalf;
            dDelta = (Complex.Conjugate(_a / 2) * dHalf).Real + (Complex.Conjugate(_half) * dUnit).Real;
        }
        else
        {
            // With z = Δ·A: Ā = e^z, unit = (e^z − 1)/A.
            Complex dZ = Complex.Conjugate(Step) * dStep + Complex.Conjugate(Step / _a) * dUnit;
            dA = _step * dZ - Complex.Conjugate(_unit / _a) * dUnit;
            dDelta = (Complex.Conjugate(_a) * dZ).Real;
        }
        dLogStep = _step * dDelta;
        dLogDecay = _decay > LeastDecay ? -_decay * dA.Real : 0;
        dFrequency = dA.Imaginary;
    }
}
