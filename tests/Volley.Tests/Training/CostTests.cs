using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Nn.StateSpace;
using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Training;
using Volley.Training.Costs;

namespace Volley.Tests.Training;

/// <summary>Every metric by hand on networks of a few neurons.</summary>
public sealed class CostTests : IDisposable
{
    private readonly Cpu _cpu = new(2);

    public void Dispose() => _cpu.Dispose();

    private static Dense Dense(int inputs, int outputs, params float[] weights)
    {
        var dense = new Dense(inputs, outputs, new Rng(1));
        weights.CopyTo(dense.Weight.Value.Data);
        return dense;
    }

    /// <summary>[1, T, N] of spikes.</summary>
    private static Spikes Fired(int neurons, params float[] values)
    {
        Spikes spikes = Spikes.None(new Shape(1, values.Length / neurons, neurons));
        SpikeBits.FromFloats(values, spikes.Bits, values.Length / neurons, neurons, out _);
        return spikes;
    }

    private static LayerCost Layer(CostReport report, string name) => report.Layers.Single(layer => layer.Layer == name);

    [Fact]
    public void SynapsesAndNeurons()
    {
        // Two inputs, two neurons u = 0.5·V + x with θ = 1 subtracted, one output. One of four weights is 0.
        var net = new Chain(Dense(2, 2, 1.5f, 0, 0.5f, 1), new LifLayer(2, new Rng(1), Coefficient.Fixed(0.5f), decayInput: false), Dense(2, 1, 1, 0));
        ((Dense)net.Children[0].Module).Bias!.Value.Data.Clear();
        CostReport report = Costs.Of(_cpu, net, Fired(2, 1, 0, 0, 0, 1, 1));

        // Step 0: input 0 meets 1 weight. Step 2: inputs 0 and 1 meet 1 and 2.
        LayerCost first = Layer(report, "0-dense");
        Assert.Equal((4, 0, 3 * 4), (first.EffectiveAcs, first.EffectiveMacs, first.Dense));
        Assert.Equal((4, 1, 0.25, 6, 24), (first.Weights, first.ZeroWeights, first.ConnectionSparsity, first.Parameters, first.FootprintBytes));
        Assert.Null(first.ActivationSparsity);

        // Neuron 0: u = 1.5 fires (0.5 is left), 0.25, 2.125 fires. Neuron 1: 0, 0, 1 fires (0 is left).
        LayerCost lif = Layer(report, "1-lif");
        Assert.Equal((6, 3, 0.5), (lif.Activations, lif.Spikes, lif.ActivationSparsity));
        // Both in the first step; then neuron 0 changes twice, and neuron 1, 0 after every step, not once.
        Assert.Equal(2 + 2, lif.MembraneUpdates);
        // β·V, g·x and the reset, for two neurons in three steps.
        Assert.Equal((3 * 2 * 3, 3 * 2 * 3, 0), (lif.NeuronMacs, lif.SequenceMacs, lif.Dense));

        // Neuron 0 meets one weight twice, neuron 1 none that is not 0.
        LayerCost last = Layer(report, "2-dense");
        Assert.Equal((2, 0, 6, 0.5), (last.EffectiveAcs, last.EffectiveMacs, last.Dense, last.ConnectionSparsity));

        Assert.Equal((1, 6, 0, 18, 4), (report.Samples, report.EffectiveAcs, report.EffectiveMacs, report.Dense, report.MembraneUpdates));
        Assert.Equal((Math.Round(2 / 6.0, 4), 0.5, 9, 36), (report.ConnectionSparsity, report.ActivationSparsity, report.Parameters, report.FootprintBytes));
        Assert.Equal((6 * 0.03 + 18 * 0.23) / 1000, report.Energy.Int8Nanojoules, 1e-12);
        Assert.Equal((6 * 0.9 + 18 * 4.6) / 1000, report.Energy.Float32Nanojoules, 1e-12);
    }

    [Fact]
    public void NumbersAreMultipliedWhereOneInTheStepIsNoUnit()
    {
        // Steps: units (2 inputs that are not 0), one half among them (2), all 0.
        CostReport report = Costs.Of(_cpu, Dense(3, 2), Tensor.Of(new Shape(1, 3, 3), [1, -1, 0, 1, 0.5f, 0, 0, 0, 0]));
        Assert.Equal((4, 4, 18), (report.EffectiveAcs, report.EffectiveMacs, report.Dense));
        Assert.Equal(4 * 0.9e-3 + 4 * 4.6e-3, report.Energy.Float32Nanojoules, 1e-12);
        Assert.Null(report.ActivationSparsity);
    }

    [Fact]
    public void PaddingCostsNothing()
    {
        // Three samples of 2, 0 and 1 steps; u = x is reset where it fires, so that the 1 at the second step is the one change.
        Spikes spikes = Spikes.In(new Arena(), new Shape(3, 2, 1), [2, 0, 1]);
        ((ReadOnlySpan<ulong>)[0, 1, 0, 0, 0, 0]).CopyTo(spikes.Bits);
        CostReport report = Costs.Of(_cpu, new Chain(Dense(1, 1, 0.5f), new LifLayer(1, new Rng(1), Coefficient.Fixed(0), decayInput: false)), spikes);
        Assert.Equal((1 / 3.0, 3 / 3.0), (report.EffectiveAcs, report.Dense));
        Assert.Equal((3 / 3.0, 3 / 3.0), (report.MembraneUpdates, report.Layers[1].Activations));
    }

    [Fact]
    public void BuffersCountForTheFootprintAlone()
    {
        CostReport report = Costs.Of(_cpu, new Chain(Dense(2, 3), new BatchNorm(3)), Tensor.Zeros(new Shape(1, 2, 2)));
        Assert.Equal((9 + 6, 4 * (9 + 6 + 7)), (report.Parameters, report.FootprintBytes));
        Assert.Equal(["0-dense", "1-batch-norm"], report.Layers.Select(layer => layer.Layer));
    }

    [Fact]
    public void SpikesThatComeBackMeetTheFeedback()
    {
        // x = 1 for both neurons at every step, θ = 1, V ← 0, no weight reaches anyone above: all fire at all 3 steps, those of the last do not come back.
        Dense feedback = Dense(2, 2, 0, 0.25f, 0, 0);
        var recurrent = new Recurrent(new IfLayer(2, reset: Reset.ToZero), feedback);
        CostReport report = Costs.Of(_cpu, recurrent, Tensor.Of(new Shape(1, 3, 2), [2, 2, 2, 2, 2, 2]));
        LayerCost layer = Assert.Single(report.Layers);
        Assert.Equal("recurrent-if", layer.Layer);
        Assert.Equal((2 * 1, 0, 2 * 4), (layer.EffectiveAcs, layer.EffectiveMacs, layer.Dense));
        Assert.Equal((6, 6, 0), (layer.Activations, layer.Spikes, layer.ActivationSparsity));
        // Charged and reset to 0 in every step: after each of them as before.
        Assert.Equal(2, layer.MembraneUpdates);
        Assert.Equal((0.75, 6), (layer.ConnectionSparsity, layer.Parameters));
    }

    [Fact]
    public void ADelayedSpikeIsOneOperationWhereItArrives()
    {
        // K = 3: the output is one step longer than the 3 of the input. Delays of the two synapses: 0 and 2 steps.
        var delayed = new Delayed(1, 2, new DelayOptions { Taps = 3, Interpolation = TapInterpolation.Triangle, SigmaStart = 0.5 }, new Rng(1));
        delayed.Position!.Value.Data[0] = 1;
        delayed.Position.Value.Data[1] = -1;
        Assert.Equal([0, 2], delayed.Delays());
        // Spikes at steps 0 and 2: 2 arrive, then 1 (step 4 is behind the end).
        CostReport report = Costs.Of(_cpu, delayed, Fired(1, 1, 0, 1));
        Assert.Equal((3, 0), (report.EffectiveAcs, report.EffectiveMacs));
        // At step 1 a spike of delay 2 would just arrive.
        Assert.Equal(2 + 2 + 1, report.Dense);
        delayed.Weight.Value.Data[1] = 0;
        Assert.Equal((2, 0.5), (Costs.Of(_cpu, delayed, Fired(1, 1, 0, 1)).EffectiveAcs, Costs.Of(_cpu, delayed, Fired(1, 1, 0, 1)).ConnectionSparsity));

        // Between steps: a triangle of half width 1.5 reaches the delays 0, 1 of one synapse and, were its weight not 0, 1, 2 of the other.
        CostReport spread = Costs.Of(_cpu, delayed, Fired(1, 1, 0, 1), interpolateDelays: true);
        Assert.Equal(2 + 2, spread.EffectiveAcs);
        Assert.Equal(6 + 6 + 4, spread.Dense);
    }

    [Fact]
    public void ADelayedReturnMeetsTheFeedbackWhenItArrives()
    {
        // As above, with 1 + d = 1 and 3 steps: of 4 steps neuron 0's first three spikes come back, neuron 1's first.
        var layer = new DelayedRecurrent(new IfLayer(2, reset: Reset.ToZero), Dense(2, 2, 0, 0.25f, 0.125f, 0.25f), new RecurrentDelayOptions { MaxDelay = 5 }, new Rng(1));
        layer.Delay!.Value.Data[0] = 0;
        layer.Delay.Value.Data[1] = 2;
        Assert.Equal([1, 3], layer.Delays());
        CostReport report = Costs.Of(_cpu, layer, Tensor.Of(new Shape(1, 4, 2), [2, 2, 2, 2, 2, 2, 2, 2]));
        Assert.Equal(3 * 1 + 1 * 2, report.EffectiveAcs);
    }

    [Fact]
    public void AConvolutionCountsTheWindowsThatSeeASpike()
    {
        // Three places, kernel of 3 with zeros on either side: the outer places are seen by 2 windows, the middle one by 3.
        var conv = new Conv1d(1, 1, 3, new Rng(1), padding: 1);
        Shape step = new(3, 1);
        Spikes spikes = Spikes.None(Shape.Sequence(1, 2, step));
        spikes.Bits[0] = 1;
        spikes.Bits[4] = 1;
        CostReport report = Costs.Of(_cpu, conv, spikes);
        Assert.Equal((2 + 3, 0, 2 * (2 + 3 + 2)), (report.EffectiveAcs, report.EffectiveMacs, report.Dense));
        // Window o sees place o + k − 1 through weight k: place 0 is seen by windows 0 and 1, through weights 1 and 0.
        conv.Weight.Value.Data[0] = 0;
        Assert.Equal(1 + 2, Costs.Of(_cpu, conv, spikes).EffectiveAcs);
    }

    [Fact]
    public void ParallelNeuronsMultiplyCurrentsOverTime()
    {
        var psn = new PsnLayer(3, new Rng(1));
        psn.Weight.Value.Data[5] = 0;
        Tensor x = Tensor.Of(new Shape(1, 3, 2), [5, -5, 5, -5, 5, -5]);
        LayerCost layer = Assert.Single(Costs.Of(_cpu, psn, x).Layers);
        Assert.Equal((8 * 2, 8 * 2, 0, 0, 0), (layer.NeuronMacs, layer.SequenceMacs, layer.MembraneUpdates, layer.Dense, layer.EffectiveMacs));
        Assert.Equal(6, layer.Activations);

        // A band of 2: 1 + 2 + 2 of the weights. Sliding over 3 steps with k = 2: the same.
        Assert.Equal(5 * 2, Costs.Of(_cpu, new MaskedPsnLayer(3, 2, new Rng(1), lambda: 1), x).NeuronMacs);
        Assert.Equal(5 * 2, Costs.Of(_cpu, new SlidingPsnLayer(2, new Rng(1)), x).NeuronMacs);
        // Its energy is that of multiply-adds.
        Assert.Equal(10 * 4.6 / 1000, Costs.Of(_cpu, new SlidingPsnLayer(2, new Rng(1)), x).Energy.Float32Nanojoules, 1e-12);
    }

    [Fact]
    public void StateSpacesAreCountedInBothForms()
    {
        // 2 channels of 3 modes over 4 steps: 6 a mode and 1 for D at each; at once 1 + 2 + 3 + 4 products with the kernel and 4 with D.
        var options = new StateSpaceOptions { States = 6 };
        Tensor x = Tensor.Zeros(new Shape(1, 4, 2));
        LayerCost layer = Assert.Single(Costs.Of(_cpu, DiagonalStateSpace.Create(2, options, new Rng(1)), x).Layers);
        Assert.Equal((2 * 4 * 19, 2 * 14, 0, 0), (layer.NeuronMacs, layer.SequenceMacs, layer.MembraneUpdates, layer.Dense));
        // Reading backward too, which has no steps: 3 + 2 + 1 more.
        CostReport both = Costs.Of(_cpu, DiagonalStateSpace.Create(2, options with { Bidirectional = true }, new Rng(1)), x);
        Assert.Equal((2 * 20, 2 * 20), (both.NeuronMacs, both.SequenceMacs));
    }

    [Fact]
    public void ABinaryStateSpaceAddsRowsForItsSpikes()
    {
        // Δ, A and C such that y = D·u: with D = 1 the threshold sees u.
        S4D layer = S4D.Binary(2, new StateSpaceOptions { States = 2 }, new Rng(1));
        Module core = layer.Children[0].Module;
        core.Parameters[4].Value.Data.Clear();
        core.Parameters[5].Value.Data.Fill(1);
        CostReport report = Costs.Of(_cpu, layer, Tensor.Of(new Shape(1, 3, 2), [1, -1, 2, 3, 0, 0]));
        Assert.Equal(["ssm-state-space", "activation-spike", "mix-glu"], report.Layers.Select(l => l.Layer));
        // Three spikes, 4 weights each; three steps of 2·4 weights. A step takes 6 + 1 a channel.
        Assert.Equal((12, 0, 24, 3 * 2 * 7), (report.EffectiveAcs, report.EffectiveMacs, report.Dense, report.NeuronMacs));
        Assert.Equal(0.5, report.ActivationSparsity);
    }

    [Fact]
    public void AGatedSpikingUnitHasTwoProducts()
    {
        var gsu = new GatedSpikingUnit(2, new Rng(1));
        new float[] { 1, -1, 0.01f, 0 }.CopyTo(gsu.Parameters[0].Value.Data);
        // q(y): |y| over 0.15 of the largest in the step. Steps: (1, −0.1) → (1, 0); (0.5, −2) → (1, −1); (0, 0) → nothing.
        CostReport report = Costs.Of(_cpu, gsu, Tensor.Of(new Shape(1, 3, 2), [1, -0.1f, 0.5f, -2, 0, 0]));
        // p adds rows of W, of which one has a 0: 2; then 2 + 1. g multiplies y, 4 numbers that are not 0, by q(W) = (1, −1; 0, 0): y₀ twice, 2 each.
        Assert.Equal((2 + 3, 2 * 2, 2 * 3 * 4), (report.EffectiveAcs, report.EffectiveMacs, report.Dense));
        Assert.Equal((0.25, 0.5), (report.ConnectionSparsity, report.ActivationSparsity));
    }

    [Fact]
    public void WhatTheBatchesAreIsNoMatter()
    {
        using var run = new Run(Networks.Busy(randomState: false), _cpu, Run.Options(1));
        var one = new ToyBatches(1, 8, seed: 2);
        CostReport whole = run.Trainer.Evaluate(one, measureCost: true).Cost!;
        Assert.Equal(8, whole.Samples);
        Assert.True(whole.EffectiveAcs > 0 && whole.MembraneUpdates > 0);
        Assert.Null(run.Trainer.Evaluate(one).Cost);

        // Each sample by itself, as long as it is.
        var singles = new List<CostReport>();
        foreach (Batch batch in one.Epoch(0))
        {
            var model = new Model("busy", Networks.Busy(randomState: false), Networks.Units, Networks.Classes, ReadoutKind.SumSoftmax);
            using var arena = new Arena();
            for (int b = 0; b < batch.Count; b++)
            {
                int length = batch.Input.Lengths![b];
                var spikes = (Spikes)batch.Input;
                Spikes sample = Spikes.In(arena, new Shape(1, length, Networks.Units), scale: spikes.Scale);
                spikes.Bits.Slice(b * spikes.Shape[1], length).CopyTo(sample.Bits);
                singles.Add(Costs.Of(_cpu, model, sample));
            }
        }
        Assert.Equal(whole.EffectiveAcs + whole.EffectiveMacs, singles.Average(s => s.EffectiveAcs + s.EffectiveMacs), 1e-9);
        Assert.Equal(whole.EffectiveAcs, singles.Average(s => s.EffectiveAcs), 1e-9);
        Assert.Equal(whole.Dense, singles.Average(s => s.Dense), 1e-9);
        Assert.Equal(whole.MembraneUpdates, singles.Average(s => s.MembraneUpdates), 1e-9);
    }

    [Fact]
    public void DocumentedExample()
    {
        using var run = new Run(Networks.All["cadlif"](), _cpu, Run.Options(1));
        Trainer trainer = run.Trainer;
        IBatches test = new ToyBatches(2, 7, seed: 2);
        #region cost
        CostReport cost = trainer.Evaluate(test, measureCost: true).Cost!;
        double additions = cost.EffectiveAcs, dense = cost.Dense;          // a sample, all layers
        foreach (LayerCost layer in cost.Layers.Where(layer => layer.ActivationSparsity is not null))
            Console.WriteLine($"{layer.Layer}: {layer.ActivationSparsity:P1} silent, {layer.MembraneUpdates:F0} membrane updates");
        #endregion
        Assert.InRange(additions, 1, dense);
    }

    [Fact]
    public void LayersAddUpToTheModel()
    {
        var model = new Model("busy", Networks.Busy(), Networks.Units, Networks.Classes, ReadoutKind.Mean);
        CostReport report = Costs.Of(_cpu, model, LayerInput.Random(InputKind.Spikes, 3, 9, Networks.Units).In(new Arena()));
        Assert.Equal(model.ParameterCount, report.Parameters);
        Assert.Equal(4 * (model.ParameterCount + model.Buffers.Sum(buffer => (long)buffer.Value.Shape.Count)), report.FootprintBytes);
        // The neurons and the feedback inside of a recurrent layer are counted at the layer that calls.
        Assert.Equal(["0-dense", "1-batch-norm", "2-cadlif", "4-dense", "5-batch-norm", "6-recurrent-cadlif", "8-dense", "9-li"], report.Layers.Select(layer => layer.Layer));
    }
}
