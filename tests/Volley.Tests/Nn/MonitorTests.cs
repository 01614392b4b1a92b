using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Monitoring;
using Volley.Nn.Neurons;
using Volley.Tensors;
using Volley.Tests.Neurons;

namespace Volley.Tests.Nn;

public sealed class MonitorTests : IDisposable
{
    private static readonly int[] s_lengths = [11, 0, 6];
    private readonly Cpu _cpu = new(2);

    public void Dispose() => _cpu.Dispose();

    /// <summary>Modules that can be a model by themselves.</summary>
    private static IEnumerable<string> Names => LayerCase.All.Where(pair => !pair.Value.Draws && pair.Value.Module(11).OutputShape(pair.Value.Step).Rank == 1).Select(pair => pair.Key);

    public static TheoryData<string> Cases => [.. Names];

    private static Model ModelOf(string name)
    {
        LayerCase layer = LayerCase.All[name];
        Module module = layer.Module(11);
        return new Model(name, module, layer.Step, module.OutputShape(layer.Step).Last, ReadoutKind.Mean);
    }

    private static LayerInput InputOf(string name, int[]? lengths)
    {
        LayerCase layer = LayerCase.All[name];
        return LayerInput.Random(layer.Input, 3, 11, layer.Step, layer.Density, layer.MakeForSteps is null ? lengths : null);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SpikesAreThoseOfTheRunAndDistancesCrossWhereTheyAre(string name)
    {
        Model model = ModelOf(name);
        using var arena = new Arena();
        var tape = new Tape(_cpu, arena, training: false);
        Signal input = InputOf(name, s_lengths).In(arena);
        float[] scores = model.Forward(tape, input).Scores.Data.ToArray();

        Recording recording = new LayerMonitor { Quantities = [] }.Record(_cpu, model, input);
        Assert.Equal(scores, recording.Scores);
        foreach (Observation observed in tape.Observations)
        {
            LayerRecording layer = recording[observed.Layer];
            Assert.Equal(tape.Floats(observed.Spikes).Data, layer["spikes"]);
            Assert.Equal(observed.Spikes.Lengths ?? [11, 11, 11], layer.Lengths);
        }
        foreach (LayerRecording layer in recording.Layers)
        {
            foreach (string quantity in layer.Quantities)
            {
                Assert.Equal(3 * layer.Steps * layer.Neurons, layer[quantity].Length);
                for (int b = 0; b < 3; b++)
                    Assert.All(layer[quantity].Slice((b * layer.Steps + layer.Lengths[b]) * layer.Neurons, (layer.Steps - layer.Lengths[b]) * layer.Neurons).ToArray(), value => Assert.Equal(0, value));
            }
            if (layer.Quantities.Contains("distance"))
                CheckCrossings(model, layer);
        }
    }

    private static void CheckCrossings(Model model, LayerRecording layer)
    {
        Module module = model.Modules.First(module => module.ToString() == layer.Layer);
        bool at = module is ParallelNeuronLayer || model.Modules.OfType<NeuronLayer>().Any(neurons => neurons.Path.StartsWith(module.Path, StringComparison.Ordinal) && neurons.Firing.FiresAtThreshold);
        ReadOnlySpan<float> spikes = layer["spikes"], distance = layer["distance"];
        for (int i = 0; i < spikes.Length; i++)
        {
            int row = i / layer.Neurons;
            bool live = row % layer.Steps < layer.Lengths[row / layer.Steps];
            Assert.Equal(live && (at ? distance[i] >= 0 : distance[i] > 0), spikes[i] != 0);
        }
    }

    /// <summary>Without this the crossings above could be right because nothing fires.</summary>
    [Fact]
    public void MostOfThemFire()
    {
        int fire = Names.Count(name => new LayerMonitor().Record(_cpu, ModelOf(name), InputOf(name, s_lengths).In(new Arena())).Layers.Any(layer => layer["spikes"].ContainsAnyExcept(0f)));
        Assert.True(fire >= 50, $"{fire} cases fire.");
    }

    [Fact]
    public void ChosenSamplesComeInTheirOrder()
    {
        Model model = ModelOf("recurrent cadlif");
        Signal input = InputOf("recurrent cadlif", s_lengths).In(new Arena());
        Recording all = new LayerMonitor { Quantities = [] }.Record(_cpu, model, input), some = new LayerMonitor { Quantities = [], Samples = [2, 0] }.Record(_cpu, model, input);
        foreach (string quantity in new[] { "spikes", "current", "membrane", "distance", "V", "W" })
        {
            ReadOnlySpan<float> of = all["1"][quantity];
            int size = of.Length / 3;
            Assert.Equal([.. of[(2 * size)..], .. of[..size]], some["1"][quantity].ToArray());
            Assert.False(of[..size].SequenceEqual(of[(2 * size)..]));
        }
        Assert.Equal([6, 11], some["1"].Lengths);
    }

    /// <summary>SE-adLIF written out in doubles: potential and adaptation at the threshold test.</summary>
    [Fact]
    public void StatesAreThoseOfTheEquations()
    {
        var layer = new SeAdLifLayer(1, new Rng(1), Coefficient.Fixed(0.9f), Coefficient.Fixed(0.95f), Coefficient.Fixed(0.5f), Coefficient.Fixed(1), q: 10, threshold: 0.5f);
        var model = new Model("one", layer, 1, 1, ReadoutKind.Mean);
        float[] x = [2, 8, 9, -1, 7, 20, 3, 0];
        LayerRecording recorded = new LayerMonitor { Quantities = ["V", "W", "current"] }.Record(_cpu, model, Tensor.Of(new Shape(1, 8, 1), x)).Layers[0];
        double v = 0, w = 0;
        int fired = 0;
        for (int t = 0; t < 8; t++)
        {
            double u = 0.9 * v + 0.1 * (x[t] - w), z = u > 0.5 ? 1 : 0;
            Assert.Equal(u, recorded["V"][t], 1e-5);
            Assert.Equal(w, recorded["W"][t], 1e-5);
            v = u * (1 - z);
            w = 0.95 * w + 0.05 * 10 * (0.5 * v + z);
            fired += (int)z;
        }
        Assert.InRange(fired, 1, 7);
        Assert.Equal(x, recorded.Trace("current", 0, 0));
        Assert.Equal("V, W, current", string.Join(", ", recorded.Quantities.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void SynapsesTellTheirCurrents()
    {
        Model model = ModelOf("delayed, three layers of neurons");
        Signal input = InputOf("delayed, three layers of neurons", s_lengths).In(new Arena());
        Recording recording = new LayerMonitor { Layers = ["0", "1", "4-delayed"], Quantities = ["current"] }.Record(_cpu, model, input);
        Assert.Equal(["0-delayed", "1-cadlif", "4-delayed"], recording.Layers.Select(layer => layer.Layer));
        Assert.Equal(recording["0"]["current"], recording["1"]["current"]);
        Assert.Equal([20, 9, 15], recording["4"].Lengths);
    }

    [Theory]
    [InlineData("0", "spikes", "Layer 0-dense has no 'spikes' to record; it has current.")]
    [InlineData("1", "W", "Layer 1-lif has no 'W' to record; it has current, membrane, distance, V, spikes.")]
    [InlineData("4", "spikes", "Layer 4-li has no 'spikes' to record; it has current, membrane, V.")]
    [InlineData("9", "spikes", "There is no layer '9' to record; there are 0-dense, 1-lif, 3-dense, 4-li.")]
    public void WhatIsNotThereIsNamed(string layer, string quantity, string message)
    {
        var model = new Model("net", new Chain(LayerCase.Dense(3, 4), new LifLayer(4, new Rng(1)), new Volley.Nn.Dropout(0.1f), LayerCase.Dense(4, 2), new LeakyIntegratorLayer(2, new Rng(2))), 3, 2, ReadoutKind.Mean);
        Signal input = Tensor.Zeros(new Shape(2, 5, 3));
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new LayerMonitor { Layers = [layer], Quantities = [quantity] }.Record(_cpu, model, input)).Message);
    }

    [Fact]
    public void AQuantityThatNoLayerHasIsNamed()
    {
        Model model = ModelOf("lif");
        Signal input = InputOf("lif", null).In(new Arena());
        ArgumentException failure = Assert.Throws<ArgumentException>(() => new LayerMonitor { Quantities = ["membrain"] }.Record(_cpu, model, input));
        Assert.StartsWith("No layer has a 'membrain' to record; there are ", failure.Message);
    }

    [Fact]
    public void ASampleThatIsNotThereIsNamed()
    {
        Model model = ModelOf("lif");
        Signal input = InputOf("lif", null).In(new Arena());
        ArgumentException failure = Assert.Throws<ArgumentException>(() => new LayerMonitor { Samples = [3] }.Record(_cpu, model, input));
        Assert.Equal("There is no sample 3 to record in a batch of 3.", failure.Message);
        Recording recording = new LayerMonitor().Record(_cpu, model, input);
        Assert.Contains("it has spikes", Assert.Throws<ArgumentException>(() => recording["1"]["V"].Length).Message, StringComparison.Ordinal);
        Assert.Contains("these were: 1-lif", Assert.Throws<ArgumentException>(() => recording["2"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => recording["1"].Trace("spikes", 0, 99));
    }

    /// <summary>Initial states that are drawn are those of the run, in a tape of the caller's own too.</summary>
    [Fact]
    public void DrawnStatesAreReplayed()
    {
        var model = new Model("drawn", new CAdLifLayer(5, new Rng(4), firing: new Firing(new Volley.Kernels.Neurons.Boxcar(), RandomInitialState: true)), 5, 5, ReadoutKind.Mean);
        using var arena = new Arena();
        var recorder = new Recorder(new LayerMonitor { Quantities = ["spikes", "distance"] });
        var tape = new Tape(_cpu, arena, training: true) { Random = new Rng(7), Watcher = recorder.Watch };
        model.Forward(tape, LayerInput.Random(InputKind.Floats, 2, 6, 5).In(arena));
        CheckCrossings(model, recorder.Finish(tape).Layers[0]);
        Assert.Contains(tape.Observations, observed => observed.Spikes.Bits.ContainsAnyExcept(0ul));
    }

    [Fact]
    public void DocumentedExample()
    {
        Model model = ModelOf("recurrent cadlif");
        Signal input = InputOf("recurrent cadlif", null).In(new Arena());
        Cpu cpu = _cpu;
        #region monitor
        var monitor = new LayerMonitor { Layers = ["1"], Quantities = ["spikes", "membrane", "W", "current"], Samples = [0, 2] };
        Recording recording = monitor.Record(cpu, model, input);           // input [B, T, N]; scores of all samples: recording.Scores
        LayerRecording layer = recording["1"];                             // samples 0 and 2 of the batch

        float[] potential = layer.Trace("membrane", sample: 1, neuron: 3); // of sample 2: a value a step, before the reset
        ReadOnlySpan<float> adaptation = layer["W"];                       // [samples, T, N], 0 behind a sample's length
        #endregion
        Assert.Equal(layer.Lengths[1], potential.Length);
        Assert.Equal(2 * layer.Steps * layer.Neurons, adaptation.Length);
        SameBits.Check(layer["membrane"].ToArray(), new LayerMonitor { Quantities = ["V"], Samples = [0, 2] }.Record(cpu, model, input)["1"]["V"].ToArray(), "membrane and V");
    }
}
