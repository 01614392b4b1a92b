using Volley.Data.Audio;
using Volley.Recipes;
using Volley.Tensors;

namespace Volley.Data;

/// <summary>Makes data sets of what recipes say about them.</summary>
public static class DataRecipes
{
    /// <summary>Permuted sequential MNIST has one order for everyone.</summary>
    private const uint PermutationSeed = 1;

    /// <summary>Whether the data are generated unless a folder is given, so that none is needed.</summary>
    public static bool IsGenerated(DataRecipe recipe) => recipe is RandmanRecipe or ListOpsRecipe or PathsRecipe;

    /// <summary>The files that a folder must hold; empty where the data are always generated.</summary>
    public static string Files(DataRecipe recipe) => recipe switch
    {
        MnistRecipe => "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (plain or .gz)",
        Cifar10Recipe => "data_batch_1.bin … data_batch_5.bin and test_batch.bin (plain or .gz)",
        Cifar100Recipe => "train.bin and test.bin (plain or .gz)",
        FsddRecipe => Fsdd.Files,
        SpeechCommandsRecipe { Task: SpeechTask.Twelve, SilenceFraction: > 0 } => "{word}/{speaker}_nohash_{n}.wav, _background_noise_/*.wav, validation_list.txt and testing_list.txt",
        SpeechCommandsRecipe => "{word}/{speaker}_nohash_{n}.wav, validation_list.txt and testing_list.txt",
        WavRecipe r => r.Pattern,
        CsvRecipe r => $"{r.Pattern}, or a table of all recordings",
        NpyRecipe r => r.Pattern,
        TsRecipe => TsSequences.Files,
        ShdRecipe => Cochlea.ShdFiles,
        SscRecipe => Cochlea.SscFiles,
        QtdbRecipe => Qtdb.Files,
        ListOpsRecipe => ListOps.Files,
        TextRecipe => Imdb.Files,
        RetrievalRecipe => AnthologyPairs.Files,
        PathfinderRecipe r => FormattableString.Invariant($"pathfinder{r.Size}/{Pathfinder.FolderOf(r.Difficulty)}/ with metadata/{{n}}.npy and imgs/{{n}}/*.png"),
        NMnistRecipe or Cifar10DvsRecipe or DvsGestureRecipe => EventRecipes.Files(recipe),
        _ => "",
    };

    /// <summary>What the samples look like, without reading any: the published sizes, or what <see cref="Assumed"/> says.</summary>
    public static DatasetInfo Describe(DataRecipe recipe) => recipe switch
    {
        RandmanRecipe r => new("randman", SampleKind.Spikes, r.Units, r.Steps, r.Classes, ClassNames.Numbers(r.Classes)),
        MnistRecipe { As: MnistSequence.Rows } => new("mnist", SampleKind.Values, 28, 28, 10, ClassNames.Numbers(10)),
        MnistRecipe { As: MnistSequence.Image } => new("mnist", SampleKind.Values, 28 * 28, 1, 10, ClassNames.Numbers(10)) { StepShape = new Shape(28, 28, 1) },
        MnistRecipe => new("mnist", SampleKind.Values, 1, 28 * 28, 10, ClassNames.Numbers(10)),
        Cifar10Recipe r => Cifar("cifar10", r.As, 10),
        Cifar100Recipe r => Cifar("cifar100", r.As, 100),
        ShdRecipe r => Steps(Cochlea.ShdName, Options(r), Cochlea.ShdClasses),
        SscRecipe r => Steps(Cochlea.SscName, Options(r), Cochlea.SscClasses),
        QtdbRecipe => new(Qtdb.Name, SampleKind.Values, Qtdb.Units, Qtdb.Steps, Qtdb.Classes.Length, Qtdb.Classes) { LabelsSteps = true },
        ListOpsRecipe or TextRecipe or RetrievalRecipe or PathfinderRecipe or PathsRecipe => LongSequenceRecipes.Describe(recipe),
        NMnistRecipe or Cifar10DvsRecipe or DvsGestureRecipe => EventRecipes.Describe(recipe),
        _ => RecordingRecipes.Describe(recipe),
    };

    /// <summary>What <see cref="Describe"/> assumes of recordings that nobody has read yet, such as "10 classes"; null where all of it is known.</summary>
    public static string? Assumed(DataRecipe recipe) => RecordingRecipes.Assumed(recipe);

    /// <summary>The recipe that goes on without recordings that cannot be read; null where there is no such choice.</summary>
    public static DataRecipe? SkippingBad(DataRecipe recipe) => EventRecipes.SkippingBad(recipe) ?? RecordingRecipes.SkippingBad(recipe);

    /// <summary>Opens or generates the data and divides them.</summary>
    /// <param name="recipe">Which data, and how they are divided.</param>
    /// <param name="dataFolder">The folder of this data set; not needed where <see cref="IsGenerated"/>.</param>
    /// <param name="cacheFolder">Where decoded data are kept for the next run; null to decode every time.</param>
    /// <param name="warn">Told in one sentence where the cache is of no use, and how many bad recordings were left out.</param>
    /// <param name="input">What a trained model says about its input: its front end, statistics and class names are used, in place of the recipe's and
    /// of new ones. Null to fit them.</param>
    /// <exception cref="IOException">The folder or a file is missing; the message lists the names looked for.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says where.</exception>
    public static DatasetSplits Open(
        DataRecipe recipe, string? dataFolder, string? cacheFolder, Action<string>? warn = null, InputDescription? input = null)
    {
        DiskCache? cache = cacheFolder is null ? null : new DiskCache(cacheFolder, warn);
        if (recipe is RandmanRecipe randman)
            return Generate(randman);
        if (LongSequenceRecipes.Generated(recipe, dataFolder, cache) is { } generated)
            return generated;
        if (dataFolder is null)
            throw new DirectoryNotFoundException($"The data set '{Describe(recipe).Name}' needs a folder with {Files(recipe)}.");
        var split = new SplitOptions(recipe.ValidFraction, (ulong)recipe.SplitSeed, recipe.Limit);
        return recipe switch
        {
            MnistRecipe r => Mnist.Open(dataFolder, new MnistOptions
            {
                Layout = Layout(r.As),
                PermutationSeed = r.Permuted ? PermutationSeed : null,
                Scale = r.Standardize ? ChannelScale.Mnist : null,
                Split = r.First is { } first ? split with { First = new FirstSamples(first.Train, first.Valid, first.Test) } : split,
                Cache = cache,
            }),
            Cifar10Recipe r => CifarBinary.Open(dataFolder, Options(CifarLabels.Ten, r.As, r.Standardize) with { Split = split, Cache = cache }),
            Cifar100Recipe r => CifarBinary.Open(dataFolder, Options(CifarLabels.Fine, r.As, r.Standardize) with { Split = split, Cache = cache }),
            ShdRecipe r => Cochlea.OpenShd(dataFolder, Options(r) with { Split = split, Cache = cache }),
            SscRecipe r => Cochlea.OpenSsc(dataFolder, Options(r) with { Split = split, Cache = cache }),
            QtdbRecipe r => Qtdb.Open(dataFolder, new QtdbOptions { IgnoreSteps = r.IgnoreSteps, Unlabelled = r.Unlabelled, Split = split }),
            TextRecipe or RetrievalRecipe or PathfinderRecipe => LongSequenceRecipes.Open(recipe, dataFolder, cache, warn),
            NMnistRecipe or Cifar10DvsRecipe or DvsGestureRecipe => EventRecipes.Open(recipe, dataFolder, split, warn),
            _ => RecordingRecipes.Open(recipe, dataFolder, cache, warn, input),
        };
    }

    private static DatasetSplits Generate(RandmanRecipe recipe)
    {
        DatasetSplits splits = Randman.Generate(new RandmanOptions
        {
            Classes = recipe.Classes,
            Units = recipe.Units,
            Steps = recipe.Steps,
            Dimension = recipe.Dims,
            Alpha = recipe.Alpha,
            TrainPerClass = recipe.TrainPerClass,
            ValidPerClass = recipe.ValidPerClass,
            TestPerClass = recipe.TestPerClass,
            Seed = (ulong)recipe.Seed,
        });
        return recipe.Limit is { } limit ? splits with { Train = splits.Train.Limit(limit, (ulong)recipe.SplitSeed) } : splits;
    }

    private static DatasetInfo Cifar(string name, CifarSequence sequence, int classes)
    {
        Shape step = CifarBinary.StepShape(Layout(sequence));
        int steps = sequence switch { CifarSequence.Columns => 32, CifarSequence.Image => 1, _ => 1024 };
        return new(name, SampleKind.Values, step.Count, steps, classes, ClassNames.Numbers(classes)) { StepShape = step };
    }

    private static CifarOptions Options(CifarLabels labels, CifarSequence sequence, bool standardize) => new()
    {
        Labels = labels,
        Layout = Layout(sequence),
        Scale = !standardize ? null : sequence == CifarSequence.GreyPixels ? ChannelScale.GreyCifar10 : labels == CifarLabels.Ten ? ChannelScale.Cifar10 : ChannelScale.Cifar100,
    };

    private static CochleaOptions Options(ShdRecipe r) => new() { Channels = r.Channels, Bin = r.Bin, Steps = r.Steps };

    private static CochleaOptions Options(SscRecipe r) => new() { Channels = r.Channels, Bin = r.Bin, Steps = r.Steps };

    private static DatasetInfo Steps(string name, CochleaOptions options, int classes) =>
        new(name, SampleKind.Spikes, CochleaFile.Units(options), options.Steps, classes, ClassNames.Numbers(classes));

    private static CifarLayout Layout(CifarSequence sequence) => sequence switch
    {
        CifarSequence.Columns => CifarLayout.Columns,
        CifarSequence.Pixels => CifarLayout.Pixels,
        CifarSequence.GreyPixels => CifarLayout.GreyPixels,
        _ => CifarLayout.Image,
    };

    private static MnistLayout Layout(MnistSequence sequence) => sequence switch
    {
        MnistSequence.Rows => MnistLayout.Rows,
        MnistSequence.Pixels => MnistLayout.Pixels,
        _ => MnistLayout.Image,
    };
}
