using System.Globalization;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.StateSpace;

namespace Volley.Recipes;

/// <summary>Makes deep state-space networks. Weight decay takes every parameter but Δ, A and B, as in the published training.</summary>
internal static class StateSpaceBuilder
{
    /// <summary>Encoder, blocks, the last normalisation of networks that normalise first, and the dense layer to the classes.</summary>
    public static Chain Network(StateSpaceRecipe recipe, int units, int classes, LayerBuilder layers, Rng random)
    {
        var modules = new List<Module>();
        if (recipe.Pair)
        {
            modules.Add(new PairSplit());
            units = modules[0].OutputShape(units).Last;
        }
        var stack = new List<Module>();
        stack.Add(recipe.Encoder == StateSpaceEncoder.Embedding
            ? new Dense(units, recipe.Width, random.Fork("encoder"), bias: false, Initializer.Normal)
            : new Dense(units, recipe.Width, random.Fork("encoder"), biasDecays: true));
        for (int i = 0; i < recipe.Depth; i++)
        {
            S4D layer = Layer(recipe, layers, random.Fork(i.ToString(CultureInfo.InvariantCulture)));
            stack.Add(new StateSpaceBlock(layer, Norm(recipe), recipe.Prenorm, (float)recipe.Dropout));
        }
        if (recipe.Prenorm && Norm(recipe) is { } last)
            stack.Add(last);
        if (recipe.MaskPadding)
            modules.AddRange(stack);
        else
            modules.Add(new PaddingAsData(new Chain([.. stack])));
        if (recipe.Pair)
            modules.AddRange([new PairFeatures(), new Dense(4 * recipe.Width, recipe.Width, random.Fork("pair"), biasDecays: true), new Nn.Gelu()]);
        modules.Add(new Dense(recipe.Width, classes, random.Fork("decoder"), biasDecays: true));
        return new Chain([.. modules]);
    }

    private static S4D Layer(StateSpaceRecipe recipe, LayerBuilder layers, Rng own)
    {
        int width = recipe.Width;
        float dropout = (float)recipe.Dropout;
        var options = new StateSpaceOptions
        {
            States = recipe.States,
            Init = recipe.Init switch
            {
                StateInit.Inverse => StateSpaceInit.Inverse,
                StateInit.Linear => StateSpaceInit.Linear,
                StateInit.Legs => StateSpaceInit.LegS,
                _ => StateSpaceInit.Quadratic,
            },
            Discretization = recipe.Discretization == DiscretizationRule.Zoh
                ? Kernels.StateSpace.Discretization.ZeroOrderHold
                : Kernels.StateSpace.Discretization.Bilinear,
            Bidirectional = recipe.Bidirectional,
            StepRange = (recipe.MinStep, recipe.MaxStep),
            Sets = recipe.Sets ?? 0,
            StateRate = (float)recipe.StateRate,
            StepRate = (float)recipe.StepRate,
        };
        return recipe.Layer switch
        {
            StateSpaceLayer.S4d => S4D.WithGelu(width, options, own, dropout),
            StateSpaceLayer.Gsu => S4D.Gated(width, options, own, dropout, LayerBuilder.Surrogate(recipe.Surrogate)),
            StateSpaceLayer.Neuron => S4D.With(layers.Neurons(recipe.Neuron!, width, own.Fork("neuron")), width, options, own, dropout),
            _ => S4D.Binary(width, options, own, dropout, LayerBuilder.Surrogate(recipe.Surrogate), recipe.LearnedThreshold),
        };
    }

    private static Module? Norm(StateSpaceRecipe recipe) => recipe.Norm switch
    {
        Normalization.Batch => new BatchNorm(recipe.Width, decays: true),
        Normalization.Layer => new LayerNorm(recipe.Width, decays: true),
        _ => null,
    };
}
