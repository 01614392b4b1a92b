namespace Volley.Data;

/// <summary>The checks every data set shares, with one wording.</summary>
internal static class Check
{
    public static void Index(IDataset dataset, int index)
    {
        if ((uint)index >= (uint)dataset.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"'{dataset.Info.Name}' has samples 0 … {dataset.Count - 1}.");
    }

    public static void Kind(IDataset dataset, SampleKind asked)
    {
        if (dataset.Info.Kind != asked)
        {
            throw new InvalidOperationException(
                $"The samples of '{dataset.Info.Name}' are {Word(dataset.Info.Kind)}, not {Word(asked)}: call Read{dataset.Info.Kind}.");
        }
    }

    public static void Destination(IDataset dataset, int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"{name} has {length} elements; this sample of '{dataset.Info.Name}' needs exactly {expected}.", name);
    }

    public static void Positive(int value, string name)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected at least 1.");
    }

    private static string Word(SampleKind kind) => kind == SampleKind.Spikes ? "spikes" : "values";
}
