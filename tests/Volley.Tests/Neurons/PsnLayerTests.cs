using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Streaming;
using Volley.Tensors;

namespace Volley.Tests.Neurons;

/// <summary>The checks of seeds.md 1.9 that concern neurons, by their numbers there; 2, 3 and 8 also stand beside the kernels.</summary>
public sealed class PsnLayerTests : IDisposable
{
    private static readonly float[] s_w = [.5f, -.25f, 0, .25f, .25f, .5f, 0, -.5f, .1f, .2f, .6f, 0, -.3f, .4f, .2f, .7f];
    private static readonly float[] s_x = [1, 2, 3, -1, .5f, 4, 2, 1];

    private readonly Cpu _cpu = new();
    private readonly Arena _arena = new();

    public void Dispose()
    {
        _arena.Dispose();
        _cpu.Dispose();
    }

    [Fact]
    public void Check1ANeuronWithoutResetIsThePsnOfItsDecays()
    {
        const int Steps = 40, Neurons = 70;
        float[] x = Draw(1, Steps * Neurons, 4), matrix = new float[Steps * Steps];
        for (int t = 0; t < Steps; t++)
        {
            for (int s = 0; s <= t; s++)
                matrix[t * Steps + s] = (float)(0.5 * Math.Pow(0.5, t - s));
        }
        Assert.Equal([.5f, 0, 0, 0, .25f, .5f, 0, 0, .125f, .25f, .5f, 0, .0625f, .125f, .25f, .5f], Corner(matrix, Steps, 4));
        ParallelNeuronLayer psn = With(new PsnLayer(Steps, new Rng(1)), matrix);
        float[] spikes = Spikes(psn, x, Steps, Neurons), lif = Spikes(new LifLayer(Neurons, new Rng(1), reset: Reset.None), x, Steps, Neurons), h = Potentials(psn, x, Steps, Neurons);
        var v = new double[Neurons];
        for (int i = 0; i < x.Length; i++)
        {
            v[i % Neurons] = 0.5 * v[i % Neurons] + 0.5 * x[i];
            Assert.Equal(v[i % Neurons], h[i], 1e-6);
            if (Math.Abs(v[i % Neurons] - 1) > 1e-6)
                Assert.Equal(lif[i], spikes[i]);
        }
        Assert.Contains(1f, spikes);
    }

    [Fact]
    public void Check2TheTinyExample()
    {
        ParallelNeuronLayer psn = With(new PsnLayer(4, new Rng(1)), s_w);
        Near([.25, 1.5, .75, -.5, 1, 2.4, 2.4, .5], Potentials(psn, s_x, 4, 2), 1e-6);
        Assert.Equal([0, 1, 0, 0, 1, 1, 1, 0], Spikes(psn, s_x, 4, 2));
    }

    [Fact]
    public void Check3ItsGradient()
    {
        ParallelNeuronLayer psn = With(new PsnLayer(4, new Rng(1)), s_w);
        float[] dX = Gradients(psn, s_x, [1, 2, 2, 4, 3, 6, 4, 8], 4, 2);
        Near([.626576, -.331177, 1.258974, .923848, 1.839323, .638393, -.442698, 1.67306], dX, 2e-6);
        Near([1.306235, -.118901, 2.38352, .882067, 1.581702, 3.538554, 1.307945, 2.646311, 3.589842, 8.705079, 2.679684, 6.294921,
            4.811021, -1.717361, 9.327121, 2.700432], psn.Weight.Gradient.Data.ToArray(), 2e-6);
        Near([.729434, 1.409338, 3.294921, 2.503818], psn.Bias.Gradient.Data.ToArray(), 2e-6);   // b = −B
    }

    [Fact]
    public void Check4TheMask()
    {
        var masked = (MaskedPsnLayer)With(new MaskedPsnLayer(4, 2, new Rng(1), lambda: 0.5f), s_w);
        Near([.375, 1.25, 1.25, -.25, .95, 2.3, 1.95, 1], Potentials(masked, s_x, 4, 2), 1e-6);
        masked.Lambda = 1;
        Near([.5, 1, 1.75, 0, .9, 2.2, 1.5, 1.5], Potentials(masked, s_x, 4, 2), 1e-6);
        masked.Lambda = 0;
        SameBits.Check(Potentials(With(new PsnLayer(4, new Rng(1)), s_w), s_x, 4, 2), Potentials(masked, s_x, 4, 2), "λ = 0");
        ParallelNeuronLayer lower = With(new MaskedPsnLayer(4, 4, new Rng(1), lambda: 1), s_w);
        float[] triangle = [.. s_w.Select((w, i) => i % 4 <= i / 4 ? w : 0)];
        SameBits.Check(Potentials(With(new PsnLayer(4, new Rng(1)), triangle), s_x, 4, 2), Potentials(lower, s_x, 4, 2), "M_T is lower triangular");
    }

    /// <summary>The gradient goes through the mask: what lies outside of it gets its part, and at λ = 1 nothing.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.25f)]
    [InlineData(1f)]
    public void TheGradientIsMaskedLikeTheWeights(float lambda)
    {
        const int Steps = 12, Neurons = 9;
        float[] x = Draw(2, Steps * Neurons, 1), dS = Draw(3, x.Length, 1);
        var masked = new MaskedPsnLayer(Steps, 3, new Rng(4), lambda);
        float[] weights = masked.Weight.Value.Data.ToArray();
        float Mask(int i) => i % Steps <= i / Steps && i / Steps - i % Steps < 3 ? 1 : 1 - lambda;
        ParallelNeuronLayer psn = With(new PsnLayer(Steps, new Rng(1)), [.. weights.Select((w, i) => w * Mask(i))]);
        SameBits.Check(Gradients(psn, x, dS, Steps, Neurons), Gradients(masked, x, dS, Steps, Neurons), "gradient of the input");
        float[] plain = psn.Weight.Gradient.Data.ToArray(), gradient = masked.Weight.Gradient.Data.ToArray();
        for (int i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i] * Mask(i), gradient[i], 1e-5);
    }

    [Theory]
    [InlineData("masked")]
    [InlineData("sliding")]
    public void Check5NothingLooksAheadOrBackBeyondItsOrder(string kind)
    {
        const int Steps = 20, Neurons = 40, Order = 4, Changed = 9;
        ParallelNeuronLayer layer = kind == "masked" ? new MaskedPsnLayer(Steps, Order, new Rng(2), 1) : new SlidingPsnLayer(Order, new Rng(2), exponentialInit: false);
        layer.Bias.Value.Data.Fill(-0.05f);
        float[] x = Draw(4, Steps * Neurons, 2), other = [.. x];
        Draw(5, Neurons, 50).CopyTo(other.AsSpan(Changed * Neurons));
        float[] before = Spikes(layer, x, Steps, Neurons), after = Spikes(layer, other, Steps, Neurons);
        for (int t = 0; t < Steps; t++)
        {
            bool same = before.AsSpan(t * Neurons, Neurons).SequenceEqual(after.AsSpan(t * Neurons, Neurons));
            Assert.Equal(t is < Changed or >= Changed + Order, same);
        }
        var psn = new PsnLayer(Steps, new Rng(2));
        psn.Bias.Value.Data.Fill(-0.05f);
        Assert.NotEqual(Spikes(psn, x, Steps, Neurons).AsSpan(0, Changed * Neurons).ToArray(), Spikes(psn, other, Steps, Neurons).AsSpan(0, Changed * Neurons).ToArray());
    }

    [Fact]
    public void Check6Sliding()
    {
        ParallelNeuronLayer sliding = With(new SlidingPsnLayer(3, new Rng(1)), [.25f, .5f, 1]);
        Near([1, 2, 3.5, 0, 2.25, 4, 3, 2.75], Potentials(sliding, s_x, 4, 2), 1e-6);
        Assert.Equal([.125f, .25f, .5f, 1], new SlidingPsnLayer(4, new Rng(1)).Weight.Value.Data.ToArray());
    }

    [Fact]
    public void Check7TheProductIsTheCorrelationAndAStreamIsTheWholeSequence()
    {
        const int Steps = 64, Neurons = 64, Order = 9;
        float[] x = Draw(6, Steps * Neurons, 1);
        var sliding = new SlidingPsnLayer(Order, new Rng(7), exponentialInit: false);
        float[] h = Potentials(sliding, x, Steps, Neurons), w = sliding.Weight.Value.Data.ToArray();
        for (int i = 0; i < h.Length; i++)
        {
            float sum = 0;
            for (int j = 0; j < Order; j++)
                sum += i / Neurons - Order + 1 + j >= 0 ? w[j] * x[i - (Order - 1 - j) * Neurons] : 0;
            Assert.Equal(sum, h[i], 1e-5);
        }
        foreach (ParallelNeuronLayer layer in (ParallelNeuronLayer[])[sliding, new MaskedPsnLayer(Steps, Order, new Rng(8), 1), new MaskedPsnLayer(Steps, Steps, new Rng(8), 1)])
        {
            layer.Bias.Value.Data.Fill(-0.1f);
            float[] whole = Spikes(layer, x, Steps, Neurons);
            var model = new Model("net", layer, Neurons, Neurons, ReadoutKind.Mean);
            var stream = new ModelStream(model, _cpu, spikes: false);
            for (int round = 0; round < 2; round++, stream.Clear())
            {
                for (int t = 0; t < Steps; t++)
                {
                    x.AsSpan(t * Neurons, Neurons).CopyTo(stream.Input.Values);
                    stream.Step();
                    SameBits.Check(whole.AsSpan(t * Neurons, Neurons).ToArray(), stream.Output.Floats(new float[Neurons]).ToArray(), $"step {t} of {layer.Kind}");
                }
            }
        }
    }

    [Fact]
    public void AMaskedStreamEndsWithItsWeights()
    {
        var layer = new MaskedPsnLayer(3, 2, new Rng(1), 1);
        Stage stage = Stage.Open(layer, new StageInput(_cpu, StepSignal.OfValues(4)));
        for (int t = 0; t < 3; t++)
            stage.Step();
        Assert.Contains("3 steps", Assert.Throws<InvalidOperationException>(stage.Step).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check9TheSurrogate()
    {
        var atan = new ATan(2);
        foreach ((double x, double slope, double digits) in ((double, double, double)[])[(0, 1, 1e-7), (.1, .91017, 5e-6), (.5, .28840, 5e-6), (1, .09200, 5e-6)])
            Assert.Equal(slope, atan.Slope(new F64(x)).Value, digits);
        Assert.Equal(.098093, Smooth(-1), 5e-7);
        Assert.Equal(.819546, Smooth(.5), 5e-7);
        foreach (double x in (double[])[-2, -.3, 0, .7])
            Assert.Equal((Smooth(x + 1e-6) - Smooth(x - 1e-6)) / 2e-6, atan.Slope(new F64(x)).Value, 1e-6);
    }

    [Fact]
    public void Check11TheMaskCloses()
    {
        Assert.Equal(0, MaskedPsnLayer.LambdaAt(0, 256));
        Assert.Equal(.501961, MaskedPsnLayer.LambdaAt(16, 256), 5e-7);
        Assert.Equal(.972549, MaskedPsnLayer.LambdaAt(31, 256), 5e-7);
        Assert.Equal(1, MaskedPsnLayer.LambdaAt(32, 256));
        for (int epochs = 1; epochs < 20; epochs++)
            Assert.Equal(1, MaskedPsnLayer.LambdaAt(epochs - 1, epochs));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(200)]
    public void Check12InitialValues(int steps)
    {
        double bound = 1 / Math.Sqrt(steps), squares = 0;
        int count = 0;
        for (ulong seed = 0; count < 40_000; seed++)
        {
            foreach (ParallelNeuronLayer layer in (ParallelNeuronLayer[])[new PsnLayer(steps, new Rng(seed)), new MaskedPsnLayer(steps, 2, new Rng(seed + 100))])
            {
                Assert.All(layer.Bias.Value.Data.ToArray(), b => Assert.Equal(-1, b));
                foreach (float w in layer.Weight.Value.Data)
                {
                    Assert.InRange(w, -bound, bound);
                    squares += (double)w * w;
                    count++;
                }
            }
        }
        Assert.Equal(1, squares / count * 3 * steps, 0.03);
        Assert.All(new SlidingPsnLayer(steps, new Rng(1), exponentialInit: false).Weight.Value.Data.ToArray(), w => Assert.InRange(w, -bound, bound));
    }

    [Fact]
    public void Check13Parameters()
    {
        static int Count(Module module) => module.Parameters.Sum(p => p.Value.Shape.Count);
        Assert.Equal(7392, 7 * Count(new PsnLayer(32, new Rng(1))));
        Assert.Equal(7392, 7 * Count(new MaskedPsnLayer(32, 32, new Rng(1))));
        Assert.Equal(231, 7 * Count(new SlidingPsnLayer(32, new Rng(1))));
        Assert.All(new PsnLayer(3, new Rng(1)).Parameters, p => Assert.True(p.Decays));
    }

    [Fact]
    public void AnotherNumberOfStepsIsRefusedWithBothNumbersAndTheAlternative()
    {
        foreach (Module layer in (Module[])[new PsnLayer(28, new Rng(1)), new MaskedPsnLayer(28, 3, new Rng(1))])
        {
            string message = Assert.Throws<ArgumentException>(() => Spikes(layer, new float[30 * 2], 30, 2)).Message;
            foreach (string part in (string[])["28", "30", "SlidingPsn", layer.Kind])
                Assert.Contains(part, message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new PsnLayer(0, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PsnLayer(1_000_000, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedPsnLayer(4, 5, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedPsnLayer(4, 2, new Rng(1), float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingPsnLayer(0, new Rng(1)));
    }

    /// <summary>Places of an image are neurons like any others.</summary>
    [Theory]
    [InlineData(3, 5, 6)]
    [InlineData(4, 4, 64)]
    public void ImagesGiveWhatTheirRowsGive(int height, int width, int channels)
    {
        const int Steps = 7;
        int neurons = height * width * channels;
        float[] x = Draw(8, 2 * Steps * neurons, 2), dS = Draw(9, x.Length, 1);
        foreach (Func<ParallelNeuronLayer> make in (Func<ParallelNeuronLayer>[])[() => new PsnLayer(Steps, new Rng(1)), () => new SlidingPsnLayer(3, new Rng(1))])
        {
            (float[] flat, float[] image) = (All(make(), new Shape(2, Steps, neurons)), All(make(), new Shape(2, Steps, height, width, channels)));
            Assert.Equal(flat.AsSpan(0, 2 * x.Length).ToArray(), image.AsSpan(0, 2 * x.Length).ToArray());
            for (int i = 2 * x.Length; i < flat.Length; i++)
                Assert.Equal(flat[i], image[i], 1e-4);
        }

        float[] All(ParallelNeuronLayer layer, Shape shape)
        {
            var tape = new Tape(_cpu, _arena, training: true);
            Tensor input = Tensor.Of(shape, x);
            input.NeedsGradient = true;
            Signal output = layer.Forward(tape, input);
            Assert.Equal(shape, output.Shape);
            GradientTarget target = tape.Target(output);
            dS.CopyTo(target.Span);
            target.Commit();
            tape.WalkBack();
            return [.. tape.Floats(output).Data, .. input.Gradient!.Data, .. layer.Weight.Gradient.Data, .. layer.Bias.Gradient.Data];
        }
    }

    private static ParallelNeuronLayer With(ParallelNeuronLayer layer, float[] weights)
    {
        weights.CopyTo(layer.Weight.Value.Data);
        return layer;
    }

    private static float[] Corner(float[] matrix, int steps, int size) => [.. Enumerable.Range(0, size * size).Select(i => matrix[i / size * steps + i % size])];

    private static float[] Draw(int seed, int count, float scale)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => scale * (2 * random.NextSingle() - 1))];
    }

    private float[] Spikes(Module layer, float[] x, int steps, int neurons)
    {
        var tape = new Tape(_cpu, _arena, training: false);
        return tape.Floats(layer.Forward(tape, Tensor.Of(new Shape(1, steps, neurons), x))).Data.ToArray();
    }

    /// <summary>Gradient of the input; those of the parameters are left in the layer.</summary>
    private float[] Gradients(ParallelNeuronLayer layer, float[] x, float[] dS, int steps, int neurons)
    {
        var tape = new Tape(_cpu, _arena, training: true);
        Tensor input = Tensor.Of(new Shape(1, steps, neurons), x);
        input.NeedsGradient = true;
        Signal output = layer.Forward(tape, input);
        GradientTarget target = tape.Target(output);
        dS.CopyTo(target.Span);
        target.Commit();
        tape.WalkBack();
        return input.Gradient!.Data.ToArray();
    }

    /// <summary>H, which no layer shows: with a surrogate whose slope is the distance itself, a spike's gradient of 1 makes dB = H + b.</summary>
    private float[] Potentials(ParallelNeuronLayer layer, float[] x, int steps, int neurons)
    {
        ParallelNeuronLayer probe = layer switch
        {
            MaskedPsnLayer masked => new MaskedPsnLayer(steps, masked.Order, new Rng(1), masked.Lambda, new Distance()),
            SlidingPsnLayer sliding => new SlidingPsnLayer(sliding.Order, new Rng(1), surrogate: new Distance()),
            _ => new PsnLayer(steps, new Rng(1), new Distance()),
        };
        With(probe, layer.Weight.Value.Data.ToArray());
        probe.Bias.Value.Data.Clear();
        var h = new float[x.Length];
        for (int i = 0; i < h.Length; i++)
        {
            // Only one element of dS is not 0, so that neither sums over neurons nor over steps add anything to it.
            int t = i / neurons, n = i % neurons;
            float[] column = [.. Enumerable.Range(0, steps).Select(s => x[s * neurons + n])], dS = new float[steps];
            dS[t] = 1;
            probe.Bias.Gradient.Data.Clear();
            Gradients(probe, column, dS, steps, 1);
            h[i] = probe.Bias.Gradient.Data[probe is SlidingPsnLayer ? 0 : t];
            _arena.Reset();
        }
        return h;
    }

    private static double Smooth(double x) => Math.Atan(Math.PI / 2 * 2 * x) / Math.PI + 0.5;

    private static void Near(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    /// <summary>A slope that shows what it is given.</summary>
    private readonly record struct Distance : ISurrogate
    {
        public float Support => float.PositiveInfinity;

        public L Slope<L>(L x) where L : unmanaged, ILane<L> => x;

        unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
    }
}
