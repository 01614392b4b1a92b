using Volley.Data.Audio;
using Volley.Recipes;
using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>Recipes whose samples are recordings in files.</summary>
internal static class RecordingRecipes
{
    /// <summary>What is assumed of recordings that nobody has read yet.</summary>
    private const int AssumedClasses = 10, AssumedUnits = 10, AssumedSteps = 100;

    /// <summary>How audio becomes time steps; null for other recipes.</summary>
    public static FrontEndRecipe? FrontEnd(DataRecipe recipe) => recipe switch
    {
        FsddRecipe r => r.FrontEnd,
        SpeechCommandsRecipe r => r.FrontEnd,
        WavRecipe r => r.FrontEnd,
        _ => null,
    };

    /// <summary>The same recipe, with or without bad recordings; null where there are no recordings.</summary>
    public static DataRecipe? SkippingBad(DataRecipe recipe) => recipe switch
    {
        FsddRecipe r => r with { SkipBad = true },
        SpeechCommandsRecipe r => r with { SkipBad = true },
        WavRecipe r => r with { SkipBad = true },
        CsvRecipe r => r with { SkipBad = true },
        NpyRecipe r => r with { SkipBad = true },
        TsRecipe r => r with { SkipBad = true },
        _ => null,
    };

    public static DatasetInfo Describe(DataRecipe recipe) => recipe switch
    {
        FsddRecipe r => Describe(Fsdd.Name, r.FrontEnd, ClassNames.Numbers(10)),
        SpeechCommandsRecipe r => Describe(SpeechCommands.Name, r.FrontEnd, r.Task == SpeechTask.Twelve ? TwelveClasses.Names : ClassNames.Numbers(SpeechCommands.Words)),
        WavRecipe r => Describe(WavFolder.Name, r.FrontEnd, r.Classes ?? ClassNames.Numbers(AssumedClasses)),
        CsvRecipe r => Describe(CsvSequences.Name, r.Channels, r.Classes),
        NpyRecipe r => Describe(NpySequences.Name, r.Channels, r.Classes),
        TsRecipe r => Describe(TsSequences.Name, r.Channels, r.Classes),
        _ => throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here."),
    };

    /// <summary>What <see cref="Describe(DataRecipe)"/> only assumes; null for nothing.</summary>
    public static string? Assumed(DataRecipe recipe) => recipe switch
    {
        SpeechCommandsRecipe { Task: SpeechTask.Words } => $"the {SpeechCommands.Words} words of version 2",
        WavRecipe { Classes: null } => $"{AssumedClasses} classes",
        CsvRecipe r => Assumed(r.Channels, r.Classes),
        NpyRecipe r => Assumed(r.Channels, r.Classes),
        TsRecipe r => Assumed(r.Channels, r.Classes),
        _ => null,
    };

    public static DatasetSplits Open(DataRecipe recipe, string path, DiskCache? cache, Action<string>? warn, InputDescription? input)
    {
        var shared = new Shared(recipe, cache, warn, input);
        return recipe switch
        {
            FsddRecipe r => Fsdd.Open(path, shared.Audio(r.FrontEnd, r.SkipBad) with { LeaveOut = r.LeaveOut }),
            SpeechCommandsRecipe r => SpeechCommands.Open(path, shared.Audio(r.FrontEnd, r.SkipBad),
                r.Task == SpeechTask.Twelve ? new TwelveClasses(r.UnknownFraction, r.SilenceFraction, (ulong)r.SplitSeed) : null),
            WavRecipe r => WavFolder.Open(path, r.Pattern, shared.Audio(r.FrontEnd, r.SkipBad, r.Classes) with { LeaveOut = r.LeaveOut, TestFraction = r.TestFraction }),
            CsvRecipe r => CsvSequences.Open(path, new CsvOptions
            {
                Pattern = r.Pattern,
                Channels = r.Channels,
                IdColumn = r.IdColumn,
                LabelColumn = r.LabelColumn,
                SpeakerColumn = r.SpeakerColumn,
                PartColumn = r.PartColumn,
                Ignore = r.Ignore ?? [],
                Standardize = input is null && r.Standardize,
                Statistics = shared.Statistics,
                ClassNames = input?.ClassNames ?? r.Classes,
                RefuseOtherClasses = shared.Refuses(r.Classes),
                SkipBad = r.SkipBad,
                TestFraction = r.TestFraction,
                LeaveOut = r.LeaveOut,
                Split = shared.Split,
                Cache = cache,
                Warn = warn,
            }),
            NpyRecipe r => NpySequences.Open(path, new NpyOptions
            {
                Pattern = r.Pattern,
                Channels = r.Channels,
                Standardize = input is null && r.Standardize,
                Statistics = shared.Statistics,
                ClassNames = input?.ClassNames ?? r.Classes,
                RefuseOtherClasses = shared.Refuses(r.Classes),
                SkipBad = r.SkipBad,
                TestFraction = r.TestFraction,
                LeaveOut = r.LeaveOut,
                Split = shared.Split,
                Cache = cache,
                Warn = warn,
            }),
            TsRecipe r => TsSequences.Open(path, new TsOptions
            {
                Channels = r.Channels,
                Standardize = input is null && r.Standardize,
                Statistics = shared.Statistics,
                ClassNames = input?.ClassNames ?? r.Classes,
                RefuseOtherClasses = shared.Refuses(r.Classes),
                SkipBad = r.SkipBad,
                Split = shared.Split,
                Warn = warn,
            }),
            _ => throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here."),
        };
    }

    private static string? Assumed(int? channels, IReadOnlyList<string>? classes) => (channels, classes) switch
    {
        (null, null) => $"{AssumedClasses} classes and {AssumedUnits} channels",
        (null, _) => $"{AssumedUnits} channels",
        (_, null) => $"{AssumedClasses} classes",
        _ => null,
    };

    private static DatasetInfo Describe(string name, int? channels, IReadOnlyList<string>? classes) => new(
        name, SampleKind.Values, channels ?? AssumedUnits, AssumedSteps, classes?.Count ?? AssumedClasses, classes ?? ClassNames.Numbers(AssumedClasses));

    private static DatasetInfo Describe(string name, FrontEndRecipe recipe, IReadOnlyList<string> classes)
    {
        FrontEnd frontEnd = FrontEnds.Create(recipe);
        return new DatasetInfo(name, frontEnd.Kind, frontEnd.Units, frontEnd.Steps(frontEnd.Rate), classes.Count, classes);
    }

    /// <summary>What all of them are opened with. A trained model knows its front end, statistics and classes, and takes no others.</summary>
    private sealed record Shared(DataRecipe Recipe, DiskCache? Cache, Action<string>? Warn, InputDescription? Input)
    {
        public SplitOptions Split { get; } = new(Recipe.ValidFraction, (ulong)Recipe.SplitSeed, Recipe.Limit);

        public ChannelStatistics? Statistics { get; } = ChannelStatistics.Of(Input);

        /// <summary>Whether a class that the model does not know is an error; where the recipe chooses classes, others are ignored now as in training.</summary>
        public bool Refuses(IReadOnlyList<string>? classes) => Input?.ClassNames is not null && classes is null;

        public AudioOptions Audio(FrontEndRecipe own, bool skipBad, IReadOnlyList<string>? classes = null)
        {
            FrontEndRecipe frontEnd = Input?.FrontEnd ?? own;
            // Standardisation comes after what is cached.
            string key = StrictJson.Write(new InputDescription(frontEnd with { Standardize = false }), RecipeJson.InputType);
            return new AudioOptions(FrontEnds.Create(frontEnd), key)
            {
                Recipe = frontEnd,
                Standardize = Input is null && frontEnd.Standardize,
                Statistics = Statistics,
                ClassNames = Input?.ClassNames ?? classes,
                RefuseOtherClasses = Refuses(classes),
                SkipBad = skipBad,
                Split = Split,
                Cache = Cache,
                Warn = Warn,
            };
        }
    }
}
