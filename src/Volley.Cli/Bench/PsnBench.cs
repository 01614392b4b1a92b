using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Plots;
using Volley.Tensors;

namespace Volley.Cli.Bench;

/// <summary>LIF against parallel spiking neurons, inference and training apart: Fig. 3 of Fang et al. 2023, on this machine. N neurons (batch and all), T steps.</summary>
/// <remarks>Two LIFs: <c>lif-steps</c>, step by step in separate passes, and <c>lif</c>, fused. Sliding and masked neurons have order 4 (2 where T is 2).
/// Floors: 8 bytes a neuron-step for inference and 24 for training, or the products of parallel neurons: 2 and 6 operations a neuron-step and step that is seen.</remarks>
internal sealed class PsnBench : IBenchGroup, IChartedGroup
{
    private const string Inference = "inference", Training = "training", Stepwise = "lif-steps", Fused = "lif", Psn = "psn", Masked = "masked-psn", Sliding = "sliding-psn";

    private static readonly int[] s_sizes = [1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20], s_steps = [2, 4, 8, 16, 32, 64];

    public string Name => "psn";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        foreach (int steps in (int[])[.. s_steps, 256])
        {
            foreach (int neurons in s_sizes)
            {
                // T = 256 stands beside the peers' sizes only; the longest of them would take minutes.
                if (steps == 256 && neurons is not (1 << 12 or 1 << 16 or 1 << 18))
                    continue;
                var data = new Data(cpu, steps, neurons);
                foreach (string mode in (string[])[Inference, Training])
                {
                    foreach (string neuron in (string[])[Stepwise, Fused, Psn, Masked, Sliding])
                        yield return data.Case(mode, neuron) with { Seconds = 0.2 };
                }
            }
        }
    }

    private static string Shape(int neurons, int steps) => $"N={neurons},T={steps}";

    /// <summary>How many times as fast a PSN is as each LIF, over N, a line for each T.</summary>
    public IEnumerable<(string Name, string Svg)> Charts(IReadOnlyList<CaseResult> results)
    {
        foreach (int threads in results.Select(r => r.Threads).Distinct().Order())
        {
            foreach (string mode in (string[])[Inference, Training])
            {
                foreach (string lif in (string[])[Stepwise, Fused])
                {
                    var chart = new LineChart
                    {
                        Title = $"{mode}: time of {(lif == Fused ? "the fused LIF" : "a LIF in separate steps")} / time of a PSN, {threads} {(threads == 1 ? "thread" : "threads")}",
                        Width = 620,
                        X = new Axis("neurons", "log2 N"),
                        Y = new Axis("t LIF / t PSN") { Logarithmic = true },
                        Levels = [new ReferenceLine(1, "as fast")],
                        Series = [.. s_steps.Select(steps => new Series($"T = {steps}", [.. s_sizes.Select(n => Math.Log2(n))], [.. s_sizes.Select(n => Ratio(mode, lif, n, steps, threads))]))],
                    };
                    yield return ($"{mode}-{lif}-{threads}", chart.ToSvg());
                }
            }
        }

        double Ratio(string mode, string lif, int neurons, int steps, int threads) => Time(mode, lif, neurons, steps, threads) / Time(mode, Psn, neurons, steps, threads);

        double Time(string mode, string neuron, int neurons, int steps, int threads) => results
            .FirstOrDefault(r => r.Threads == threads && r.Case == $"psn/{mode}/{neuron}" && r.Shape == Shape(neurons, steps))?.MsMedian ?? double.NaN;
    }

    /// <summary>Inputs and gradients of one size, which all its cases share.</summary>
    private sealed class Data
    {
        private readonly Cpu _cpu;
        private readonly int _steps, _neurons, _signal;
        private readonly Tensor _x, _dS, _dX;
        private readonly ulong[] _bits;

        public Data(Cpu cpu, int steps, int neurons)
        {
            (_cpu, _steps, _neurons, _signal) = (cpu, steps, neurons, checked(steps * neurons));
            (_x, _dS, _dX, _bits) = (Aligned(_signal), Aligned(_signal), Aligned(_signal), new ulong[_signal / 64]);
            new Rng(1).FillUniform(cpu, _x.Data, -0.6f, 1.4f);
            _dS.Data.Fill(1);
        }

        public BenchCase Case(string mode, string neuron)
        {
            bool training = mode == Training;
            int order = neuron == Psn ? _steps : Math.Min(4, _steps);
            Action run = neuron switch
            {
                Stepwise => Steps(training),
                Fused => Lif(training),
                _ => Parallel(new PsnCall(1, _steps, _neurons, neuron == Psn ? 0 : order, neuron == Sliding), training),
            };
            double products = neuron is Stepwise or Fused ? 0 : (training ? 6.0 : 2.0) * order * _signal, bytes = (training ? 24.0 : 8.0) * _signal;
            return new BenchCase($"psn/{mode}/{neuron}", Shape(_neurons, _steps), run, new Work(products, bytes, bytes));
        }

        private Action Steps(bool training)
        {
            var lif = new StepLif(_cpu, _steps, _neurons);
            return training ? () => { lif.Forward(_x); lif.Backward(_dS, _dX); } : () => lif.Forward(_x);
        }

        private Action Lif(bool training)
        {
            var kernel = new LifKernel(Volley.Nn.Neurons.Reset.Subtract, detachReset: true);
            var call = new NeuronCall(1, _steps, _neurons, FiresAtThreshold: true);
            var surrogate = new ATan(2);
            Tensor parameters = Aligned(3 * _neurons), saved = Aligned(training ? call.Segments * _neurons : 0), dParameters = Aligned(3 * _neurons);
            parameters.Data[..(2 * _neurons)].Fill(0.5f);
            parameters.Data[(2 * _neurons)..].Fill(1);
            return () =>
            {
                NeuronDriver.Forward(_cpu, kernel, _x.Data, parameters.Data, default, _bits, default, saved.Data, default, call);
                if (training)
                    NeuronDriver.Backward(_cpu, kernel, _x.Data, parameters.Data, saved.Data, _dS.Data, surrogate, _dX.Data, dParameters.Data, default, call);
            };
        }

        private Action Parallel(PsnCall call, bool training)
        {
            float[] weights = new float[call.WeightCount], bias = new float[call.BiasCount], dWeights = new float[call.WeightCount], dBias = new float[call.BiasCount];
            new Rng(2).FillUniform(_cpu, weights, -1 / MathF.Sqrt(_steps), 1 / MathF.Sqrt(_steps));
            for (int i = 0; !call.Sliding && call.Order > 0 && i < weights.Length; i++)
                weights[i] = i % _steps <= i / _steps && i / _steps - i % _steps < call.Order ? weights[i] : 0;
            bias.AsSpan().Fill(-1);
            var surrogate = new ATan(2);
            Tensor partials = Aligned(training ? checked((int)call.PartialCount) : 0), potentials = Aligned(training && call.KeepsPotentials ? _signal : 0);
            return () =>
            {
                Volley.Kernels.Neurons.Psn.Forward(_cpu, _x.Data, weights, bias, _bits, call, potentials: potentials.Data);
                if (training)
                    Volley.Kernels.Neurons.Psn.Backward(_cpu, _x.Data, weights, bias, _dS.Data, surrogate, _dX.Data, dWeights, dBias, partials.Data, call, potentials: potentials.Data);
            };
        }

        /// <summary>Memory as the arenas of training give it: aligned to cache lines.</summary>
        private static Tensor Aligned(int count) => Tensor.Zeros(new Shape(count));
    }
}
