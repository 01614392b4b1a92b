using Volley.Kernels;

namespace Volley.Data;

/// <summary>Splits that keep together what belongs together.</summary>
internal static class GroupSplits
{
    /// <summary>Whole groups (speakers, persons) that are held out: drawn by the seed until they have <see cref="SplitOptions.ValidFraction"/> of the samples or more; at
    /// least one stays.</summary>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="options">How much, and the seed.</param>
    /// <param name="oneOnly">What is said of a set of one group only.</param>
    /// <exception cref="InvalidDataException">There is only one group.</exception>
    public static HashSet<int> HeldOut(int[] groups, SplitOptions options, string oneOnly)
    {
        if (!(options.ValidFraction >= 0 && options.ValidFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.ValidFraction, $"ValidFraction is {options.ValidFraction}; expected 0 ≤ fraction < 1.");
        int[] known = [.. groups.Distinct().Order()];
        var held = new HashSet<int>();
        if (options.ValidFraction == 0)
            return held;
        if (known.Length < 2)
            throw new InvalidDataException(oneOnly);
        var order = new int[known.Length];
        new Rng(options.Seed).Fork("volley.data.valid").Permutation(order);
        int samples = 0;
        foreach (int group in order.Take(known.Length - 1).Select(i => known[i]))
        {
            if (samples >= options.ValidFraction * groups.Length)
                break;
            held.Add(group);
            samples += groups.Count(g => g == group);
        }
        return held;
    }
}
