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
        _ => null,
    };

    public static DatasetInfo Describe(DataRecipe recipe) => recipe switch
    {
        FsddRecipe r => Describe(Fsdd.Name, r.FrontEnd, ClassNames.Numbers(10)),
        SpeechCommandsRecipe r => Describe(SpeechCommands.Name, r.FrontEnd, ClassNames.Numbers(SpeechCommands.Words)),
        WavRecipe r => Describe(WavFolder.Name, r.FrontEnd, r.Classes ?? ClassNames.Numbers(AssumedClasses)),
        _ => throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here."),
    };

    /// <summary>What <see cref="Describe(DataRecipe)"/> only assumes; null for nothing.</summary>
    public static string? Assumed(DataRecipe recipe) => recipe switch
    {
        SpeechCommandsRecipe => $"the {SpeechCommands.Words} words of version 2",
        WavRecipe { Classes: null } => $"{AssumedClasses} classes",
        _ => null,
    };

    public static DatasetSplits Open(DataRecipe recipe, string folder, DiskCache? cache, Action<string>? warn, InputDescription? input)
    {
        var split = new SplitOptions(recipe.ValidFraction, (ulong)recipe.SplitSeed, recipe.Limit);
        AudioOptions Audio(FrontEndRecipe own, bool skipBad)
        {
            FrontEndRecipe frontEnd = input?.FrontEnd ?? own;
            // Standardisation comes after what is cached.
            string key = StrictJson.Write(new InputDescription(frontEnd with { Standardize = false }), RecipeJson.InputType);
            return new AudioOptions(FrontEnds.Create(frontEnd), key)
            {
                Recipe = frontEnd,
                Standardize = input is null && frontEnd.Standardize,
                Statistics = ChannelStatistics.Of(input),
                ClassNames = input?.ClassNames,
                RefuseOtherClasses = input?.ClassNames is not null,
                SkipBad = skipBad,
                Split = split,
                Cache = cache,
                Warn = warn,
            };
        }

        switch (recipe)
        {
            case FsddRecipe r:
                return Fsdd.Open(folder, Audio(r.FrontEnd, r.SkipBad) with { LeaveOut = r.LeaveOut });
            case SpeechCommandsRecipe r:
                return SpeechCommands.Open(folder, Audio(r.FrontEnd, r.SkipBad));
            case WavRecipe r:
                AudioOptions options = Audio(r.FrontEnd, r.SkipBad) with { LeaveOut = r.LeaveOut, TestFraction = r.TestFraction };
                return WavFolder.Open(folder, r.Pattern, options with { ClassNames = options.ClassNames ?? r.Classes });
            default:
                throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here.");
        }
    }

    private static DatasetInfo Describe(string name, FrontEndRecipe recipe, IReadOnlyList<string> classes)
    {
        FrontEnd frontEnd = FrontEnds.Create(recipe);
        return new DatasetInfo(name, frontEnd.Kind, frontEnd.Units, frontEnd.Steps(frontEnd.Rate), classes.Count, classes);
    }
}
