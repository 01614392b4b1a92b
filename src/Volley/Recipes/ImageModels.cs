namespace Volley.Recipes;

/// <summary>The named networks for images as lists of layers.</summary>
internal static class ImageModels
{
    private static readonly int[] s_blocks18 = [2, 2, 2, 2], s_blocks34 = [3, 4, 6, 3];

    /// <summary>What does not fit; null where all does.</summary>
    public static string? Problem(NeuronRecipe neuron, Readout readout) =>
        !neuron.Spikes ? "'neuron' must be one that spikes"
        : readout == Readout.SpikeCount ? "the readout 'spike-count' needs an output that spikes, and this network ends with currents"
        : null;

    public static List<LayerRecipe> Layers(SequentialCifarRecipe recipe)
    {
        var layers = new List<LayerRecipe>();
        for (int stage = 0; stage < 2; stage++)
        {
            for (int i = 0; i < 3; i++)
                layers.AddRange([new Conv1dRecipe(recipe.Width), new BatchNormRecipe(), new NeuronLayerRecipe(recipe.Neuron)]);
            layers.Add(new AveragePoolRecipe());
        }
        layers.AddRange([new FlattenRecipe(), new DenseRecipe(2 * recipe.Width, Bias: true), new NeuronLayerRecipe(recipe.Neuron), new DenseRecipe(Bias: true)]);
        return layers;
    }

    public static List<LayerRecipe> Layers(CifarRecipe recipe)
    {
        var layers = new List<LayerRecipe> { new RepeatRecipe(recipe.Times) };
        for (int stage = 0; stage < 2; stage++)
        {
            for (int i = 0; i < 3; i++)
                layers.AddRange([new Conv2dRecipe(recipe.Width), new BatchNormRecipe(), new NeuronLayerRecipe(recipe.Neuron)]);
            layers.Add(new AveragePoolRecipe());
        }
        layers.AddRange([new FlattenRecipe(), new DenseRecipe(16 * recipe.Width, Bias: true), new NeuronLayerRecipe(recipe.Neuron), new DenseRecipe(Bias: true)]);
        return layers;
    }

    public static List<LayerRecipe> Layers(DvsVggRecipe recipe)
    {
        var layers = new List<LayerRecipe>();
        foreach ((int first, int second) in (ReadOnlySpan<(int, int)>)[(1, 2), (4, 4), (8, 8), (8, 8)])
        {
            foreach (int times in (ReadOnlySpan<int>)[first, second])
            {
                layers.AddRange([new Conv2dRecipe(times * recipe.Width, Bias: true, Init: ConvolutionInit.KaimingNormalFanOut), new BatchNormRecipe(),
                    new NeuronLayerRecipe(recipe.Neuron)]);
            }
            layers.Add(new AveragePoolRecipe());
        }
        if (recipe.Dropout > 0)
            layers.Add(new DropoutRecipe(recipe.Dropout, WholeChannels: true));
        layers.AddRange([new FlattenRecipe(), new DenseRecipe(Bias: true)]);
        return layers;
    }

    public static List<LayerRecipe> Layers(SewResNetRecipe recipe)
    {
        var layers = new List<LayerRecipe> { new RepeatRecipe(recipe.Times) };
        if (recipe.StepOffset)
            layers.Add(new StepOffsetRecipe());
        layers.AddRange([.. Spiking(recipe, recipe.Width, 7, 2), new AveragePoolRecipe(3, 2, 1)]);
        int[] blocks = recipe.Depth == 18 ? s_blocks18 : s_blocks34;
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            int channels = recipe.Width << stage;
            for (int block = 0; block < blocks[stage]; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                layers.Add(new ResidualRecipe([.. Spiking(recipe, channels, 3, stride), .. Spiking(recipe, channels, 3, 1)],
                    stride == 1 ? null : Spiking(recipe, channels, 1, stride)));
            }
        }
        layers.AddRange([new GlobalAveragePoolRecipe(), new DenseRecipe(Bias: true)]);
        return layers;
    }

    private static LayerRecipe[] Spiking(SewResNetRecipe recipe, int channels, int kernel, int stride) =>
        [new Conv2dRecipe(channels, kernel, stride, Init: ConvolutionInit.KaimingNormalFanOut), new BatchNormRecipe(), new NeuronLayerRecipe(recipe.Neuron)];
}
