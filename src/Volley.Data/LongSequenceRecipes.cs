using Volley.Recipes;

namespace Volley.Data;

/// <summary>The data sets of long sequences: those of the Long Range Arena, and what is generated beside them.</summary>
internal static class LongSequenceRecipes
{
    public static DatasetInfo Describe(DataRecipe recipe) => recipe switch
    {
        ListOpsRecipe r => new(ListOps.Name, SampleKind.Spikes, Options(r).Symbols, Options(r).MaxSteps, 10, ClassNames.Numbers(10)),
        TextRecipe r => new(Imdb.Name, SampleKind.Spikes, TextSymbols.Count(r.Alphabet), r.MaxLength, 2, Imdb.Classes),
        RetrievalRecipe r => new(AnthologyPairs.Name, SampleKind.Spikes, 2 * TextSymbols.Count(r.Alphabet), r.MaxLength, 2, AnthologyPairs.Classes),
        PathfinderRecipe r => new(Pathfinder.Name, SampleKind.Values, 1, r.Size * r.Size, 2, Pathfinder.Classes),
        PathsRecipe r => new(Paths.Name, SampleKind.Values, 1, r.Size * r.Size, 2, Pathfinder.Classes),
        _ => throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here."),
    };

    /// <summary>What is made where no folder is given; null where the recipe needs one.</summary>
    public static DatasetSplits? Generated(DataRecipe recipe, string? folder, DiskCache? cache) => recipe switch
    {
        ListOpsRecipe r when folder is null => ListOps.Generate(Options(r) with { Split = Split(r), Cache = cache }),
        ListOpsRecipe r => ListOps.Open(folder, Options(r) with { Split = Split(r), Cache = cache }),
        PathsRecipe r => Paths.Generate(new PathsOptions
        {
            Size = r.Size,
            Dashes = r.Dashes,
            Distractors = r.Distractors,
            Train = r.Train,
            Valid = r.Valid,
            Test = r.Test,
            Seed = (ulong)r.Seed,
            Split = Split(r),
            Cache = cache,
        }),
        _ => null,
    };

    public static DatasetSplits Open(DataRecipe recipe, string folder, DiskCache? cache, Action<string>? warn) => recipe switch
    {
        TextRecipe r => Imdb.Open(folder, new TextOptions { MaxLength = r.MaxLength, Alphabet = r.Alphabet, Split = Split(r), Cache = cache }),
        RetrievalRecipe r => AnthologyPairs.Open(folder, new TextOptions { MaxLength = r.MaxLength, Alphabet = r.Alphabet, Split = Split(r), Cache = cache }),
        PathfinderRecipe r => Pathfinder.Open(folder, new PathfinderOptions { Size = r.Size, Difficulty = r.Difficulty, Split = Split(r), Warn = warn }),
        _ => throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here."),
    };

    private static ListOpsOptions Options(ListOpsRecipe r) => new()
    {
        MinLength = r.MinLength,
        MaxLength = r.MaxLength,
        Brackets = r.Brackets,
        Train = r.Train,
        Valid = r.Valid,
        Test = r.Test,
        Seed = (ulong)r.Seed,
    };

    private static SplitOptions Split(DataRecipe recipe) => new(recipe.ValidFraction, (ulong)recipe.SplitSeed, recipe.Limit);
}
