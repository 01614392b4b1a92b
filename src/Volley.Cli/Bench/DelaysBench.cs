using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Bench;

/// <summary>Learned delays, K = 25, T = 100, B = 256: each product, layers forward and back beside the dense convolution that does the same, networks in training
/// and in evaluation, with delays and without.</summary>
/// <remarks>Floors: events cost an addition a spike, output and tap; the frequency domain a complex multiply-add (8 operations) a bin, synapse, sample and segment, its
/// transforms for nothing; a tap 22 operations (distance, exponential and sum, then its share), 28 backwards. Outputs and their gradients in memory once. In networks, what hidden
/// layers fire depends on training and counts nothing: the first layer's events, the gradients of the inputs behind it, 24 bytes a neuron-step (8 in evaluation).</remarks>
internal sealed class DelaysBench : IBenchGroup
{
    private const int Samples = 256, Steps = 100, Taps = 25;

    // As in a trained network: docs/delays.md.
    private const double Density = 0.02;

    public string Name => "delays";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        foreach ((int inputs, int outputs, bool inputGradient) in ((int, int, bool)[])[(140, 256, false), (256, 256, true), (140, 128, false), (128, 128, true)])
        {
            string shape = $"{inputs}->{outputs},B={Samples},T={Steps},K={Taps}";
            foreach (BenchCase product in Products(cpu, inputs, outputs, shape))
                yield return product;
            foreach (double sigma in (double[])[12, 2, 0.23])
                yield return Layer(cpu, inputs, outputs, inputGradient, sigma, Density);
            foreach (double density in (double[])[0.05, 0.2])
                yield return Layer(cpu, inputs, outputs, inputGradient, 12, density);
            yield return DenseWay(cpu, inputs, outputs, inputGradient, shape);
        }
        foreach (double sigma in (double[])[12, 0.23])
            yield return TrainingStep(cpu, sigma);
        yield return Evaluation(cpu, "delays/evaluation", delays: true);
        yield return Evaluation(cpu, "delays/evaluation-without", delays: false);
    }

    private static IEnumerable<BenchCase> Products(Cpu cpu, int inputs, int outputs, string shape)
    {
        var call = new DelayCall(Samples, Steps, inputs, outputs, Taps);
        var transform = new TimeTransform(Taps);
        var random = new Rng(1);
        Tensor weights = Random(random, call.Synapses, 1), positions = Random(random, call.Synapses, 12), taps = Random(random, call.TapFloats, 1), dTaps = Tensor.Zeros(call.TapFloats);
        Tensor y = Random(random, Samples * call.OutputSteps * outputs, 1), dX = Tensor.Zeros(Samples * Steps * inputs), workspace = Tensor.Zeros((int)DelaySpectrum.WorkspaceFloats(transform, call));
        Tensor dWeights = Tensor.Zeros(call.Synapses), dPositions = Tensor.Zeros(call.Synapses), shifted = Tensor.Zeros(y.Shape);
        var spikes = (Spikes)Networks.RandomSpikes(Samples, Steps, inputs, 20, Density).Input;
        var delays = new int[call.Synapses];
        DelayShift.Round(positions.Data, delays, Taps);
        double eventFlops = 2.0 * Density * Samples * Steps * inputs * outputs * Taps, outputBytes = 4.0 * y.Shape.Count;
        double spectrumFlops = 8.0 * transform.Bins * Samples * transform.Segments(Steps) * inputs * outputs;
        double tapBytes = 4.0 * (call.TapFloats + 4 * call.Synapses);
        yield return new BenchCase("delays/taps", shape, () => DelayTaps.Build(cpu, weights.Data, positions.Data, 12, TapInterpolation.Gaussian, taps.Data, call), new Work(22.0 * call.TapFloats, tapBytes, tapBytes));
        yield return new BenchCase("delays/taps-backward", shape,
            () => DelayTaps.Backward(cpu, weights.Data, positions.Data, 12, TapInterpolation.Gaussian, dTaps.Data, dWeights.Data, dPositions.Data, call), new Work(28.0 * call.TapFloats, tapBytes, tapBytes));
        string dense = $"{shape},density={Density}";
        yield return new BenchCase("delays/events-forward", dense, () => DelayEvents.Forward(cpu, spikes.Matrix, taps.Data, shifted.Data, call), new Work(eventFlops, outputBytes, outputBytes));
        yield return new BenchCase("delays/events-tap-gradient", dense, () => DelayEvents.TapGradient(cpu, spikes.Matrix, y.Data, dTaps.Data, call), new Work(eventFlops, outputBytes, outputBytes));
        yield return new BenchCase("delays/spectrum-forward", shape, () => DelaySpectrum.Forward(cpu, transform, dX.Data, taps.Data, shifted.Data, workspace.Data, call), new Work(spectrumFlops * transform.Segments(call.OutputSteps) / transform.Segments(Steps), outputBytes, outputBytes));
        yield return new BenchCase("delays/spectrum-tap-gradient", shape, () => DelaySpectrum.TapGradient(cpu, transform, dX.Data, y.Data, dTaps.Data, workspace.Data, call), new Work(spectrumFlops, outputBytes, outputBytes));
        yield return new BenchCase("delays/input-gradient", shape, () => DelaySpectrum.InputGradient(cpu, transform, y.Data, taps.Data, dX.Data, workspace.Data, call), new Work(spectrumFlops, outputBytes, outputBytes));
        yield return new BenchCase("delays/shift", dense, () => DelayShift.Forward(cpu, spikes.Matrix, weights.Data, delays, shifted.Data, call), new Work(eventFlops / Taps, outputBytes, outputBytes));
    }

    /// <summary>Forward and backward of one layer.</summary>
    private static BenchCase Layer(Cpu cpu, int inputs, int outputs, bool inputGradient, double sigma, double density)
    {
        var layer = new Delayed(inputs, outputs, new DelayOptions { Taps = Taps, SigmaStart = sigma }, new Rng(1));
        Signal input = Networks.RandomSpikes(Samples, Steps, inputs, 20, density).Input;
        input.NeedsGradient = inputGradient;
        var arena = new Arena();
        var tape = new Tape(cpu, arena, training: true);
        double products = 2.0 * 2 * density * Samples * Steps * inputs * outputs * Taps;
        double spectrum = inputGradient ? 8.0 * new TimeTransform(Taps).Bins * Samples * inputs * outputs : 0;
        double bytes = 8.0 * Samples * Steps * outputs;
        return new BenchCase("delays/layer-forward+backward", $"{inputs}->{outputs},B={Samples},T={Steps},K={Taps},sigma={sigma},density={density}", () =>
        {
            tape.Clear();
            arena.Reset();
            Signal output = layer.Forward(tape, input);
            GradientTarget target = tape.Target(output);
            target.Span.Fill(1);
            target.Commit();
            tape.WalkBack();
        }, new Work(products + spectrum, bytes, bytes, Sequential: true));
    }

    /// <summary>What a convolution over time does: K dense products forward, as many for the taps, as many for the input.</summary>
    private static BenchCase DenseWay(Cpu cpu, int inputs, int outputs, bool inputGradient, string shape)
    {
        int rows = Samples * Steps;
        var random = new Rng(1);
        Tensor x = Random(random, rows * inputs, 1), w = Random(random, inputs * outputs, 1), y = Random(random, rows * outputs, 1), dW = Tensor.Zeros(w.Shape), dX = Tensor.Zeros(x.Shape);
        return new BenchCase("delays/layer-forward+backward", shape, () =>
        {
            for (int d = 0; d < Taps; d++)
            {
                Gemm.Multiply(cpu, x.Data, w.Data, y.Data, rows, outputs, inputs, accumulate: true);
                Gemm.Multiply(cpu, x.Data, y.Data, dW.Data, inputs, outputs, rows, transposeA: true, accumulate: true);
                if (inputGradient)
                    Gemm.Multiply(cpu, y.Data, w.Data, dX.Data, rows, inputs, outputs, transposeB: true, accumulate: true);
            }
        }, new Work((inputGradient ? 3.0 : 2.0) * 2 * Taps * rows * inputs * outputs, 0, 1e6))
        { Peer = "dense convolution" };
    }

    private static BenchCase TrainingStep(Cpu cpu, double sigma)
    {
        Model model = Network(sigma, delays: true);
        Batch batch = Networks.RandomSpikes(Samples, Steps, 140, 20, Density);
        var trainer = new Trainer(model, new Adam(model.Parameters), cpu, new TrainerOptions { Epochs = 0, Rate = 1e-4f });
        return new BenchCase("delays/training-step", $"d-cAdLIF 140-128-128-20,B={Samples},T={Steps},K={Taps},sigma={sigma}", () => trainer.Step(batch, int.MaxValue),
            new Work(2 * FirstEvents + 8.0 * new TimeTransform(Taps).Bins * Samples * (128 * 128 + 128 * 20), 24 * NeuronSteps, 24 * NeuronSteps, Sequential: true));
    }

    private static BenchCase Evaluation(Cpu cpu, string name, bool delays)
    {
        Model model = Network(0.23, delays);
        Batch batch = Networks.RandomSpikes(Samples, Steps, 140, 20, Density);
        var arena = new Arena();
        var tape = new Tape(cpu, arena, training: false);
        return new BenchCase(name, $"cAdLIF 140-128-128-20,B={Samples},T={Steps}", () =>
        {
            tape.Clear();
            arena.Reset();
            model.Forward(tape, batch.Input);
        }, new Work(FirstEvents / Taps, 8 * NeuronSteps, 8 * NeuronSteps, Sequential: true));
    }

    /// <summary>Operations of the first layer of the network, forward: every spike of the input at every tap.</summary>
    private static double FirstEvents => 2.0 * Density * Samples * Steps * 140 * 128 * Taps;

    private static double NeuronSteps => (double)Samples * Steps * (128 + 128 + 20);

    private static Model Network(double sigma, bool delays)
    {
        var random = new Rng(1);
        var modules = new List<Module>();
        int inputs = 140;
        foreach (int outputs in (int[])[128, 128, 20])
        {
            Rng own = random.Fork(modules.Count);
            modules.Add(delays ? new Delayed(inputs, outputs, new DelayOptions { Taps = Taps, SigmaStart = sigma, SigmaEnd = sigma }, own) : new Dense(inputs, outputs, own, bias: false));
            if (outputs == 20)
                break;
            modules.Add(new BatchNorm(outputs));
            modules.Add(new CAdLifLayer(outputs, own.Fork("neurons")));
            inputs = outputs;
        }
        modules.Add(new LeakyIntegratorLayer(20, random.Fork("readout")));
        return new Model("140-128-128-20", new Chain([.. modules]), 140, 20, ReadoutKind.SumSoftmax);
    }

    private static Tensor Random(Rng random, int count, float most)
    {
        Tensor tensor = Tensor.Zeros(count);
        random.Fork(count).FillUniform(new Cpu(), tensor.Data, -most, most);
        return tensor;
    }
}
