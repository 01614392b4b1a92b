using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;

namespace Volley.Tests.Nn;

public sealed class RecurrentTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    /// <summary>I[t] = x[t] + z[t−1]·V, by hand: neuron 0 fires once, which makes neuron 1 fire one step later, and so on round the ring.</summary>
    [Fact]
    public void ASpikeComesBackOneStepLater()
    {
        const int N = 5, Steps = 12;
        var ring = new Dense(N, N, new Rng(1), bias: false);
        ring.Weight.Value.Data.Clear();
        for (int i = 0; i < N; i++)
            ring.Weight.Value.Data[i * N + (i + 1) % N] = 1.5f;
        var values = new float[Steps * N];
        values[0] = 1.5f;
        LayerRun run = LayerRun.Of(_cpu, new Recurrent(new LifLayer(N, new Rng(1), Coefficient.Fixed(0), decayInput: false), ring), new LayerInput(InputKind.Floats, 1, Steps, N, values));
        for (int t = 0; t < Steps; t++)
        {
            for (int n = 0; n < N; n++)
                Assert.Equal(n == t % N ? 1 : 0, run.Output[t * N + n]);
        }
    }

    [Fact]
    public void WithoutFeedbackItIsTheLayerItself()
    {
        LayerInput input = LayerInput.Random(InputKind.Floats, 3, 20, 9, lengths: [20, 7, 13]);
        Dense none = LayerCase.Dense(9, 9, bias: false);
        none.Weight.Value.Data.Clear();
        NeuronLayer Neurons() => new CAdLifLayer(9, new Rng(1), threshold: 0.1f);
        LayerRun recurrent = LayerRun.Of(_cpu, new Recurrent(Neurons(), none), input), plain = LayerRun.Of(_cpu, Neurons(), input);
        Tests.Neurons.SameBits.Check(plain.Output, recurrent.Output, "spikes");
        LayerChecks.Compare([.. plain.DInput.Select(d => (double)d)], recurrent.DInput, 1e-6, "gradient of the input");
    }
}
