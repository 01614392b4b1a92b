using System.Globalization;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Recipes;

/// <summary>Makes modules from layer recipes, and keeps each layer's random numbers apart by its place.</summary>
internal sealed class LayerBuilder(double timeStep, int classes, int? steps, Rng random)
{
    private const string MaskedPsn = "The neuron 'masked-psn' has weights";

    // Behind layers that repeat steps there are more.
    private int? _steps = steps;

    /// <summary>Whether a layer's parameters depend on the number of steps.</summary>
    public bool NeedsSteps { get; private set; }

    /// <summary>The layers one after another; steps of the shape <paramref name="step"/> come in.</summary>
    public Chain Chain(IReadOnlyList<LayerRecipe> layers, Shape step)
    {
        var modules = new Module[layers.Count];
        for (int i = 0; i < modules.Length; i++)
        {
            modules[i] = Layer(layers[i], step, random.Fork(i.ToString(CultureInfo.InvariantCulture)));
            step = modules[i].OutputShape(step);
        }
        return new Chain(modules);
    }

    private Module Layer(LayerRecipe layer, Shape step, Rng own) => layer switch
    {
        DenseRecipe dense => new Dense(step.Last, dense.Units ?? classes, own, dense.Bias),
        DelayedRecipe delayed => new Delayed(step.Last, delayed.Units ?? classes, delayed.Delays.Options(timeStep), own, delayed.Delays.Initializer),
        AxonalDelayRecipe axonal => new AxonalDelay(step.Last, axonal.Delays.Options(timeStep), own),
        BatchNormRecipe norm => new BatchNorm(step.Last, (float)norm.Momentum, (float)norm.Epsilon),
        LayerNormRecipe norm => new LayerNorm(step.Last, (float)norm.Epsilon),
        DropoutRecipe dropout => new Nn.Dropout((float)dropout.Rate, dropout.WholeChannels),
        NeuronLayerRecipe neuron => Neurons(neuron.Neuron, step.Last, own),
        RecurrentRecipe recurrent => Recurrent(recurrent, step.Last, own),
        ResidualRecipe residual => Residual(residual, step, own),
        Conv1dRecipe r => new Conv1d(step.Last, r.Channels, r.Kernel, own, r.Stride, r.Padding ?? (r.Kernel - 1) / 2, r.Groups, r.Bias, Init(r.Init)),
        Conv2dRecipe r => new Conv2d(step.Last, r.Channels, r.Kernel, own, r.Stride, r.Padding ?? (r.Kernel - 1) / 2, r.Groups, r.Bias, Init(r.Init)),
        AveragePoolRecipe r => new AveragePool(r.Size, r.Stride, r.Padding),
        MaxPoolRecipe r => new MaxPool(r.Size, r.Stride, r.Padding),
        GlobalAveragePoolRecipe => new GlobalAveragePool(),
        FlattenRecipe => new Flatten(),
        RepeatRecipe r => Repeat(r),
        StepOffsetRecipe => new StepOffset(Steps("The layer 'step-offset' has a number", ""), own),
        _ => throw new NotSupportedException($"The layer {layer.GetType().Name} is not known here."),
    };

    private Module Recurrent(RecurrentRecipe recurrent, int n, Rng own)
    {
        NeuronLayer neurons = SequentialNeurons(recurrent.Neuron, n, own);
        var feedback = new Dense(n, n, own.Fork("feedback"), bias: false, Initializer.Orthogonal);
        return recurrent.Delays is { } delays ? new DelayedRecurrent(neurons, feedback, delays.Options(timeStep), own) : new Recurrent(neurons, feedback);
    }

    private Residual Residual(ResidualRecipe residual, Shape step, Rng own)
    {
        var inner = new LayerBuilder(timeStep, classes, _steps, own);
        Chain branch = inner.Chain(residual.Layers, step);
        NeedsSteps |= inner.NeedsSteps;
        if (residual.Shortcut is null)
            return new Residual(branch);
        var straight = new LayerBuilder(timeStep, classes, _steps, own.Fork("shortcut"));
        Chain shortcut = straight.Chain(residual.Shortcut, step);
        NeedsSteps |= straight.NeedsSteps;
        return new Residual(branch, shortcut);
    }

    private RepeatInTime Repeat(RepeatRecipe recipe)
    {
        _steps = checked(_steps * recipe.Times);
        return new RepeatInTime(recipe.Times);
    }

    private static Initializer? Init(ConvolutionInit init) => init == ConvolutionInit.KaimingNormalFanOut ? Initializer.KaimingNormalFanOut : null;

    internal Module Neurons(NeuronRecipe neuron, int n, Rng own) => neuron switch
    {
        PsnRecipe r => new PsnLayer(Steps("The neuron 'psn' has weights"), own, Surrogate(r.Surrogate)),
        MaskedPsnRecipe r => new MaskedPsnLayer(Steps(MaskedPsn), r.Order ?? Steps(MaskedPsn), own, surrogate: Surrogate(r.Surrogate)),
        SlidingPsnRecipe r => new SlidingPsnLayer(r.Order, own, r.Init == SlidingInit.Exponential, Surrogate(r.Surrogate)),
        _ => SequentialNeurons(neuron, n, own),
    };

    private int Steps(string what, string alternative = "; 'sliding-psn' takes any number")
    {
        NeedsSteps = true;
        return _steps ?? throw new ArgumentException($"{what} for every time step, and the number of steps is not known{alternative}.");
    }

    private NeuronLayer SequentialNeurons(NeuronRecipe neuron, int n, Rng own) => neuron switch
    {
        IfRecipe r => new IfLayer(n, (float)r.Threshold, Reset(r.Reset), r.DetachReset, Firing(r.Surrogate, r.InitialState, atThreshold: true)),
        LifRecipe r => new LifLayer(n, own, Decay(r.TauMembrane) ?? Coefficient.EulerDecay(2), (float)r.Threshold, Reset(r.Reset), r.DetachReset, r.DecayInput,
            Firing(r.Surrogate, r.InitialState, atThreshold: true)),
        PlifRecipe r => new LifLayer(n, own, Coefficient.SigmoidDecay((float)r.TauSteps), (float)r.Threshold, Reset(r.Reset), r.DetachReset,
            r.DecayInput, Firing(r.Surrogate, r.InitialState, atThreshold: true)),
        KlifRecipe r => new KlifLayer(n, own, Decay(r.TauMembrane), null, (float)r.Threshold, Reset(r.Reset), r.DetachReset, r.DecayInput,
            Firing(r.Surrogate, r.InitialState, atThreshold: true)),
        GlifRecipe r => new GlifLayer(n, r.HardGates, null, (float)r.Tau, (float)r.Leak, (float)r.Conductance, (float)r.Threshold, Firing(r.Surrogate, r.InitialState)),
        CubaLifRecipe r => new CubaLifLayer(n, own, Decay(r.TauSynapse), Decay(r.TauMembrane), (float)r.Threshold, Reset(r.Reset), r.DetachReset,
            Firing(r.Surrogate, r.InitialState)),
        AlifRecipe r => new AlifLayer(n, own, Decay(r.TauMembrane), Decay(r.TauAdaptation), (float)r.Adaptation, (float)r.Threshold, Reset(r.Reset),
            r.DetachReset, r.DecayInput, Firing(r.Surrogate, r.InitialState)),
        AdLifRecipe r => new AdLifLayer(n, own, Decay(r.TauMembrane), Decay(r.TauAdaptation), Range(r.A), Range(r.B), (float)r.Threshold,
            Firing(r.Surrogate, r.InitialState)),
        CAdLifRecipe r => new CAdLifLayer(n, own, Decay(r.TauMembrane), Decay(r.TauAdaptation), Range(r.A), Range(r.B), (float)r.Threshold,
            Firing(r.Surrogate, r.InitialState)),
        SeAdLifRecipe r => new SeAdLifLayer(n, own, Decay(r.TauMembrane), Decay(r.TauAdaptation), Range(r.A), Range(r.B), (float)r.Q, (float)r.Threshold,
            Firing(r.Surrogate, r.InitialState)),
        EfAdLifRecipe r => new EfAdLifLayer(n, own, Decay(r.TauMembrane), Decay(r.TauAdaptation), Range(r.A), Range(r.B), (float)r.Q, (float)r.Threshold,
            Firing(r.Surrogate, r.InitialState)),
        LeakyIntegratorRecipe r => new LeakyIntegratorLayer(n, own, Decay(r.TauMembrane)),
        _ => throw new NotSupportedException($"The neuron {neuron.GetType().Name} cannot stand here."),
    };

    private static Nn.Neurons.Reset Reset(Reset reset) => reset switch
    {
        Recipes.Reset.Subtract => Nn.Neurons.Reset.Subtract,
        Recipes.Reset.Zero => Nn.Neurons.Reset.ToZero,
        _ => Nn.Neurons.Reset.None,
    };

    private static Firing Firing(SurrogateRecipe surrogate, InitialState initial, bool atThreshold = false) =>
        new(Surrogate(surrogate), atThreshold, initial == InitialState.Random);

    internal static ISurrogate Surrogate(SurrogateRecipe recipe) => recipe switch
    {
        ATanRecipe r => new ATan((float)r.Alpha),
        FastSigmoidRecipe r => new FastSigmoid((float)r.Slope),
        SigmoidRecipe r => new Sigmoid((float)r.Slope),
        BoxcarRecipe r => new Boxcar((float)r.HalfWidth),
        TriangleRecipe r => new Triangle((float)r.Height, (float)r.Width),
        SlayerRecipe r => new SlayerExponential((float)r.Alpha, (float)r.C),
        MultiGaussianRecipe r => new MultiGaussian((float)r.Height, (float)r.Scale, (float)r.Sigma),
        _ => throw new NotSupportedException($"The surrogate {recipe.GetType().Name} is not known here."),
    };

    /// <summary>Seconds become steps; null lets the layer's own default stand.</summary>
    private Coefficient? Decay(TauRecipe? tau)
    {
        if (tau is null)
            return null;
        float low = (float)(tau.Min / timeStep), high = (float)((tau.Max ?? tau.Min) / timeStep);
        if (!tau.Learned || high <= low)
            return Coefficient.Decay(low);
        return tau.Uniform == TauUniform.Tau ? Coefficient.LearnedDecay(low, high) : Coefficient.Boxed((float)Math.Exp(-1.0 / low), (float)Math.Exp(-1.0 / high));
    }

    private static Coefficient Range(RangeRecipe range) => range.Learned && range.Max > range.Min
        ? Coefficient.Boxed((float)range.Min, (float)(range.Max ?? range.Min))
        : Coefficient.Fixed((float)range.Min);
}
