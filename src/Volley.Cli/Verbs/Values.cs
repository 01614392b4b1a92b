using System.CommandLine;
using System.Globalization;
using Volley.Recipes.Json;

namespace Volley.Cli.Verbs;

/// <summary>Options as numbers, read here so that what is wrong is one sentence of ours.</summary>
internal static class Values
{
    /// <summary>The option's whole number; null where it was not given.</summary>
    public static int? WholeNumber(this ParseResult parsed, Option<string?> option, int min, int max)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return WholeNumber(text, option.Name, min, max);
    }

    /// <summary>The option's list of different whole numbers; null where it was not given.</summary>
    public static IReadOnlyList<int>? WholeNumbers(this ParseResult parsed, Option<string?> option, int min, int max)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        int[] numbers = [.. text.Split(',').Select(part => WholeNumber(part.Trim(), option.Name, min, max))];
        if (numbers.Distinct().Count() < numbers.Length)
            throw new UsageException($"{option.Name} is {Names.Shown(text)}: a number is there twice.");
        return numbers;
    }

    /// <summary>The option's number of seconds.</summary>
    public static TimeSpan Seconds(this ParseResult parsed, Option<string?> option, double otherwise)
    {
        if (parsed.GetValue(option) is not { } text)
            return TimeSpan.FromSeconds(otherwise);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{option.Name} is '{Names.Shown(text)}'; expected a number of seconds.");
    }

    /// <summary>Threads to run on: all cores unless told otherwise.</summary>
    public static int Threads(this ParseResult parsed, Option<string?> option) => parsed.WholeNumber(option, 1, 1024) ?? Environment.ProcessorCount;

    private static int WholeNumber(string text, string name, int min, int max)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            return number;
        string range = max == int.MaxValue ? $"of at least {min}" : $"from {min} to {max}";
        throw new UsageException($"{name} is '{Names.Shown(text)}'; expected a whole number {range}.");
    }
}
