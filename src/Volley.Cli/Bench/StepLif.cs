using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Cli.Bench;

/// <summary>LIF as it is usually written: a loop over time, and at every step one pass over memory each to charge, to fire and to reset; the same three
/// backwards. What the PSN paper measured its neuron against. τ = 2, θ = 1, soft reset that carries no gradient, ATan(2).</summary>
/// <remarks>Every pass is vectorised and spread over the threads, so that what is slow about it is the traffic and the number of passes.</remarks>
internal sealed class StepLif(Cpu cpu, int steps, int neurons)
{
    private readonly Tensor _v = Tensor.Zeros(new Shape(neurons)), _dv = Tensor.Zeros(new Shape(neurons));
    private readonly Tensor _h = Tensor.Zeros(new Shape(steps, neurons)), _s = Tensor.Zeros(new Shape(steps, neurons));

    /// <summary>Spikes [T, N] of the last pass.</summary>
    public ReadOnlySpan<float> Spikes => _s.Data;

    /// <param name="x">[T, N].</param>
    public void Forward(Tensor x)
    {
        _v.Data.Clear();
        for (int t = 0; t < steps; t++)
        {
            Pass(new Charge(x, _v, _h, t * neurons));
            Pass(new Fire(_h, _s, t * neurons));
            Pass(new Reset(_h, _s, _v, t * neurons));
        }
    }

    /// <param name="dS">[T, N].</param>
    /// <param name="dX">[T, N], written.</param>
    public void Backward(Tensor dS, Tensor dX)
    {
        _dv.Data.Clear();
        for (int t = steps - 1; t >= 0; t--)
        {
            // The reset hands dV on as it is: its spike carries no gradient. The slope's pass writes its product where the charge's pass reads it.
            Pass(new FireBack(_h, dS, dX, t * neurons));
            Pass(new ResetBack(_dv, dX, t * neurons));
            Pass(new ChargeBack(_dv, dX, t * neurons));
        }
    }

    private void Pass<T>(T body) where T : struct, IRows => Rows.For(cpu, neurons, Math.Max(4096, (neurons + cpu.Threads - 1) / cpu.Threads / 16 * 16), body);

    private static Vector<float> Load(Span<float> values, int at) => new(values[at..]);

    private static void Store(Vector<float> value, Span<float> values, int at) => value.CopyTo(values[at..]);

    /// <summary>h = v + (x − v)/τ.</summary>
    private readonly struct Charge(Tensor xTensor, Tensor vTensor, Tensor hTensor, int at) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Span<float> x = xTensor.Data, v = vTensor.Data, h = hTensor.Data;
            for (; start + Vector<float>.Count <= end; start += Vector<float>.Count)
                Store(Load(v, start) + (Load(x, at + start) - Load(v, start)) * 0.5f, h, at + start);
            for (; start < end; start++)
                h[at + start] = v[start] + (x[at + start] - v[start]) * 0.5f;
        }
    }

    /// <summary>s = Θ(h − θ).</summary>
    private readonly struct Fire(Tensor hTensor, Tensor sTensor, int at) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Span<float> h = hTensor.Data, s = sTensor.Data;
            for (; start + Vector<float>.Count <= end; start += Vector<float>.Count)
                Store(Vector.ConditionalSelect(Vector.GreaterThanOrEqual(Load(h, at + start), Vector<float>.One), Vector<float>.One, Vector<float>.Zero), s, at + start);
            for (; start < end; start++)
                s[at + start] = h[at + start] >= 1 ? 1 : 0;
        }
    }

    /// <summary>v = h − θ·s.</summary>
    private readonly struct Reset(Tensor hTensor, Tensor sTensor, Tensor vTensor, int at) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Span<float> h = hTensor.Data, s = sTensor.Data, v = vTensor.Data;
            for (; start + Vector<float>.Count <= end; start += Vector<float>.Count)
                Store(Load(h, at + start) - Load(s, at + start), v, start);
            for (; start < end; start++)
                v[start] = h[at + start] - s[at + start];
        }
    }

    /// <summary>dX ← dS·Θ'(h − θ), for the passes that follow.</summary>
    private readonly struct FireBack(Tensor hTensor, Tensor dSTensor, Tensor dXTensor, int at) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Span<float> h = hTensor.Data, dS = dSTensor.Data, dX = dXTensor.Data;
            for (; start + Vector<float>.Count <= end; start += Vector<float>.Count)
            {
                Vector<float> scaled = (Load(h, at + start) - Vector<float>.One) * MathF.PI;
                Store(Load(dS, at + start) / (scaled * scaled + Vector<float>.One), dX, at + start);
            }
            for (; start < end; start++)
            {
                float scaled = (h[at + start] - 1) * MathF.PI;
                dX[at + start] = dS[at + start] / (scaled * scaled + 1);
            }
        }
    }

    /// <summary>dH = dV + what the spike gave.</summary>
    private readonly struct ResetBack(Tensor dvTensor, Tensor dXTensor, int at) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Span<float> dv = dvTensor.Data, dX = dXTensor.Data;
            for (; start + Vector<float>.Count <= end; start += Vector<float>.Count)
                Store(Load(dv, start) + Load(dX, at + start), dX, at + start);
            for (; start < end; start++)
                dX[at + start] += dv[start];
        }
    }

    /// <summary>dX = dH/τ, dV = dH·(1 − 1/τ).</summary>
    private readonly struct ChargeBack(Tensor dvTensor, Tensor dXTensor, int at) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            Span<float> dv = dvTensor.Data, dX = dXTensor.Data;
            for (; start + Vector<float>.Count <= end; start += Vector<float>.Count)
            {
                Vector<float> half = Load(dX, at + start) * 0.5f;
                Store(half, dX, at + start);
                Store(half, dv, start);
            }
            for (; start < end; start++)
                dv[start] = dX[at + start] *= 0.5f;
        }
    }
}
