using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Nn.StateSpace;
using Volley.Tensors;
using Volley.Testing.Reference;
using Xunit.Sdk;

namespace Volley.Tests.Nn;

/// <summary>A network of Volley's modules computed naively in double, forwards only, with derivatives carried along: what every fast forward and every
/// hand-written backward is compared with.</summary>
/// <remarks>No backward pass is written here, so none can be wrong in the same way. A spike's derivative is the surrogate's slope.</remarks>
/// <param name="direction">The number whose derivative is carried: an element of a parameter, or none.</param>
/// <param name="truncate">Steps after which state carries no derivative; 0 for never.</param>
/// <param name="kept">What the spike of a sample, step and neuron of a recurrent layer counts when it comes back after a delay; null for 1.</param>
internal sealed class ReferenceNetwork((Parameter Parameter, int Index)? direction, int truncate = 0, Func<int, int, int, double>? kept = null)
{
    private const double Epsilon = 1e-5f;

    public DualSequence Run(Module module, DualSequence x) => module switch
    {
        Chain chain => chain.Children.Aggregate(x, (signal, child) => Run(child.Module, signal)),
        Residual residual => Add(residual.Children.Count > 1 ? Run(residual.Children[1].Module, x) : x, Run(residual.Children[0].Module, x)),
        Dense dense => Product(dense, x),
        Delayed delayed => Delayed(delayed, x),
        AxonalDelay axonal => AxonallyDelayed(axonal, x),
        BatchNorm => BatchNormalised(module, x),
        LayerNorm => LayerNormalised(module, x),
        Flatten => x.SeenAs(x.Units),
        ConvolutionLayer convolution => Convolved(convolution, x),
        PoolingLayer pool => Pooled(pool, x),
        GlobalAveragePool => PlaceMeans(x),
        StepOffset => Offset(module, x),
        NeuronLayer neurons => Neurons(neurons, x, null),
        ParallelNeuronLayer neurons => Parallel(neurons, x),
        DelayedRecurrent recurrent => Neurons((NeuronLayer)recurrent.Children[0].Module, x, (Dense)recurrent.Children[1].Module, Returns(recurrent)),
        Recurrent recurrent => Neurons((NeuronLayer)recurrent.Children[0].Module, x, (Dense)recurrent.Children[1].Module),
        DiagonalStateSpace core => new ReferenceStateSpace(Of).Core(core, x),
        Volley.Nn.Gelu => ReferenceStateSpace.Gelu(x),
        SpikeActivation spikes => new ReferenceStateSpace(Of).Spikes(spikes, x),
        GatedLinear gated => new ReferenceStateSpace(Of).Gated(gated, x),
        GatedSpikingUnit unit => new ReferenceStateSpace(Of).GatedSpikes(unit, x),
        S4D layer => layer.Children.Aggregate(x, (signal, child) => Run(child.Module, signal)),
        StateSpaceBlock block => Block(block, x),
        PlantedModule => Planted(module, x),
        _ => throw new XunitException($"The reference has no {module.Kind}."),
    };

    private DualSequence Block(StateSpaceBlock block, DualSequence x)
    {
        Module layer = block.Children[0].Module;
        Module? norm = block.Children.FirstOrDefault(child => child.Name == "norm").Module;
        if (norm is null)
            return Add(x, Run(layer, x));
        return block.NormFirst ? Add(x, Run(layer, Run(norm, x))) : Run(norm, Add(x, Run(layer, x)));
    }

    private Dual[] Of(Parameter parameter)
    {
        var values = new Dual[parameter.Value.Shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = new Dual(parameter.Value.Data[i], direction is { } d && d.Parameter == parameter && d.Index == i ? 1 : 0);
        return values;
    }

    private static DualSequence Add(DualSequence a, DualSequence b)
    {
        DualSequence sum = a.With(a.Step);
        for (int i = 0; i < sum.Values.Length; i++)
            sum.Values[i] = a.Values[i] + b.Values[i];
        return sum;
    }

    private DualSequence Product(Dense dense, DualSequence x)
    {
        Dual[] weight = Of(dense.Weight);
        Dual[]? bias = dense.Bias is null ? null : Of(dense.Bias);
        int inputs = x.Step.Last, outputs = dense.Weight.Value.Shape[1];
        DualSequence y = x.With(x.Step.WithLast(outputs));
        foreach ((int b, int t, int place) in x.Places())
        {
            for (int o = 0; o < outputs; o++)
            {
                Dual sum = bias is null ? default : bias[o];
                for (int i = 0; i < inputs; i++)
                    sum += x[b, t, place * inputs + i] * weight[i * outputs + o];
                y[b, t, place * outputs + o] = sum;
            }
        }
        return y;
    }

    /// <summary>y[t, o] = Σ_c Σᵢ Σ_d w[c, i, o]·h(d − δ)/(Σh + 1e-7)·x[t − d, i], δ = ⌊K/2⌋ − P, with h a Gaussian of width SIG + 0.27 or a triangle of half
    /// width SIG + 1; 3 steps longer for K = 7.</summary>
    private DualSequence Delayed(Delayed layer, DualSequence x)
    {
        Dual[] weight = Of(layer.Weight);
        Dual[] position = Positions(layer.Position, layer);
        int taps = 2 * layer.Extra + 1, kernels = layer.Weight.Value.Shape[0], inputs = x.Units, outputs = layer.Weight.Value.Shape[2];
        DualSequence y = x.Longer(layer.Extra, outputs);
        for (int s = 0; s < weight.Length; s++)
        {
            int i = s / outputs % inputs, o = s % outputs;
            Dual[] shares = Shares(position[s], layer.Sigma, layer.IsTriangle, taps);
            for (int b = 0; b < x.Batch; b++)
            {
                for (int t = 0; t < x.Length(b); t++)
                {
                    for (int d = 0; d < taps && t + d < y.Length(b); d++)
                        y[b, t + d, o] += weight[s] * shares[d] * x[b, t, i];
                }
            }
        }
        return y;
    }

    /// <summary>The kernel over every place; what the layer is made of shows in the shapes.</summary>
    private DualSequence Convolved(ConvolutionLayer layer, DualSequence x)
    {
        Dual[] weight = Of(layer.Weight);
        Dual[]? bias = layer.Bias is null ? null : Of(layer.Bias);
        DualSequence y = x.With(layer.OutputShape(x.Step));
        ConvolutionCall s = layer.CallFor(1, x.Step);
        foreach ((int b, int t) in x.Rows())
        {
            for (int i = 0; bias is not null && i < y.Units; i++)
                y[b, t, i] = bias[i % s.Outputs];
            foreach ((_, int oy, int ox, int ky, int kx, int iy, int ix) in
                ConvolutionReference.Windows(1, s.Height, s.Width, s.KernelHeight, s.KernelWidth, s.StrideHeight, s.StrideWidth, s.PadHeight, s.PadWidth))
            {
                for (int o = 0; o < s.Outputs; o++)
                {
                    for (int c = 0; c < s.GroupInputs; c++)
                    {
                        y[b, t, (oy * s.OutputWidth + ox) * s.Outputs + o] += x[b, t, (iy * s.Width + ix) * s.Inputs + o / s.GroupOutputs * s.GroupInputs + c]
                            * weight[((ky * s.KernelWidth + kx) * s.GroupInputs + c) * s.Outputs + o];
                    }
                }
            }
        }
        return y;
    }

    /// <summary>The mean, or the first largest, of every window.</summary>
    private static DualSequence Pooled(PoolingLayer pool, DualSequence x)
    {
        DualSequence y = x.With(pool.OutputShape(x.Step));
        PoolingCall s = pool.CallFor(1, x.Step);
        Dual share = Dual.Of(1.0 / (s.KernelHeight * s.KernelWidth));
        foreach ((int b, int t) in x.Rows())
        {
            var seen = new HashSet<int>();
            foreach ((_, int oy, int ox, _, _, int iy, int ix) in
                ConvolutionReference.Windows(1, s.Height, s.Width, s.KernelHeight, s.KernelWidth, s.StrideHeight, s.StrideWidth, s.PadHeight, s.PadWidth))
            {
                for (int c = 0; c < s.Channels; c++)
                {
                    int at = (oy * s.OutputWidth + ox) * s.Channels + c;
                    Dual value = x[b, t, (iy * s.Width + ix) * s.Channels + c];
                    bool first = seen.Add(at);
                    if (pool is AveragePool)
                        y[b, t, at] += value * share;
                    else if (first || value.Value > y[b, t, at].Value)
                        y[b, t, at] = value;
                }
            }
        }
        return y;
    }

    private static DualSequence PlaceMeans(DualSequence x)
    {
        DualSequence y = x.With(x.Step.Last);
        foreach ((int b, int t, int place) in x.Places())
        {
            for (int c = 0; c < x.Step.Last; c++)
                y[b, t, c] += x[b, t, place * x.Step.Last + c] / Dual.Of(x.Step.Rows);
        }
        return y;
    }

    private DualSequence Offset(Module layer, DualSequence x)
    {
        Dual[] offset = Of(layer.Parameters[0]);
        DualSequence y = x.With(x.Step);
        foreach ((int b, int t) in x.Rows())
        {
            for (int i = 0; i < x.Units; i++)
                y[b, t, i] = x[b, t, i] + offset[t];
        }
        return y;
    }

    /// <summary>The same taps with weight 1, from every channel to itself.</summary>
    private DualSequence AxonallyDelayed(AxonalDelay layer, DualSequence x)
    {
        Dual[] position = Positions(layer.Position, layer);
        DualSequence y = x.Longer(layer.Extra, x.Units);
        for (int n = 0; n < x.Units; n++)
        {
            Dual[] shares = Shares(position[n], layer.Sigma, layer.IsTriangle, 2 * layer.Extra + 1);
            foreach ((int b, int t) in x.Rows())
            {
                for (int d = 0; d < shares.Length && t + d < y.Length(b); d++)
                    y[b, t + d, n] += shares[d] * x[b, t, n];
            }
        }
        return y;
    }

    private Dual[] Positions(Parameter? learned, Module layer) =>
        learned is not null ? Of(learned) : [.. layer.Buffers.Single(b => b.Name == "position").Value.Data.ToArray().Select(p => Dual.Of(p))];

    /// <summary>h(d − δ)/(Σh + 1e-7) for the delays d = 0 … K − 1.</summary>
    private static Dual[] Shares(Dual position, float sigma, bool triangle, int taps)
    {
        var heights = new Dual[taps];
        Dual sum = Dual.Of(1e-7);
        for (int d = 0; d < taps; d++)
        {
            Dual u = Dual.Of(d) - (Dual.Of(taps / 2) - position);
            heights[d] = triangle ? Dual.Max(Dual.Of(0), Dual.Of(1 + sigma) - Dual.Abs(u)) : Dual.Exp(Dual.Of(-0.5 / Math.Pow(sigma + 0.27f, 2)) * u * u);
            sum += heights[d];
        }
        return [.. heights.Select(height => height / sum)];
    }

    /// <summary>2·x + w: what <see cref="PlantedModule"/> should be.</summary>
    private DualSequence Planted(Module module, DualSequence x)
    {
        Dual[] bias = Of(module.Parameters[0]);
        DualSequence y = x.With(x.Step);
        foreach ((int b, int t) in x.Rows())
        {
            for (int n = 0; n < x.Units; n++)
                y[b, t, n] = Dual.Of(2) * x[b, t, n] + bias[n];
        }
        return y;
    }

    private DualSequence BatchNormalised(Module norm, DualSequence x)
    {
        Dual[] gamma = Of(norm.Parameters[0]), beta = Of(norm.Parameters[1]);
        DualSequence y = x.With(x.Step);
        Dual count = Dual.Of(x.Places().Count());
        int channels = x.Step.Last;
        for (int c = 0; c < channels; c++)
        {
            Dual mean = default, variance = default;
            foreach ((int b, int t, int place) in x.Places())
                mean += x[b, t, place * channels + c] / count;
            foreach ((int b, int t, int place) in x.Places())
                variance += (x[b, t, place * channels + c] - mean) * (x[b, t, place * channels + c] - mean) / count;
            foreach ((int b, int t, int place) in x.Places())
                y[b, t, place * channels + c] = gamma[c] * (x[b, t, place * channels + c] - mean) / Dual.Sqrt(variance + Dual.Of(Epsilon)) + beta[c];
        }
        return y;
    }

    private DualSequence LayerNormalised(Module norm, DualSequence x)
    {
        Dual[] gamma = Of(norm.Parameters[0]), beta = Of(norm.Parameters[1]);
        DualSequence y = x.With(x.Step);
        int channels = x.Step.Last;
        Dual count = Dual.Of(channels);
        foreach ((int b, int t, int place) in x.Places())
        {
            int first = place * channels;
            Dual mean = default, variance = default;
            for (int c = 0; c < channels; c++)
                mean += x[b, t, first + c] / count;
            for (int c = 0; c < channels; c++)
                variance += (x[b, t, first + c] - mean) * (x[b, t, first + c] - mean) / count;
            for (int c = 0; c < channels; c++)
                y[b, t, first + c] = gamma[c] * (x[b, t, first + c] - mean) / Dual.Sqrt(variance + Dual.Of(Epsilon)) + beta[c];
        }
        return y;
    }

    /// <summary>Θ(Σₛ W[t, s]·x[s] + b[t]): all steps, the band, or the same k weights at every step.</summary>
    private DualSequence Parallel(ParallelNeuronLayer layer, DualSequence x)
    {
        Dual[] weight = Of(layer.Weight), bias = Of(layer.Bias);
        DualSequence z = x.With(x.Step);
        foreach ((int b, int t) in x.Rows())
        {
            for (int n = 0; n < x.Units; n++)
            {
                Dual distance = bias[bias.Length == 1 ? 0 : t];
                for (int s = 0; s < x.Length(b); s++)
                    distance += Weight(t, s) * x[b, s, n];
                z[b, t, n] = Dual.Spike(Dual.Of(distance.Value >= 0 ? 1 : 0), layer.Surrogate.Slope(distance), distance);
            }
        }
        return z;

        Dual Weight(int t, int s)
        {
            if (layer is SlidingPsnLayer sliding)
                return s <= t && t - s < sliding.Order ? weight[sliding.Order - 1 - (t - s)] : default;
            Dual w = weight[t * x.Steps + s];
            return layer is MaskedPsnLayer masked && (s > t || t - s >= masked.Order) ? Dual.Of(1 - masked.Lambda) * w : w;
        }
    }

    /// <summary>h(τ) of a neuron: max(0, (s − |τ − (1 + d)|)/s²), s = 1 + σ.</summary>
    private Func<int, int, Dual> Returns(DelayedRecurrent layer)
    {
        Dual[] delay = layer.Delay is { } learned ? Of(learned) : [.. layer.Buffers.Single(b => b.Name == "delay").Value.Data.ToArray().Select(d => Dual.Of(d))];
        double s = 1 + (double)layer.Sigma;
        return (neuron, steps) => Dual.Max(Dual.Of(0), (Dual.Of(s) - Dual.Abs(Dual.Of(steps - 1) - delay[neuron])) / Dual.Of(s * s));
    }

    /// <summary>I[t] = x[t] + Σ_τ h(τ)·z[t−τ]·V + c, step by step; h is 1 for τ = 1 alone unless <paramref name="returns"/> says otherwise; without feedback I = x.</summary>
    private DualSequence Neurons(NeuronLayer layer, DualSequence x, Dense? feedback, Func<int, int, Dual>? returns = null)
    {
        Dual[][] parameters = KernelParameters(layer);
        int n = layer.Neurons, states = layer.Kernel.States.Count;
        Dual[]? v = feedback is null ? null : Of(feedback.Weight), c = feedback?.Bias is null ? null : Of(feedback.Bias);
        DualSequence z = x.With(x.Step);
        int channels = n;
        n = x.Units;
        for (int b = 0; b < x.Batch; b++)
        {
            var state = new Dual[n][];
            for (int i = 0; i < n; i++)
                state[i] = new Dual[states];
            for (int t = 0; t < x.Length(b); t++)
            {
                bool cut = truncate > 0 && t % truncate == 0;
                for (int i = 0; i < n; i++)
                {
                    Dual current = x[b, t, i];
                    for (int past = 1; v is not null && past <= (returns is null ? Math.Min(t, 1) : t); past++)
                    {
                        bool crosses = truncate > 0 && (t - past) / truncate != t / truncate;
                        for (int j = 0; j < n; j++)
                        {
                            Dual spike = crosses ? Dual.Detach(z[b, t - past, j]) : z[b, t - past, j];
                            if (returns is not null)
                                spike = returns(j, past) * Dual.Of(kept?.Invoke(b, t - past, j) ?? 1) * spike;
                            current += spike * v[j * n + i];
                        }
                    }
                    if (c is not null)
                        current += c[i];
                    if (cut)
                        state[i] = [.. state[i].Select(Dual.Detach)];
                    var step = new NeuronStep(layer, current, state[i], [.. parameters.Select(row => row[i % channels])]);
                    layer.Kernel.Accept<Dual, NeuronStep>(ref step);
                    z[b, t, i] = step.Output;
                }
            }
        }
        return z;
    }

    /// <summary>What is learned, through whichever map makes it the number that the kernel sees; 1 − decay where the gain is that.</summary>
    private Dual[][] KernelParameters(NeuronLayer layer)
    {
        int count = layer.Kernel.Parameters.Count, n = layer.Neurons;
        var seen = new float[count * n];
        layer.FillParameters(seen);
        var rows = new Dual[count][];
        for (int p = 0; p < count; p++)
        {
            string name = layer.Kernel.Parameters[p];
            Dual[]? raw = layer.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } learned ? Of(learned) : null;
            rows[p] = new Dual[n];
            ReadOnlySpan<float> row = seen.AsSpan(p * n, n);
            for (int i = 0; i < n; i++)
                rows[p][i] = raw is null ? Dual.Of(row[i]) : Mapped(raw, i, row, layer);
        }
        for (int gain = 0; gain < count; gain++)
        {
            if (layer.Kernel.Parameters[gain] != "Gain")
                continue;
            int decay = Enumerable.Range(0, gain).FirstOrDefault(q => Enumerable.Range(0, n).All(i => seen[gain * n + i] == 1 - seen[q * n + i]), -1);
            for (int i = 0; decay >= 0 && i < n; i++)
                rows[gain][i] = Dual.Of(1) - rows[decay][i];
        }
        return rows;
    }

    private static Dual Mapped(Dual[] raw, int index, ReadOnlySpan<float> seen, NeuronLayer layer)
    {
        Dual one = Dual.Of(1), value = raw[raw.Length == 1 ? 0 : index];
        foreach (Dual candidate in (Dual[])[value, one - one / (one + Dual.Exp(-value)), one / (one + Dual.Exp(-value)), RangedDecay(raw, value, seen)])
        {
            if (Math.Abs(candidate.Value - seen[index]) < 1e-5)
                return candidate;
        }
        throw new XunitException($"{layer}: {value.Value} becomes {seen[index]}, through no map that the reference knows.");
    }

    /// <summary>e^(−1/τ), τ = min + p·(max − min), with min and max from the two neurons whose p lie furthest apart.</summary>
    private static Dual RangedDecay(Dual[] raw, Dual p, ReadOnlySpan<float> seen)
    {
        int low = 0, high = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            low = raw[i].Value < raw[low].Value ? i : low;
            high = raw[i].Value > raw[high].Value ? i : high;
        }
        double first = -1 / Math.Log(seen[low]), slope = (-1 / Math.Log(seen[high]) - first) / (raw[high].Value - raw[low].Value);
        return Dual.Exp(Dual.Of(-1) / (Dual.Of(first) + (p - Dual.Of(raw[low].Value)) * Dual.Of(slope)));
    }

    /// <summary>One step of one neuron.</summary>
    private unsafe struct NeuronStep(NeuronLayer layer, Dual input, Dual[] state, Dual[] parameters) : INeuronVisitor<Dual>
    {
        public Dual Output;

        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, Dual>
        {
            TNeuron n = default;
            Dual* fields = (Dual*)&n;
            state.CopyTo(new Span<Dual>(fields, state.Length));
            parameters.CopyTo(new Span<Dual>(fields + state.Length, parameters.Length));
            Dual distance = TNeuron.Charge(ref n, input), spike = default;
            if (layer.Kernel.Spiking)
            {
                bool fires = layer.Firing.FiresAtThreshold ? distance.Value >= 0 : distance.Value > 0;
                spike = Dual.Spike(Dual.Of(fires ? 1 : 0), layer.Firing.Surrogate.Slope(distance), distance);
            }
            TNeuron.Fire(ref n, spike);
            new Span<Dual>(fields, state.Length).CopyTo(state);
            Output = layer.Kernel.Spiking ? spike : distance;
        }
    }
}
