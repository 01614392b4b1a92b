using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Kernels.Neurons;
using Volley.Kernels.StateSpace;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Nn.StateSpace;
using Volley.Tensors;
using Dropout = Volley.Nn.Dropout;
using Gelu = Volley.Nn.Gelu;

namespace Volley.Tests.Nn;

/// <summary>A module with the input it is tested on.</summary>
/// <param name="Units">Size of the input's last axis.</param>
/// <param name="Make">Makes it, with the same parameters each time.</param>
/// <param name="Input">What it is fed.</param>
/// <param name="Density">How much of it fires.</param>
internal sealed record LayerCase(int Units, Func<int, Module> Make, InputKind Input = InputKind.Floats, double Density = 0.2)
{
    /// <summary>The axes of a step with that many channels; [N] unless said otherwise.</summary>
    public Func<int, Shape> StepOf { get; init; } = channels => channels;

    /// <summary>The axes of a step of the input.</summary>
    public Shape Step => StepOf(Units);

    /// <summary>Draws random numbers in training: no other implementation can say what comes out.</summary>
    public bool Draws { get; init; }

    /// <summary>What a sample becomes depends on the others.</summary>
    public bool UsesWholeBatch { get; init; }

    /// <summary>Makes it where it has weights for every step: units, then steps.</summary>
    public Func<int, int, Module>? MakeForSteps { get; init; }

    /// <summary>Steps that the output is longer than the input.</summary>
    public int Extra { get; init; }

    /// <summary>Output may depend on later input.</summary>
    public bool LooksAhead { get; init; }

    /// <summary>For sequences of that many steps.</summary>
    public Module Module(int steps = 1) => Module(Units, steps);

    public Module Module(int units, int steps) => MakeForSteps is { } make ? make(units, steps) : Make(units);

    private static LayerCase ForSteps(int units, Func<int, int, Module> make, InputKind input = InputKind.Floats, double density = 0.2) =>
        new(units, n => make(n, 1), input, density) { MakeForSteps = make };

    // Wide, so that every neuron's gradient counts in a test of few steps.
    private static readonly Firing s_smooth = new(new ATan(1));

    private static readonly Dictionary<string, StateSpaceOptions> s_stateSpaces = new()
    {
        ["state-space"] = new() { States = 6, StepRange = (0.05, 0.4), Sets = 2 },
        ["state-space, zero-order hold"] = new() { States = 4, Discretization = Discretization.ZeroOrderHold, Init = StateSpaceInit.Linear, StepRange = (0.05, 0.4) },
        ["bidirectional state-space"] = new() { States = 6, StepRange = (0.05, 0.4), Sets = 3, Bidirectional = true, Init = StateSpaceInit.LegS },
    };

    private static readonly Dictionary<string, Func<int, NeuronLayer>> s_neurons = new()
    {
        ["if"] = n => new IfLayer(n),
        ["lif"] = n => new LifLayer(n, new Rng(1), Coefficient.LearnedDecay(2, 6)),
        ["lif, to zero, detached"] = n => new LifLayer(n, new Rng(1), Coefficient.Boxed(0.4f, 0.9f), reset: Reset.ToZero, detachReset: true, decayInput: false),
        ["plif"] = n => new LifLayer(n, new Rng(1), Coefficient.SigmoidDecay(2.5f)),
        ["cubalif"] = n => new CubaLifLayer(n, new Rng(1), Coefficient.LearnedDecay(2, 5), Coefficient.LearnedDecay(3, 6)),
        ["alif"] = n => new AlifLayer(n, new Rng(1), Coefficient.LearnedDecay(2, 6), Coefficient.LearnedDecay(5, 20), strength: 0.4f),
        ["klif"] = n => new KlifLayer(n, new Rng(1), Coefficient.LearnedDecay(2, 6)),
        ["klif, to zero"] = n => new KlifLayer(n, new Rng(1), k: Coefficient.Boxed(0.7f, 1.3f), reset: Reset.ToZero, decayInput: false),
        ["glif"] = n => new GlifLayer(n, hardGates: false, gates: (0.6f, 0.7f, 0.35f), conductance: 0.4f, threshold: 0.45f, firing: s_smooth),
        ["adlif"] = n => new AdLifLayer(n, new Rng(1), firing: s_smooth),
        ["cadlif"] = n => new CAdLifLayer(n, new Rng(1), firing: s_smooth),
        ["se-adlif"] = n => new SeAdLifLayer(n, new Rng(1)),
        ["ef-adlif"] = n => new EfAdLifLayer(n, new Rng(1)),
        ["li"] = n => new LeakyIntegratorLayer(n, new Rng(1), Coefficient.LearnedDecay(3, 9)),
    };

    /// <summary>Every module, in every way it can be fed. <see cref="Make"/> takes any number of units.</summary>
    public static IReadOnlyDictionary<string, LayerCase> All { get; } = Build();

    private static Dictionary<string, LayerCase> Build()
    {
        var cases = new Dictionary<string, LayerCase>
        {
            ["dense"] = new(7, n => Dense(n, 6)),
            ["dense, no bias"] = new(7, n => Dense(n, 6, bias: false)),
            ["dense on rare spikes"] = new(7, n => Dense(n, 6), InputKind.Spikes, 0.1),
            ["dense on rare spikes, no bias"] = new(7, n => Dense(n, 6, bias: false), InputKind.Spikes, 0.1),
            ["dense on many spikes"] = new(7, n => Dense(n, 6), InputKind.Spikes, 0.6),
            ["dense on counts"] = new(7, n => Dense(n, 6), InputKind.CountedSpikes),
            ["dense on signs"] = new(7, n => Dense(n, 6), InputKind.SignedSpikes),
            ["batch norm"] = new(5, n => Shaken(new BatchNorm(n))) { UsesWholeBatch = true },
            ["batch norm on spikes"] = new(5, n => Shaken(new BatchNorm(n)), InputKind.Spikes, 0.4) { UsesWholeBatch = true },
            ["batch norm, then layer norm"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), Shaken(new LayerNorm(n)))) { UsesWholeBatch = true },
            ["batch norm, then dropout"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), new Dropout(0.3f))) { UsesWholeBatch = true, Draws = true },
            ["batch norm, then dense"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), Dense(n, 4))) { UsesWholeBatch = true },
            ["batch norm that a branch and its sum read"] = new(5, n => new Chain(Dense(n, n, bias: false, scale: 3), Shaken(new BatchNorm(n)), new Residual(Lif(n)))) { UsesWholeBatch = true },
            ["residual of batch norm"] = new(5, n => new Residual(new Chain(Dense(n, n, bias: false), Shaken(new BatchNorm(n))))) { UsesWholeBatch = true },
            ["batch norm, then recurrent"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), new Recurrent(Lif(n), Feedback(n, bias: true)))) { UsesWholeBatch = true },
            ["batch norm, then integrator"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), Integrator(n))) { UsesWholeBatch = true },
            ["layer norm"] = new(6, n => Shaken(new LayerNorm(n))),
            ["layer norm on spikes"] = new(6, n => Shaken(new LayerNorm(n)), InputKind.Spikes, 0.5),
            ["dropout"] = new(9, _ => new Dropout(0.3f)) { Draws = true },
            ["dropout of spikes"] = new(9, _ => new Dropout(0.3f), InputKind.Spikes, 0.5) { Draws = true },
            ["dropout of counts"] = new(9, _ => new Dropout(0.3f), InputKind.CountedSpikes, 0.5) { Draws = true },
            ["dropout of signs"] = new(9, _ => new Dropout(0.3f), InputKind.SignedSpikes, 0.5) { Draws = true },
            ["residual"] = new(5, n => new Residual(new Chain(Dense(n, n), Shaken(new LayerNorm(n)), Shaken(new LayerNorm(n))))),
            ["residual on spikes, spiking"] = new(5, n => new Residual(new Chain(Dense(n, n, scale: 4), Lif(n))), InputKind.Spikes),
            ["residual of dropout"] = new(5, n => new Residual(new Dropout(0.5f)), InputKind.Spikes) { Draws = true },
            ["chain"] = new(5, n => new Chain(Dense(n, 7, bias: false), Shaken(new BatchNorm(7)), CAdLif(7), Dense(7, 6, scale: 12), Lif(6), Dense(6, 3), Integrator(3)),
                InputKind.Spikes, 0.4)
            { UsesWholeBatch = true },
            ["chain with dropout"] = new(5, n => new Chain(Dense(n, 7, scale: 4), CAdLif(7), new Dropout(0.4f), Dense(7, 4, scale: 3)), InputKind.Spikes, 0.4) { Draws = true },
            ["neurons on spikes"] = new(5, Lif, InputKind.CountedSpikes, 0.5),
            ["neurons with a random state"] = new(5, n => new CAdLifLayer(n, new Rng(4), firing: new Firing(new Boxcar(), RandomInitialState: true))) { Draws = true },
        };
        foreach ((string name, Func<int, NeuronLayer> make) in s_neurons)
        {
            cases[name] = new(5, n => new Chain(Dense(n, n, scale: 8), make(n)));
            if (make(1).Kernel.Spiking)
                cases["recurrent " + name] = new(5, n => new Chain(Dense(n, n, scale: 8), new Recurrent(make(n), Feedback(n, bias: false))));
        }
        cases["psn"] = ForSteps(5, (n, steps) => new Chain(Dense(n, n, scale: 4), Shaken(new PsnLayer(steps, new Rng(5))))) with { LooksAhead = true };
        cases["psn, bounded surrogate"] = ForSteps(5, (n, steps) => new Chain(Dense(n, n, scale: 4), Shaken(new PsnLayer(steps, new Rng(5), new Triangle(1, 2))), Dense(n, 4))) with { LooksAhead = true };
        cases["masked psn, open"] = ForSteps(5, (n, steps) => new Chain(Dense(n, n, scale: 4), Shaken(new MaskedPsnLayer(steps, Math.Min(3, steps), new Rng(6), lambda: 0.4f)))) with { LooksAhead = true };
        cases["masked psn"] = ForSteps(5, (n, steps) => new Chain(Dense(n, n, scale: 4), Shaken(new MaskedPsnLayer(steps, Math.Min(3, steps), new Rng(6), lambda: 1))));
        cases["masked psn, wide"] = ForSteps(5, (n, steps) => Shaken(new MaskedPsnLayer(steps, steps, new Rng(6), lambda: 1)), InputKind.Spikes, 0.6);
        cases["sliding psn"] = new(5, n => new Chain(Dense(n, n, scale: 4), new SlidingPsnLayer(4, new Rng(7))));
        cases["sliding psn, order 1"] = new(5, n => new SlidingPsnLayer(1, new Rng(7)));
        cases["sliding psn, order 30"] = new(5, n => new SlidingPsnLayer(30, new Rng(7), exponentialInit: false), InputKind.CountedSpikes, 0.5);
        cases["batch norm, then psn"] = ForSteps(5, (n, steps) => new Chain(Shaken(new BatchNorm(n)), Shaken(new PsnLayer(steps, new Rng(8))))) with { UsesWholeBatch = true, LooksAhead = true };
        cases["batch norm, then sliding psn"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), new SlidingPsnLayer(3, new Rng(8)))) { UsesWholeBatch = true };
        cases["gelu"] = new(5, _ => new Gelu());
        cases["gelu on spikes"] = new(5, _ => new Gelu(), InputKind.SignedSpikes, 0.5);
        cases["spike"] = new(5, n => new Chain(Dense(n, n, scale: 4), new SpikeActivation(new ATan(1))));
        cases["spike, learned threshold"] = new(5, n => new Chain(Dense(n, n, scale: 4), Shaken(new SpikeActivation(n, new ATan(1))), Dense(n, 4)));
        cases["batch norm, then spike"] = new(5, n => new Chain(Shaken(new BatchNorm(n)), new SpikeActivation(new ATan(1)))) { UsesWholeBatch = true };
        cases["glu"] = new(7, n => new GatedLinear(n, 6, new Rng(9)));
        cases["glu on rare spikes"] = new(7, n => new GatedLinear(n, 6, new Rng(9)), InputKind.Spikes, 0.1);
        cases["glu on many spikes"] = new(7, n => new GatedLinear(n, 6, new Rng(9)), InputKind.SignedSpikes, 0.7);
        cases["gsu"] = new(6, n => new Chain(Dense(n, n, scale: 2), new GatedSpikingUnit(n, new Rng(10), new ATan(1))));
        cases["tied dropout"] = new(5, _ => new TiedDropout(0.4f)) { Draws = true };
        foreach ((string name, StateSpaceOptions options) in s_stateSpaces)
        {
            bool ahead = options.Bidirectional;
            cases[name] = new(5, n => DiagonalStateSpace.Create(n, options with { Sets = Math.Min(options.Sets, n) }, new Rng(11))) { LooksAhead = ahead };
            cases[$"s4d, {name}"] = new(4, n => S4D.WithGelu(n, options with { Sets = 0 }, new Rng(12))) { LooksAhead = ahead };
            cases[$"binary s4d, {name}"] = new(4, n => S4D.Binary(n, options with { Sets = 0 }, new Rng(12), surrogate: new ATan(1))) { LooksAhead = ahead };
            cases[$"gated s4d, {name}"] = new(4, n => new StateSpaceBlock(S4D.Gated(n, options with { Sets = 0 }, new Rng(13), surrogate: new ATan(1)), new BatchNorm(n), normFirst: true)) { LooksAhead = ahead, UsesWholeBatch = true };
        }
        StateSpaceOptions few = new() { States = 4, StepRange = (0.05, 0.4) };
        cases["state-space on spikes"] = new(5, n => DiagonalStateSpace.Create(n, few, new Rng(11)), InputKind.CountedSpikes, 0.5);
        cases["s4d with neurons"] = new(4, n => S4D.With(new LifLayer(n, new Rng(2), Coefficient.Boxed(0.5f, 0.9f), threshold: 0.1f), n, few, new Rng(14)));
        cases["block, norm behind"] = new(4, n => new StateSpaceBlock(S4D.WithGelu(n, few, new Rng(15)), Shaken(new LayerNorm(n)), normFirst: false));
        cases["block, no norm, on spikes"] = new(4, n => new StateSpaceBlock(S4D.WithGelu(n, few, new Rng(15)), null, normFirst: false), InputKind.Spikes, 0.5);
        cases["blocks, batch norm"] = new(4, n => new Chain(
            new StateSpaceBlock(S4D.WithGelu(n, few, new Rng(16)), Shaken(new BatchNorm(n)), normFirst: false),
            new StateSpaceBlock(S4D.WithGelu(n, few, new Rng(17)), Shaken(new BatchNorm(n)), normFirst: true)))
        { UsesWholeBatch = true };
        cases["blocks with dropout"] = new(4, n => new Chain(
            new StateSpaceBlock(S4D.Gated(n, few, new Rng(16), dropout: 0.2f), new LayerNorm(n), normFirst: false),
            new StateSpaceBlock(S4D.Binary(n, few, new Rng(17), dropout: 0.2f), new LayerNorm(n), normFirst: true, dropout: 0.3f)))
        { Draws = true };
        cases["recurrent with bias"] = new(5, n => new Recurrent(Lif(n), Feedback(n, bias: true)), InputKind.Spikes, 0.5);
        cases["delayed"] = new(4, n => Delayed(n, 5)) { Extra = 3 };
        cases["delayed, on rare spikes"] = new(4, n => Delayed(n, 5), InputKind.Spikes, 0.15) { Extra = 3 };
        cases["delayed, on many spikes"] = new(4, n => Delayed(n, 5), InputKind.Spikes, 0.6) { Extra = 3 };
        cases["delayed, on counts"] = new(4, n => Delayed(n, 5), InputKind.CountedSpikes, 0.15) { Extra = 3 };
        cases["delayed, on signs"] = new(4, n => Delayed(n, 5), InputKind.SignedSpikes, 0.15) { Extra = 3 };
        cases["delayed, two kernels, triangle"] = new(3, n => Delayed(n, 2, kernels: 2, interpolation: TapInterpolation.Triangle, sigma: 1.4), InputKind.Spikes, 0.15) { Extra = 3 };
        cases["delayed, not learned"] = new(3, n => Delayed(n, 4, learned: false)) { Extra = 3 };
        cases["delayed, three layers of neurons"] = new(4, n => new Chain(Delayed(n, 6, scale: 6), CAdLif(6), Delayed(6, 5, scale: 20), Lif(5), Delayed(5, 3)), InputKind.Spikes, 0.3) { Extra = 9 };
        cases["batch norm, then delayed"] = new(4, n => new Chain(Shaken(new BatchNorm(n)), Delayed(n, 3))) { Extra = 3, UsesWholeBatch = true };
        foreach (string name in new[] { "lif", "lif, to zero, detached", "cadlif", "se-adlif" })
            cases["recurrent with delays, " + name] = new(5, n => new Chain(Dense(n, n, scale: 8), Returning(s_neurons[name](n), Feedback(n, bias: false))));
        cases["recurrent with delays and bias"] = new(5, n => Returning(Lif(n), Feedback(n, bias: true)), InputKind.Spikes, 0.5);
        cases["recurrent with delays, narrow"] = new(5, n => new Chain(Dense(n, n, scale: 8), Returning(Lif(n), Feedback(n, bias: false), sigma: 0.06)));
        cases["recurrent with delays, not learned"] = new(5, n => new Chain(Dense(n, n, scale: 8), Returning(Lif(n), Feedback(n, bias: false), learned: false)));
        cases["recurrent with delays, dropout"] = new(5, n => new Chain(Dense(n, n, scale: 8), Returning(Lif(n), Feedback(n, bias: false), dropout: 0.3f))) { Draws = true };
        cases["axonal delay"] = new(5, n => Axonal(n)) { Extra = 3 };
        cases["axonal delay, on spikes"] = new(5, n => Axonal(n), InputKind.Spikes, 0.4) { Extra = 3 };
        cases["axonal delay, on counts"] = new(5, n => Axonal(n), InputKind.CountedSpikes, 0.4) { Extra = 3 };
        cases["axonal delay, on signs"] = new(5, n => Axonal(n), InputKind.SignedSpikes, 0.4) { Extra = 3 };
        cases["axonal delay, triangle"] = new(5, n => Axonal(n, TapInterpolation.Triangle, sigma: 1.4), InputKind.Spikes, 0.4) { Extra = 3 };
        cases["axonal delay, not learned"] = new(5, n => Axonal(n, learned: false), InputKind.Spikes, 0.4) { Extra = 3 };
        cases["axonal delay between neurons"] = new(4, n => new Chain(Dense(n, 6, scale: 6), CAdLif(6), Axonal(6), Dense(6, 5, scale: 6), Lif(5), Delayed(5, 3)), InputKind.Spikes, 0.4) { Extra = 6 };
        cases["flatten"] = new(3, _ => new Flatten()) { StepOf = Signal };
        cases["flatten of spikes"] = new(5, n => new Chain(new Flatten(), Dense(4 * n, 3)), InputKind.Spikes) { StepOf = Signal };
        cases["flatten of counts"] = new(2, n => new Chain(new Flatten(), Dense(6 * n, 3)), InputKind.CountedSpikes) { StepOf = Image };
        cases["flatten of signs"] = new(2, n => new Chain(new Flatten(), Dense(6 * n, 3)), InputKind.SignedSpikes) { StepOf = Image };
        cases["dense on images"] = new(3, n => Dense(n, 4), InputKind.Spikes) { StepOf = Image };
        cases["batch norm of images, then sliding psn"] = new(2, n => new Chain(Shaken(new BatchNorm(n)), new SlidingPsnLayer(3, new Rng(8)))) { UsesWholeBatch = true, StepOf = Image };
        cases["layer norm of signals"] = new(4, n => Shaken(new LayerNorm(n))) { StepOf = Signal };
        cases["dropout of images"] = new(3, _ => new Dropout(0.3f), InputKind.Spikes, 0.5) { StepOf = Image, Draws = true };
        cases["residual on signals"] = new(3, n => new Residual(Dense(n, n)), InputKind.Spikes) { StepOf = Signal };
        AddImages(cases);
        return cases;
    }

    private static void AddImages(Dictionary<string, LayerCase> cases)
    {
        cases["conv1d"] = new(3, n => new Conv1d(n, 4, 3, new Rng(1), padding: 1)) { StepOf = Signal };
        cases["conv1d on rare spikes"] = new(3, n => new Conv1d(n, 4, 3, new Rng(1), padding: 1, bias: false), InputKind.Spikes, 0.1) { StepOf = Signal };
        cases["conv1d on many spikes"] = new(3, n => new Conv1d(n, 4, 3, new Rng(1), stride: 2, padding: 1), InputKind.Spikes, 0.6) { StepOf = Signal };
        cases["conv2d"] = new(2, n => new Conv2d(n, 3, 3, new Rng(2), stride: 2, padding: 1)) { StepOf = Image };
        cases["conv2d in groups"] = new(2, n => new Conv2d(n, 4, 2, new Rng(2), groups: n % 2 == 0 ? 2 : 1)) { StepOf = Image };
        cases["conv2d on rare spikes"] = new(2, n => new Conv2d(n, 3, 3, new Rng(2), padding: 1), InputKind.Spikes, 0.15) { StepOf = Image };
        cases["conv2d on counts"] = new(2, n => new Conv2d(n, 3, 3, new Rng(2), padding: 1), InputKind.CountedSpikes) { StepOf = Image };
        cases["conv2d on signs"] = new(2, n => new Conv2d(n, 3, 3, new Rng(2), stride: 2, padding: 1, bias: false), InputKind.SignedSpikes) { StepOf = Image };
        cases["conv2d of one place"] = new(2, n => new Conv2d(n, 3, 1, new Rng(2)), InputKind.Spikes) { StepOf = Image };
        cases["average pool"] = new(3, _ => new AveragePool(2, 1)) { StepOf = Signal };
        cases["average pool of spikes"] = new(3, n => new Chain(new AveragePool(2, 1), Dense(n, 4)), InputKind.Spikes, 0.4) { StepOf = Image };
        cases["max pool"] = new(3, _ => new MaxPool(3, 2, 1)) { StepOf = Image };
        cases["max pool of spikes"] = new(3, n => new Chain(new MaxPool(3, 2, 1), Dense(n, 4)), InputKind.Spikes, 0.3) { StepOf = Signal };
        cases["max pool of counts"] = new(3, _ => new MaxPool(3, 2, 1), InputKind.CountedSpikes, 0.7) { StepOf = Image };
        cases["global average pool"] = new(3, _ => new GlobalAveragePool(), InputKind.Spikes, 0.5) { StepOf = Image };
        cases["channel dropout"] = new(9, _ => new Dropout(0.3f, wholeChannels: true)) { StepOf = Image, Draws = true };
        cases["channel dropout of spikes"] = new(9, _ => new Dropout(0.3f, wholeChannels: true), InputKind.Spikes, 0.5) { StepOf = Signal, Draws = true };
        cases["step offset"] = ForSteps(3, (_, steps) => new StepOffset(steps, new Rng(3))) with { StepOf = Image };
        cases["residual with a shortcut"] = new(2, n => new Residual(new Conv2d(n, 3, 3, new Rng(4), stride: 2, padding: 1), new Chain(new Conv2d(n, 3, 1, new Rng(5), stride: 2, bias: false), Shaken(new LayerNorm(3)))),
            InputKind.Spikes, 0.4)
        { StepOf = Image };
        cases["lif on images"] = new(2, n => new Chain(Dense(n, n, scale: 8), new LifLayer(n, new Rng(1), Coefficient.LearnedDecay(2, 6)))) { StepOf = Image };
        cases["glif on signals"] = new(3, n => new Chain(Dense(n, n, scale: 8), s_neurons["glif"](n), Dense(n, 4))) { StepOf = Signal };
        cases["batch norm, then plif, on images"] = new(2, n => new Chain(Shaken(new BatchNorm(n)), new LifLayer(n, new Rng(1), Coefficient.SigmoidDecay(2.5f)))) { StepOf = Image, UsesWholeBatch = true };
        cases["integrator on signals"] = new(3, Integrator) { StepOf = Signal };
        cases["psn on images"] = ForSteps(2, (n, steps) => new Chain(Dense(n, n, scale: 4), Shaken(new PsnLayer(steps, new Rng(5))))) with { LooksAhead = true, StepOf = Image };
    }

    /// <summary>[L, C].</summary>
    private static Shape Signal(int channels) => new(4, channels);

    /// <summary>[H, W, C].</summary>
    private static Shape Image(int channels) => new(2, 3, channels);

    public static Dense Dense(int inputs, int outputs, bool bias = true, float scale = 1)
    {
        var dense = new Dense(inputs, outputs, new Rng((ulong)(inputs + 31 * outputs)), bias);
        foreach (ref float w in dense.Weight.Value.Data)
            w *= scale;
        return dense;
    }

    private static Delayed Delayed(int inputs, int outputs, int kernels = 1, TapInterpolation interpolation = TapInterpolation.Gaussian, double sigma = 0.9, bool learned = true, float scale = 1)
    {
        var options = new DelayOptions { Taps = 7, Kernels = kernels, Interpolation = interpolation, SigmaStart = sigma, Learned = learned };
        var delayed = new Delayed(inputs, outputs, options, new Rng(9));
        foreach (ref float w in delayed.Weight.Value.Data)
            w *= scale;
        // Off the whole numbers, where a triangle has a corner and no derivative.
        foreach (ref float p in delayed.Position is { } position ? position.Value.Data : default)
            p *= 0.93f;
        return delayed;
    }

    private static AxonalDelay Axonal(int channels, TapInterpolation interpolation = TapInterpolation.Gaussian, double sigma = 0.9, bool learned = true)
    {
        var delay = new AxonalDelay(channels, new DelayOptions { Taps = 7, Interpolation = interpolation, SigmaStart = sigma, Learned = learned }, new Rng(11));
        // Off the whole numbers, where a triangle has a corner and no derivative.
        foreach (ref float p in delay.Position is { } position ? position.Value.Data : default)
            p *= 0.93f;
        return delay;
    }

    private static DelayedRecurrent Returning(NeuronLayer neurons, Dense feedback, double sigma = 1.3, bool learned = true, float dropout = 0)
    {
        var options = new RecurrentDelayOptions { MaxDelay = 6, Spread = 3, SigmaStart = sigma, Learned = learned, Dropout = dropout };
        var layer = new DelayedRecurrent(neurons, feedback, options, new Rng(12));
        // Off the whole numbers, where a triangle has a corner and no derivative.
        foreach (ref float d in layer.Delay is { } delay ? delay.Value.Data : default)
            d *= 0.93f;
        return layer;
    }

    private static Dense Feedback(int n, bool bias) => Dense(n, n, bias, scale: 2);

    private static NeuronLayer Lif(int n) => new LifLayer(n, new Rng(2), Coefficient.Boxed(0.5f, 0.9f));

    private static NeuronLayer CAdLif(int n) => new CAdLifLayer(n, new Rng(3), firing: s_smooth);

    private static NeuronLayer Integrator(int n) => new LeakyIntegratorLayer(n, new Rng(4), Coefficient.Boxed(0.82f, 0.96f));

    /// <summary>Moves parameters off 0 and 1, where a forgotten factor would not show.</summary>
    private static Module Shaken(Module module)
    {
        for (int p = 0; p < module.Parameters.Count; p++)
        {
            Span<float> values = module.Parameters[p].Value.Data;
            for (int i = 0; i < values.Length; i++)
                values[i] += 0.5f * MathF.Sin(1 + i + 3 * p);
        }
        return module;
    }
}
