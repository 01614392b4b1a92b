using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Recipes;

/// <summary>Makes what a recipe describes.</summary>
public static class RecipeBuilder
{
    /// <summary>The network of a recipe, its parameters drawn from <paramref name="random"/>.</summary>
    /// <param name="recipe">The network's description.</param>
    /// <param name="input">The shape of a time step of the input: [N], or the number N by itself; [L, C]; [H, W, C].</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="random">Draws the initial parameters.</param>
    /// <param name="steps">Time steps of every sample, for neurons whose weights depend on it; null where that is not known.</param>
    /// <exception cref="ArgumentException">The layers do not fit each other.</exception>
    public static Model Model(ModelRecipe recipe, Shape input, int classes, Rng random, int? steps = null)
    {
        if (recipe is FeedforwardRecipe or StateSpaceRecipe)
            input = input.Count;
        var layers = new LayerBuilder(recipe.TimeStep, classes, steps, random);
        Module root = recipe switch
        {
            FeedforwardRecipe feedforward => Feedforward(feedforward, input, layers),
            SequentialCifarRecipe cifar => layers.Chain(ImageModels.Layers(cifar), input),
            CifarRecipe cifar => layers.Chain(ImageModels.Layers(cifar), input),
            DvsVggRecipe vgg => layers.Chain(ImageModels.Layers(vgg), input),
            SewResNetRecipe resnet => layers.Chain(ImageModels.Layers(resnet), input),
            LayersRecipe list => layers.Chain(list.Layers, input),
            StateSpaceRecipe deep => StateSpaceBuilder.Network(deep, input.Count, classes, layers, random),
            _ => throw new NotSupportedException($"The architecture {recipe.GetType().Name} is not known here."),
        };
        string name = recipe switch
        {
            FeedforwardRecipe r => $"{input.Last}-{string.Join('-', r.Hidden)}-{classes}",
            StateSpaceRecipe s => $"{input.Last}-{s.Width}x{s.Depth}-{classes}",
            SequentialCifarRecipe r => $"sequential-cifar-{r.Width}",
            CifarRecipe r => $"cifar-{r.Width}",
            DvsVggRecipe r => $"dvs-vgg-{r.Width}",
            SewResNetRecipe r => $"sew-resnet-{r.Depth}",
            _ => "layers",
        };
        var description = new ModelDescription(recipe, input.Count, classes, layers.NeedsSteps ? steps : null, ModelDescription.AxesOf(input));
        return new Model(name, root, input, classes, Readout(recipe.Readout)) { Description = description.ToMetadata()[ModelDescription.Key] };
    }

    /// <summary>The optimiser of a recipe for a model's parameters.</summary>
    public static Optimizer Optimizer(TrainingRecipe recipe, Model model) => recipe.Optimizer switch
    {
        SgdRecipe sgd => new Sgd(model.Parameters, (float)sgd.Momentum, (float)sgd.WeightDecay),
        AdamRecipe adam => new Adam(model.Parameters, (float)adam.Betas[0], (float)adam.Betas[1], (float)adam.Epsilon, (float)adam.WeightDecay),
        AdamWRecipe adam => new Adam(model.Parameters, (float)adam.Betas[0], (float)adam.Betas[1], (float)adam.Epsilon, (float)adam.WeightDecay, decoupled: true),
        _ => throw new NotSupportedException($"The optimiser {recipe.Optimizer.GetType().Name} is not known here."),
    };

    /// <summary>How to train.</summary>
    public static TrainerOptions Options(TrainingRecipe recipe, ulong seed) => new()
    {
        Epochs = recipe.Epochs,
        Rate = (float)(recipe.Schedule is OneCycleScheduleRecipe { PeakRate: { } peak } ? peak : recipe.Optimizer.Rate),
        Schedule = Schedule(recipe.Schedule, recipe.Optimizer.Rate),
        Groups = recipe.Delays is { } delays
            ? new Dictionary<string, GroupRate> { [DelayOptions.Group] = new((float)delays.Rate, Schedule(delays.Schedule, delays.Rate)) }
            : [],
        Loss = Loss(recipe.Loss),
        RateRegularizer = recipe.RateRegularizer is { } r ? new RateRegularizer((float)r.Low, (float)r.High, (float)r.Weight) : null,
        ClipNorm = (float?)recipe.ClipNorm,
        Truncate = recipe.Truncate ?? 0,
        Patience = recipe.EarlyStopping?.Patience ?? 0,
        Seed = seed,
    };

    /// <summary>Blocks of dense, normalisation, neurons, dropout; then dense and the output neurons.</summary>
    private static Chain Feedforward(FeedforwardRecipe recipe, Shape input, LayerBuilder layers)
    {
        var blocks = new List<LayerRecipe>();
        foreach (int width in recipe.Hidden)
        {
            blocks.Add(Synapses(recipe, width));
            if (recipe.Normalization == Normalization.Batch)
                blocks.Add(new BatchNormRecipe(recipe.NormMomentum));
            else if (recipe.Normalization == Normalization.Layer)
                blocks.Add(new LayerNormRecipe());
            blocks.Add(recipe.Recurrent ? new RecurrentRecipe(recipe.Neuron) : new NeuronLayerRecipe(recipe.Neuron));
            if (recipe.Dropout > 0)
                blocks.Add(new DropoutRecipe(recipe.Dropout));
        }
        blocks.Add(Synapses(recipe, null));
        if (recipe.Output is not LinearRecipe)
            blocks.Add(new NeuronLayerRecipe(recipe.Output));
        return layers.Chain(blocks, input);
    }

    private static LayerRecipe Synapses(FeedforwardRecipe recipe, int? units) =>
        recipe.Delays is { } delays ? new DelayedRecipe(units, delays) : new DenseRecipe(units, recipe.Bias);

    private static ReadoutKind Readout(Readout readout) => readout switch
    {
        Recipes.Readout.SumSoftmax => ReadoutKind.SumSoftmax,
        Recipes.Readout.Mean => ReadoutKind.Mean,
        Recipes.Readout.Max => ReadoutKind.Max,
        Recipes.Readout.Last => ReadoutKind.Last,
        Recipes.Readout.EachStep => ReadoutKind.EachStep,
        _ => ReadoutKind.SpikeCount,
    };

    private static Schedule Schedule(ScheduleRecipe recipe, double rate) => recipe switch
    {
        StepScheduleRecipe step => new StepSchedule(step.Every, step.Factor),
        CosineScheduleRecipe cosine => new CosineSchedule(cosine.Final),
        OneCycleScheduleRecipe cycle => new OneCycleSchedule(cycle.Rise, cycle.StartDivisor, cycle.FinalDivisor, CycleMomentum: cycle.CycleMomentum),
        WarmupCosineScheduleRecipe warmup => new WarmupCosineSchedule(warmup.Warmup, warmup.Final),
        PlateauScheduleRecipe plateau => new PlateauSchedule(plateau.Factor, plateau.Patience, plateau.MinRate / rate),
        _ => new ConstantSchedule(),
    };

    private static Loss Loss(LossRecipe recipe) => recipe switch
    {
        TetRecipe tet => new TetLoss((float)tet.Lambda, (float)tet.Target, (float)tet.LabelSmoothing),
        MseCountRecipe count => new SpikeCountLoss((float)count.CorrectRate, (float)count.IncorrectRate),
        CrossEntropyRecipe entropy => new CrossEntropyLoss((float)entropy.LabelSmoothing),
        _ => throw new NotSupportedException($"The loss {recipe.GetType().Name} is not known here."),
    };
}
