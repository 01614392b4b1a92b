using Volley.Recipes;

namespace Volley.Data;

/// <summary>Recipes whose samples are recordings of event cameras.</summary>
internal static class EventRecipes
{
    public static string Files(DataRecipe recipe) => recipe switch
    {
        NMnistRecipe => NMnist.Files,
        Cifar10DvsRecipe => Cifar10Dvs.Files,
        _ => DvsGesture.Files,
    };

    public static DataRecipe? SkippingBad(DataRecipe recipe) => recipe switch
    {
        NMnistRecipe r => r with { SkipBad = true },
        Cifar10DvsRecipe r => r with { SkipBad = true },
        DvsGestureRecipe r => r with { SkipBad = true },
        _ => null,
    };

    public static DatasetInfo Describe(DataRecipe recipe) => recipe switch
    {
        NMnistRecipe => EventFrames.Describe(NMnist.Name, ClassNames.Numbers(NMnist.Classes), Options(recipe)),
        Cifar10DvsRecipe => EventFrames.Describe(Cifar10Dvs.Name, Cifar10Dvs.Classes, Options(recipe)),
        _ => EventFrames.Describe(DvsGesture.Name, DvsGesture.Classes, Options(recipe)),
    };

    public static DatasetSplits Open(DataRecipe recipe, string folder, SplitOptions split, Action<string>? warn)
    {
        EventFrameOptions options = Options(recipe) with { Split = split, Warn = warn };
        return recipe switch
        {
            NMnistRecipe => NMnist.Open(folder, options),
            Cifar10DvsRecipe => Cifar10Dvs.Open(folder, options),
            _ => DvsGesture.Open(folder, options),
        };
    }

    private static EventFrameOptions Options(DataRecipe recipe) => recipe switch
    {
        NMnistRecipe r => new() { Steps = r.Steps, By = r.By, Bin = r.Bin, Size = r.Size, As = r.As, SkipBad = r.SkipBad },
        Cifar10DvsRecipe r => new() { Steps = r.Steps, By = r.By, Bin = r.Bin, Size = r.Size, As = r.As, SkipBad = r.SkipBad },
        DvsGestureRecipe r => new() { Steps = r.Steps, By = r.By, Bin = r.Bin, Size = r.Size, As = r.As, SkipBad = r.SkipBad },
        _ => throw new NotSupportedException($"The data set {recipe.GetType().Name} is not known here."),
    };
}
