using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Tensors;
using Volley.Tests.Neurons;

namespace Volley.Tests.Nn;

public sealed class DelayedRecurrentTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    private static DelayedRecurrent Layer(NeuronLayer neurons, Dense feedback, float[] delays, float dropout = 0, double sigma = 2)
    {
        var layer = new DelayedRecurrent(neurons, feedback, new RecurrentDelayOptions { MaxDelay = 9, SigmaStart = sigma, Dropout = dropout }, new Rng(1));
        delays.CopyTo(layer.Delay!.Value.Data);
        return layer;
    }

    private float[] Evaluated(Module layer, LayerInput input)
    {
        using var arena = new Arena();
        var tape = new Tape(_cpu, arena, training: false);
        return tape.Floats(layer.Forward(tape, input.In(arena))).Data.ToArray();
    }

    /// <summary>Neuron 0 fires at step 0; round the ring of weights each fires 1 + d steps after the one before.</summary>
    [Fact]
    public void ASpikeComesBackAfterItsDelay()
    {
        const int N = 4, Steps = 40;
        var ring = new Dense(N, N, new Rng(1), bias: false);
        ring.Weight.Value.Data.Clear();
        for (int i = 0; i < N; i++)
            ring.Weight.Value.Data[i * N + (i + 1) % N] = 1.5f;
        var values = new float[Steps * N];
        values[0] = 1.5f;
        float[] delays = [0, 2.4f, 4.5f, 0.8f];
        DelayedRecurrent layer = Layer(new LifLayer(N, new Rng(1), Coefficient.Fixed(0), decayInput: false), ring, delays);
        Assert.Equal([1, 3, 5, 2], layer.Delays());
        float[] spikes = Evaluated(layer, new LayerInput(InputKind.Floats, 1, Steps, N, values));
        var expected = new float[Steps * N];
        for (int t = 0, n = 0; t < Steps; t += layer.Delays()[n], n = (n + 1) % N)
            expected[t * N + n] = 1;
        Assert.Equal(expected, spikes);
    }

    [Fact]
    public void WithoutDelaysItIsTheRecurrentLayer()
    {
        LayerInput input = LayerInput.Random(InputKind.Floats, 3, 20, 9, lengths: [20, 7, 13]);
        NeuronLayer Neurons() => new CAdLifLayer(9, new Rng(1), threshold: 0.1f);
        Dense Feedback() => LayerCase.Dense(9, 9, bias: true, scale: 2);
        float[] plain = Evaluated(new Recurrent(Neurons(), Feedback()), input);
        SameBits.Check(plain, Evaluated(Layer(Neurons(), Feedback(), new float[9]), input), "spikes");
        // A triangle of half width 1 around a whole step is that step.
        LayerRun recurrent = LayerRun.Of(_cpu, new Recurrent(Neurons(), Feedback()), input), delayed = LayerRun.Of(_cpu, Layer(Neurons(), Feedback(), new float[9], sigma: 0), input);
        SameBits.Check(recurrent.Output, delayed.Output, "spikes in training");
        LayerChecks.Compare([.. recurrent.DInput.Select(d => (double)d)], delayed.DInput, 1e-6, "gradient of the input");
        foreach ((string path, float[] values) in recurrent.DParameters)
            LayerChecks.Compare([.. values.Select(d => (double)d)], delayed.DParameters.Single(p => p.Path == path).Values, 1e-6, path);
    }

    /// <summary>The mask is known: it is the first that the pass draws.</summary>
    [Fact]
    public void DroppedSpikesDoNotComeBackAndCarryNoGradient()
    {
        const int Units = 5, Steps = 11;
        const float Rate = 0.4f;
        var masks = new ulong[2][];
        for (int b = 0; b < 2; b++)
        {
            masks[b] = new ulong[Steps];
            new Rng(5).Fork(0).Fork(b).FillBits(_cpu, masks[b].AsSpan(0, b == 0 ? 11 : 8), 1 - Rate);
        }
        var layer = new LayerCase(Units, n => new Chain(LayerCase.Dense(n, n, scale: 8),
            Layer(new LifLayer(n, new Rng(2), Coefficient.Boxed(0.5f, 0.9f)), LayerCase.Dense(n, n, bias: false, scale: 2), [0.4f, 1.3f, 2.2f, 3.9f, 0.1f], Rate)));
        LayerChecks.AgreesWithReference(layer, kept: (b, t, n) => (masks[b][t] >> n & 1) != 0 ? 1 / (1 - Rate) : 0);
        LayerChecks.AgreesWithReference(layer, truncate: 3, kept: (b, t, n) => (masks[b][t] >> n & 1) != 0 ? 1 / (1 - Rate) : 0);
    }

    [Fact]
    public void SigmaIsAFunctionOfTheEpoch()
    {
        var options = new RecurrentDelayOptions { MaxDelay = 40 };
        Assert.Equal(10, options.SigmaAt(0, 0));
        Assert.Equal(10 * 0.95, options.SigmaAt(1, 100), 1e-5);
        Assert.Equal(10 * Math.Pow(0.95, 50), options.SigmaAt(10, 20), 1e-5);
        Assert.Equal(0, (options with { Learned = false }).SigmaAt(0, 0));
        DelayedRecurrent layer = Layer(new IfLayer(2), LayerCase.Dense(2, 2), [0, 1], sigma: 4);
        ((IAnnealed)layer).Anneal(50, 100);
        Assert.Equal(4 * Math.Pow(0.95, 50), layer.Sigma, 1e-5);
    }

    [Fact]
    public void DelaysAreDrawnInTheirBoxAndStayThere()
    {
        var layer = new DelayedRecurrent(new IfLayer(400), LayerCase.Dense(400, 400), new RecurrentDelayOptions { MaxDelay = 20, Spread = 12 }, new Rng(3));
        float[] drawn = layer.Delay!.Value.Data.ToArray();
        Assert.All(drawn, delay => Assert.InRange(delay, 0, 20));
        Assert.Equal((0f, 20f), layer.Delay.Box);
        // The mean of |N(0, 12)| cut to 20: 12·√(2/π)·(1 − e^(−(5/3)²/2)) + 20·P(|N| > 5/3) = 9.10.
        Assert.Equal(9.1, drawn.Average(), 1.0);
        Assert.Contains("between 0 and 65536", Assert.Throws<ArgumentException>(() =>
            new DelayedRecurrent(new IfLayer(2), LayerCase.Dense(2, 2), new RecurrentDelayOptions { MaxDelay = -1 }, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("does not spike", Assert.Throws<ArgumentException>(() =>
            new DelayedRecurrent(new LeakyIntegratorLayer(2, new Rng(1)), LayerCase.Dense(2, 2), new RecurrentDelayOptions { MaxDelay = 1 }, new Rng(1))).Message, StringComparison.Ordinal);
    }
}
