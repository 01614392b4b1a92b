using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Cli.Runs;

/// <summary>What a run is made of, before any of it is built.</summary>
/// <param name="Recipe">The recipe; its only seed is the run's.</param>
/// <param name="DataFolder">The folder of the data set; null for generated data.</param>
/// <param name="CacheFolder">Where decoded data are kept; null for nowhere.</param>
internal sealed record RunSetup(Recipe Recipe, string? DataFolder, string? CacheFolder)
{
    public int Seed => Recipe.Seeds[0];

    /// <summary>Opens the data.</summary>
    /// <exception cref="UsageException">The data set needs a folder and none was given, or its sizes make no sense.</exception>
    public DatasetSplits OpenData(Action<string> warn) => OpenData(Recipe.Data, DataFolder, CacheFolder, warn);

    /// <inheritdoc cref="OpenData(Action{string})"/>
    public static DatasetSplits OpenData(DataRecipe recipe, string? folder, string? cache, Action<string> warn, InputDescription? input = null)
    {
        if (folder is null && !DataRecipes.IsGenerated(recipe))
            throw new UsageException($"The data set '{DataRecipes.Describe(recipe).Name}' needs --data DIR, the folder with {DataRecipes.Files(recipe)}.");
        try
        {
            return DataRecipes.Open(recipe, folder, cache, warn, input);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{failure.Message.TrimEnd('.')}; pass the folder of the data set by --data.", failure);
        }
        catch (ArgumentException failure)
        {
            throw new UsageException($"The data of the recipe cannot be made: {WithoutParameter(failure)}", failure);
        }
    }

    /// <summary>The network with its initial parameters.</summary>
    /// <exception cref="UsageException">The layers do not fit each other or the data.</exception>
    public Model BuildModel(DatasetInfo data) => BuildModel(Recipe, data, Seed);

    /// <inheritdoc cref="BuildModel(DatasetInfo)"/>
    public static Model BuildModel(Recipe recipe, DatasetInfo data, int seed)
    {
        if (recipe.Model.Readout == Readout.EachStep != data.LabelsSteps)
        {
            throw new UsageException(data.LabelsSteps
                ? $"The data set '{data.Name}' has a label for every time step, so model.readout must be 'each-step'."
                : $"The readout 'each-step' needs data with a label for every time step, and the samples of '{data.Name}' have one each; choose another model.readout.");
        }
        try
        {
            return RecipeBuilder.Model(recipe.Model, data.StepShape, data.Classes, new Rng((ulong)seed).Fork("model"), data.MaxSteps);
        }
        catch (ArgumentException failure)
        {
            throw new UsageException($"The model of the recipe '{recipe.Name}' cannot be built: {WithoutParameter(failure)}", failure);
        }
        catch (Exception failure) when (failure is OverflowException or OutOfMemoryException)
        {
            throw new UsageException($"The model of the recipe '{recipe.Name}' is too large for this machine; make its layers smaller.", failure);
        }
    }

    /// <summary>How the training samples are changed and become batches.</summary>
    /// <exception cref="UsageException">An augmentation does not fit the data.</exception>
    public LoaderOptions BuildLoaderOptions(DatasetInfo data)
    {
        try
        {
            TrainingRecipe training = Recipe.Training;
            return new LoaderOptions
            {
                BatchSize = training.Batch,
                Seed = (ulong)Seed,
                Augment = Augmentations.Create(training.Augment, data),
                Mix = Augmentations.CreateMix(training.Augment, data),
            };
        }
        catch (ArgumentException failure)
        {
            throw new UsageException($"The augmentations of the recipe '{Recipe.Name}' cannot be used: {WithoutParameter(failure)}", failure);
        }
    }

    /// <summary>The samples of a part in their order, as batches; null where there are none.</summary>
    public static Loader? InOrder(IDataset part, int batch) => part.Count == 0 ? null : new Loader(part, new LoaderOptions { BatchSize = batch, Shuffle = false });

    /// <summary>.NET adds the name of the parameter to the sentence, which means nothing to a user.</summary>
    private static string WithoutParameter(ArgumentException failure)
    {
        int end = failure.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? failure.Message : failure.Message[..end];
    }
}
