using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Bench;

/// <summary>Whole training steps, and the layer of 512 neurons over 500 steps that the peers publish.</summary>
/// <remarks>Floors: the dense products for the gradients of the layers' inputs, then 24 bytes a neuron-step (x in and out of memory, dS, dX; as for one layer of
/// neurons). Products with spikes cost what their density asks for, which changes as the network trains, and count nothing.</remarks>
internal sealed class NetBench : IBenchGroup
{
    public string Name => "net";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        yield return Step(cpu, "net/lif", Networks.Speech(Networks.Lif, norm: false, recurrent: false));
        yield return Step(cpu, "net/adlif+batch-norm", Networks.Speech(Networks.AdLif, norm: true, recurrent: false));
        yield return Layer(cpu);
    }

    /// <summary>Forward, loss, backward and optimiser on a batch of 256 samples of 100 steps with 2 % input spikes.</summary>
    internal static BenchCase Step(Cpu cpu, string name, Model model)
    {
        Batch batch = Networks.RandomSpikes(256, 100, 140, 20, 0.02);
        var trainer = new Trainer(model, new Adam(model.Parameters), cpu, new TrainerOptions { Epochs = 1, Rate = 1e-4f });
        double rows = 25600, denseGradients = 2 * rows * (256 * 256 + 256 * 20), neurons = 24 * rows * (256 + 256 + 20);
        return new BenchCase(name, "140-256-256-20,B=256,T=100", () => trainer.Step(batch, int.MaxValue), new Work(denseGradients, neurons, neurons, Sequential: true));
    }

    /// <summary>Dense 512-512 and LIF on real-valued input: forward and backward with the gradient of the weights.</summary>
    private static BenchCase Layer(Cpu cpu)
    {
        const int Batch = 16, Steps = 500, N = 512;
        var input = Tensor.Zeros(new Shape(Batch, Steps, N));
        new Rng(3).FillUniform(cpu, input.Data, 0, 1);
        var chain = new Chain(new Dense(N, N, new Rng(1)), Networks.Lif(N, new Rng(2)));
        var arena = new Arena();
        var tape = new Tape(cpu, arena, training: true);
        return new BenchCase("net/dense512+lif", "B=16,N=512,T=500", () =>
        {
            tape.Clear();
            arena.Reset();
            Signal output = chain.Forward(tape, input);
            GradientTarget target = tape.Target(output);
            target.Span.Fill(1);
            target.Commit();
            tape.WalkBack();
        }, new Work(2.0 * 2 * Batch * Steps * N * N, 24.0 * Batch * Steps * N, 24.0 * Batch * Steps * N, Sequential: true));
    }
}
