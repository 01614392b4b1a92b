using Volley.Recipes;

namespace Volley.Data;

/// <summary>The three parts of an experiment. What is chosen (epoch, hyper-parameter, threshold) is chosen on <paramref name="Valid"/>;
/// <paramref name="Test"/> is read once, at the end.</summary>
public sealed record DatasetSplits(IDataset Train, IDataset Valid, IDataset Test)
{
    /// <summary>What was done to the samples, with what was fitted to the training part; null where nothing was.</summary>
    public InputDescription? Input { get; init; }
}
