using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Tests.Neurons;

/// <summary>Layers of neurons: from what is learned to what the kernel sees, and back.</summary>
public sealed class NeuronLayerTests : IDisposable
{
    private const int Batch = 3, Steps = 20, Neurons = 17;

    private readonly Cpu _cpu = new();
    private readonly Arena _arena = new();

    public void Dispose()
    {
        _arena.Dispose();
        _cpu.Dispose();
    }

    private static readonly Dictionary<string, Func<NeuronLayer>> s_layers = new()
    {
        ["if"] = () => new IfLayer(Neurons),
        ["lif"] = () => new LifLayer(Neurons, new Rng(1)),
        ["lif, τ learned"] = () => new LifLayer(Neurons, new Rng(1), Coefficient.LearnedDecay(2, 10), reset: Reset.ToZero),
        ["lif, β boxed, input not decayed"] = () => new LifLayer(Neurons, new Rng(1), Coefficient.Boxed(0.3f, 0.9f), decayInput: false, detachReset: true),
        ["plif"] = () => new LifLayer(Neurons, new Rng(1), Coefficient.SigmoidDecay(3)),
        ["cubalif"] = () => new CubaLifLayer(Neurons, new Rng(1), Coefficient.LearnedDecay(2, 5), Coefficient.LearnedDecay(3, 9)),
        ["alif"] = () => new AlifLayer(Neurons, new Rng(1), Coefficient.LearnedDecay(2, 10), Coefficient.LearnedDecay(20, 90), strength: 0.3f),
        ["klif"] = () => new KlifLayer(Neurons, new Rng(1)),
        ["glif"] = () => new GlifLayer(Neurons, hardGates: false),
        ["adlif"] = () => new AdLifLayer(Neurons, new Rng(1)),
        ["cadlif"] = () => new CAdLifLayer(Neurons, new Rng(1)),
        ["se-adlif"] = () => new SeAdLifLayer(Neurons, new Rng(1)),
        ["ef-adlif"] = () => new EfAdLifLayer(Neurons, new Rng(1)),
        ["li"] = () => new LeakyIntegratorLayer(Neurons, new Rng(1)),
        ["li, τ learned"] = () => new LeakyIntegratorLayer(Neurons, new Rng(1), Coefficient.LearnedDecay(2, 10)),
        ["li, shared"] = () => new LeakyIntegratorLayer(Neurons, new Rng(1), Coefficient.SigmoidDecay(4)),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    private static float[] Uniform(int count, double low, double high, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(low + (high - low) * random.NextDouble()))];
    }

    // Strong enough that neurons whose input is scaled by 1 − α fire.
    private static readonly float[] s_x = Uniform(Batch * Steps * Neurons, -10, 25, 1);
    private static readonly float[] s_c = Uniform(Batch * Steps * Neurons, -1, 1, 2);

    private Signal Forward(Tape tape, NeuronLayer layer, out Tensor x, int[]? lengths = null)
    {
        x = Tensor.In(_arena, new Shape(Batch, Steps, Neurons), lengths);
        x.NeedsGradient = true;
        s_x.CopyTo(x.Data);
        return layer.Forward(tape, x);
    }

    /// <summary>loss = Σ c·output.</summary>
    private sealed class WeightedSum(Signal output) : Node
    {
        public override void Backward(Tape tape)
        {
            GradientTarget target = tape.Target(output);
            s_c.CopyTo(target.Span);
            target.Commit();
        }
    }

    /// <summary>Runs the layer forward and backward; returns dX. Parameter gradients are in the layer.</summary>
    private float[] Backward(NeuronLayer layer, int[]? lengths = null)
    {
        foreach (Parameter parameter in layer.Parameters)
            parameter.Gradient.Data.Clear();
        var tape = new Tape(_cpu, _arena, training: true);
        Signal output = Forward(tape, layer, out Tensor x, lengths);
        tape.Record(new WeightedSum(output));
        tape.Backward(Tensor.In(_arena, new Shape(1)));
        return x.Gradient!.Data.ToArray();
    }

    /// <summary>What the kernel sees, [P][N].</summary>
    private static float[][] KernelParameters(NeuronLayer layer)
    {
        var all = new float[layer.Kernel.Parameters.Count * Neurons];
        layer.FillParameters(all);
        return [.. all.Chunk(Neurons)];
    }

    /// <summary>A hard gate is 0 or 1 on the way there and σ on the way back.</summary>
    [Fact]
    public void AHardGateHasTheGradientOfItsSigmoid()
    {
        NeuronLayer hard = new GlifLayer(Neurons, gates: (0.6f, 0.4f, 0.7f)), values = new GlifLayer(Neurons, hardGates: false);
        Assert.Equal([1, 0, 1], KernelParameters(hard).Take(3).Select(row => row[0]));
        // Soft gates so far out that they are 0 and 1.
        foreach ((int p, float raw) in ((int, float)[])[(0, 30), (1, -120), (2, 30)])
            values.Parameters[p].Value.Data.Fill(raw);
        Assert.Equal([1, 0, 1], KernelParameters(values).Take(3).Select(row => row[0]));
        SameBits.Check(Backward(values, null), Backward(hard, null), "dX");
        var problem = new NeuronProblem
        {
            Kernel = hard.Kernel,
            Call = new NeuronCall(Batch, Steps, Neurons),
            X = s_x,
            Parameters = [.. KernelParameters(hard).SelectMany(row => row)],
            Initial = new float[Batch * Neurons],
            DOutput = s_c,
            DFinal = new float[Batch * Neurons],
            Surrogate = hard.Firing.Surrogate,
        };
        NeuronResult result = NeuronResult.OfDriver(_cpu, problem);
        int size = hard.Kernel.Parameters.Count * Neurons;
        for (int i = 0; i < 3 * Neurons; i++)
        {
            double gate = i / Neurons == 0 ? 0.6 : i / Neurons == 1 ? 0.4 : 0.7, sum = Enumerable.Range(0, Batch).Sum(b => (double)result.DParameters[b * size + i]);
            Assert.Equal(sum * gate * (1 - gate), hard.Parameters[i / Neurons].Gradient.Data[i % Neurons], 1e-4 * Math.Max(1, Math.Abs(sum)));
        }
    }

    /// <summary>The chain rule with the maps of the layer differentiated by finite differences, against the layer's own.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void GradientsGoThroughTheMaps(string name)
    {
        NeuronLayer layer = s_layers[name]();
        int[] lengths = [Steps, 7, Steps - 1];
        float[] dX = Backward(layer, lengths);

        var problem = new NeuronProblem
        {
            Kernel = layer.Kernel,
            Call = new NeuronCall(Batch, Steps, Neurons, layer.Firing.FiresAtThreshold),
            X = s_x,
            Parameters = [.. KernelParameters(layer).SelectMany(row => row)],
            Initial = new float[Batch * layer.Kernel.States.Count * Neurons],
            DOutput = s_c,
            DFinal = new float[Batch * layer.Kernel.States.Count * Neurons],
            Lengths = lengths,
            Surrogate = layer.Firing.Surrogate,
        };
        NeuronResult result = NeuronResult.OfDriver(_cpu, problem);
        SameBits.Check(result.DX, dX, $"{name}: dX");
        if (layer.Kernel.Spiking)
            Assert.InRange(result.Signal(problem).Sum(), Batch * Neurons, Batch * Neurons * Steps * 0.9);

        int rows = layer.Kernel.Parameters.Count;
        double[] dKernel = [.. Enumerable.Range(0, rows * Neurons).Select(i => Enumerable.Range(0, Batch).Sum(b => (double)result.DParameters[b * rows * Neurons + i]))];
        foreach (Parameter parameter in layer.Parameters)
        {
            float[] value = parameter.Value.Data.ToArray();
            float[] eps = [.. value.Select(v => 0.01f * Math.Max(0.3f, Math.Abs(v)))];
            Shift(1);
            double[] high = [.. KernelParameters(layer).SelectMany(row => row).Select(v => (double)v)];
            Shift(-1);
            double[] low = [.. KernelParameters(layer).SelectMany(row => row).Select(v => (double)v)];
            Shift(0);
            bool shared = value.Length == 1;
            var expected = new double[value.Length];
            for (int i = 0; i < rows * Neurons; i++)
                expected[shared ? 0 : i % Neurons] += dKernel[i] * (high[i] - low[i]) / (2 * eps[shared ? 0 : i % Neurons]);
            Assert.Contains(expected, g => g != 0);
            SameBits.CheckClose([.. expected.Select(g => (float)g)], parameter.Gradient.Data.ToArray(), 2e-3, $"{name}: gradient of {parameter.Name}");

            void Shift(int sign)
            {
                for (int i = 0; i < value.Length; i++)
                    parameter.Value.Data[i] = value[i] + sign * eps[i];
            }
        }
    }

    /// <summary>Finite differences of the whole layer, where it is smooth: an integrator does not fire.</summary>
    [Theory]
    [InlineData("li, τ learned")]
    [InlineData("li, shared")]
    public void GradientsAreThoseOfFiniteDifferences(string name)
    {
        NeuronLayer layer = s_layers[name]();
        Parameter parameter = Assert.Single(layer.Parameters);
        Backward(layer);
        float[] gradient = parameter.Gradient.Data.ToArray(), value = parameter.Value.Data.ToArray();
        double scale = gradient.Max(Math.Abs);
        for (int i = 0; i < value.Length; i++)
        {
            double eps = 0.01 * Math.Max(0.3, Math.Abs(value[i]));
            parameter.Value.Data[i] = (float)(value[i] + eps);
            double high = Loss(layer);
            parameter.Value.Data[i] = (float)(value[i] - eps);
            double low = Loss(layer);
            parameter.Value.Data[i] = value[i];
            Assert.Equal((high - low) / (2 * eps), gradient[i], 2e-3 * scale);
        }
    }

    private double Loss(NeuronLayer layer)
    {
        var output = (Tensor)Forward(new Tape(_cpu, _arena, training: false), layer, out _);
        double loss = 0;
        for (int i = 0; i < s_c.Length; i++)
            loss += (double)s_c[i] * output.Data[i];
        return loss;
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void AStreamIsTheWholeSequence(string name)
    {
        NeuronLayer layer = s_layers[name]();
        Signal whole = Forward(new Tape(_cpu, _arena, training: false), layer, out _);
        for (int b = 0; b < Batch; b++)
        {
            var input = StepSignal.OfValues(Neurons);
            Stage stage = Stage.Open(layer, new StageInput(_cpu, input));
            for (int t = 0; t < Steps; t++)
            {
                int row = b * Steps + t;
                s_x.AsSpan(row * Neurons, Neurons).CopyTo(input.Values);
                stage.Step();
                if (whole is Spikes spikes)
                    Assert.Equal(spikes.Bits.Slice(row * spikes.WordsPerRow, spikes.WordsPerRow).ToArray(), stage.Output.Bits);
                else
                    SameBits.Check(((Tensor)whole).Data.Slice(row * Neurons, Neurons).ToArray(), stage.Output.Values, $"{name}, step {t}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void AStreamingStepAllocatesNothing(string name)
    {
        var input = StepSignal.OfValues(Neurons);
        Stage stage = Stage.Open(s_layers[name](), new StageInput(_cpu, input));
        DriverChecks.StepsAllocateNothing(stage.Step);
    }

    // seeds.md 2.7, check 5; the boxes are those of 2.1.
    [Theory]
    [InlineData("adlif", "alpha:0.81873:0.96079 beta:0.96722:0.9917 a:-1:1 b:0:2")]
    [InlineData("cadlif", "alpha:0.36:0.96 beta:0.96:0.99 a:0:1 b:0:2")]
    [InlineData("se-adlif", "alpha:0:1 beta:0:1 a:0:1 b:0:2")]
    [InlineData("ef-adlif", "alpha:0:1 beta:0:1 a:0:1 b:0:2")]
    public void ParametersStartInTheirBoxesAndStayThereAfterAnyStep(string name, string boxes)
    {
        NeuronLayer layer = s_layers[name]();
        Assert.Equal(boxes, string.Join(' ', layer.Parameters.Select(p => FormattableString.Invariant($"{p.Name}:{p.Box!.Value.Min}:{p.Box.Value.Max}"))));
        AssertInBoxes(layer);
        foreach (Parameter parameter in layer.Parameters)
        {
            (float min, float max) = parameter.Box!.Value;
            Assert.True(parameter.Value.Data.ToArray().Max() - parameter.Value.Data.ToArray().Min() > (max - min) / 2, $"{parameter.Name} is not spread over its box.");
            Assert.False(parameter.Decays);
        }

        var optimizer = new Sgd(layer.Parameters.Select(p => new NamedParameter(p.Name, p)), momentum: 0);
        foreach (float sign in (float[])[1, -1])
        {
            foreach (Parameter parameter in layer.Parameters)
                parameter.Gradient.Data.Fill(sign * 1e6f);
            optimizer.Step(_cpu, 1);
            AssertInBoxes(layer);
            Assert.All(layer.Parameters, p => Assert.All(p.Value.Data.ToArray(), v => Assert.Equal(sign > 0 ? p.Box!.Value.Min : p.Box!.Value.Max, v)));
        }
    }

    [Theory]
    [InlineData("adlif")]
    [InlineData("cadlif")]
    [InlineData("se-adlif")]
    [InlineData("ef-adlif")]
    public void AtABoundTheGradientStillPasses(string name)
    {
        NeuronLayer layer = s_layers[name]();
        foreach (Parameter parameter in layer.Parameters)
        {
            float[] drawn = parameter.Value.Data.ToArray();
            foreach (float bound in (float[])[parameter.Box!.Value.Min, parameter.Box.Value.Max])
            {
                parameter.Value.Data.Fill(bound);
                Backward(layer);
                Assert.Contains(parameter.Gradient.Data.ToArray(), g => g != 0);
            }
            drawn.CopyTo(parameter.Value.Data);
        }
    }

    private static void AssertInBoxes(NeuronLayer layer) => Assert.All(layer.Parameters, p =>
        Assert.All(p.Value.Data.ToArray(), v => Assert.InRange(v, p.Box!.Value.Min, p.Box.Value.Max)));

    // seeds.md 2.7, check 4.
    [Fact]
    public void TheBoxOfCAdLifIsStableAndThatOfAdLifIsNot()
    {
        Assert.InRange(WorstRadius(s_layers["cadlif"]()), 0.98, 0.99 + 1e-6);
        Assert.InRange(WorstRadius(s_layers["adlif"]()), 1.4198, 1.4199);
    }

    /// <summary>The largest spectral radius of the sub-threshold map on (u, w) over a grid of the boxes, corners included.</summary>
    private static double WorstRadius(NeuronLayer layer)
    {
        double worst = 0;
        foreach (double alpha in Grid(0))
        {
            foreach (double beta in Grid(1))
            {
                foreach (double a in Grid(2))
                {
                    double trace = alpha - (1 - alpha) * a + beta;
                    double determinant = (alpha - (1 - alpha) * a) * beta + (1 - alpha) * beta * a;
                    Assert.Equal(alpha * beta, determinant, 1e-12);
                    double discriminant = trace * trace / 4 - determinant;
                    double radius = discriminant < 0 ? Math.Sqrt(determinant) : Math.Abs(trace / 2) + Math.Sqrt(discriminant);
                    worst = Math.Max(worst, radius);
                }
            }
        }
        return worst;

        IEnumerable<double> Grid(int parameter)
        {
            (float min, float max) = layer.Parameters[parameter].Box!.Value;
            return Enumerable.Range(0, 31).Select(i => min + (max - (double)min) * i / 30);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(4, -1.0986123)]
    public void PlifStartsAtItsTimeConstantWithOneParameter(float tau, float raw)
    {
        var layer = new LifLayer(Neurons, new Rng(1), Coefficient.SigmoidDecay(tau));
        Parameter parameter = Assert.Single(layer.Parameters);
        Assert.Equal(raw, Assert.Single(parameter.Value.Data.ToArray()), 1e-6f);
        Assert.Null(parameter.Box);
        float[][] kernel = KernelParameters(layer);
        Assert.All(kernel[0], decay => Assert.Equal(1 - 1 / tau, decay, 1e-6f));
        Assert.All(kernel[1], gain => Assert.Equal(1 / tau, gain, 1e-6f));
    }

    [Fact]
    public void TheSameSeedDrawsTheSameParameters()
    {
        float[] Draw(ulong seed) => [.. new CAdLifLayer(Neurons, new Rng(seed)).Parameters.SelectMany(p => p.Value.Data.ToArray())];
        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
    }

    [Fact]
    public void ARandomInitialStateIsOfThePassAndNotOfTheLayer()
    {
        var layer = new CAdLifLayer(Neurons, new Rng(1), firing: new Firing(new Boxcar(), RandomInitialState: true));
        ulong[] Run(ulong seed)
        {
            var tape = new Tape(_cpu, _arena, training: false) { Random = new Rng(seed) };
            return ((Spikes)Forward(tape, layer, out _)).Bits.ToArray();
        }

        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));
    }

    [Fact]
    public void AWrongSizeIsNamed()
    {
        var x = Tensor.In(_arena, new Shape(2, 3, Neurons + 1));
        var error = Assert.Throws<ArgumentException>(() => new CAdLifLayer(Neurons, new Rng(1)).Forward(new Tape(_cpu, _arena, training: false), x));
        Assert.Contains("cadlif", error.Message, StringComparison.Ordinal);
        Assert.Contains("17", error.Message, StringComparison.Ordinal);
    }
}
