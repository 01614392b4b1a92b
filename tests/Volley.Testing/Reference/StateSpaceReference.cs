using System.Numerics;
using Volley.Kernels.StateSpace;

namespace Volley.Testing.Reference;

/// <summary>A diagonal state-space layer in double, straight from the equations: discretisation, kernel, convolution sums, and the recurrence.</summary>
public sealed class StateSpaceReference(StateSpaceCall call)
{
    public double[] LogStep { get; init; } = new double[call.Channels];

    public double[] LogDecay { get; init; } = new double[call.Sets * call.Modes];

    public double[] Frequency { get; init; } = new double[call.Sets * call.Modes];

    public double[] B { get; init; } = new double[2 * call.Sets * call.Modes];

    public double[] C { get; init; } = new double[2 * call.Directions * call.Channels * call.Modes];

    public double[] D { get; init; } = new double[call.Channels];

    /// <summary>All that is learned, with names.</summary>
    public (string Name, double[] Values)[] Parameters =>
        [("log Δ", LogStep), ("log decay", LogDecay), ("frequency", Frequency), ("B", B), ("C", C), ("D", D)];

    /// <summary>Ā and B̄.</summary>
    public (Complex Step, Complex Input) Discrete(int channel, int mode)
    {
        int at = channel % call.Sets * call.Modes + mode;
        double step = Math.Exp(LogStep[channel]);
        var a = new Complex(-Math.Max(Math.Exp(LogDecay[at]), 1e-4), Frequency[at]);
        var b = new Complex(B[2 * at], B[2 * at + 1]);
        return call.Rule == Discretization.Bilinear
            ? ((1 + step * a / 2) / (1 - step * a / 2), step / (1 - step * a / 2) * b)
            : (Complex.Exp(step * a), (Complex.Exp(step * a) - 1) / a * b);
    }

    /// <summary>K[l] of one channel and direction.</summary>
    public double[] Kernel(int direction, int channel, int steps)
    {
        var kernel = new double[steps];
        for (int n = 0; n < call.Modes; n++)
        {
            (Complex step, Complex input) = Discrete(channel, n);
            Complex term = Output(direction, channel, n) * input;
            for (int l = 0; l < steps; l++, term *= step)
                kernel[l] += 2 * term.Real;
        }
        return kernel;
    }

    /// <summary>y [B, L, H] by sums over all lags; x is 0 behind a sample's length, and so is y.</summary>
    public double[] Forward(ReadOnlySpan<double> x, int[]? lengths)
    {
        int steps = call.Steps, channels = call.Channels;
        var y = new double[x.Length];
        for (int h = 0; h < channels; h++)
        {
            double[] forward = Kernel(0, h, steps), backward = call.Bidirectional ? Kernel(1, h, steps) : new double[steps];
            for (int b = 0; b < call.Batch; b++)
            {
                int length = lengths?[b] ?? steps;
                for (int t = 0; t < length; t++)
                {
                    double sum = D[h] * x[(b * steps + t) * channels + h];
                    for (int j = 0; j <= t; j++)
                        sum += forward[j] * x[(b * steps + t - j) * channels + h];
                    for (int j = 0; t + 1 + j < length; j++)
                        sum += backward[j] * x[(b * steps + t + 1 + j) * channels + h];
                    y[(b * steps + t) * channels + h] = sum;
                }
            }
        }
        return y;
    }

    /// <summary>One channel of a causal layer step by step: x ← Ā·x + B̄·u, y = 2·Re(C·x) + D·u.</summary>
    public double[] Recurrence(int channel, ReadOnlySpan<double> u)
    {
        var y = new double[u.Length];
        var state = new Complex[call.Modes];
        for (int t = 0; t < u.Length; t++)
        {
            y[t] = D[channel] * u[t];
            for (int n = 0; n < call.Modes; n++)
            {
                (Complex step, Complex input) = Discrete(channel, n);
                state[n] = step * state[n] + input * u[t];
                y[t] += 2 * (Output(0, channel, n) * state[n]).Real;
            }
        }
        return y;
    }

    private Complex Output(int direction, int channel, int mode)
    {
        int at = 2 * ((direction * call.Channels + channel) * call.Modes + mode);
        return new Complex(C[at], C[at + 1]);
    }
}
