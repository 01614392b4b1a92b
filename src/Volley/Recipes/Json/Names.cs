namespace Volley.Recipes.Json;

/// <summary>Names in error messages: the nearest known one, and hostile ones made harmless.</summary>
internal static class Names
{
    private const int MaxShown = 60;

    /// <summary>Like <c>; did you mean 'epochs'?</c>, or the list of all names where none is near.</summary>
    public static string Suggest(string name, IReadOnlyList<string> known)
    {
        string? nearest = Nearest(name, known);
        if (nearest is not null)
            return $"; did you mean '{nearest}'?";
        return known.Count == 0 ? "; nothing is known here." : $"; known here: {string.Join(", ", known)}.";
    }

    /// <summary>The known name with the fewest edits, or null where the best needs more than a third of its letters changed.</summary>
    public static string? Nearest(string name, IReadOnlyList<string> known)
    {
        string? best = null;
        int fewest = int.MaxValue;
        foreach (string candidate in known)
        {
            int edits = Edits(Bare(name), Bare(candidate));
            if (edits < fewest && edits <= Math.Max(1, candidate.Length / 3))
                (best, fewest) = (candidate, edits);
        }
        return best;
    }

    /// <summary>The text without control characters and of bounded length.</summary>
    public static string Shown(string text)
    {
        string cut = text.Length <= MaxShown ? text : text[..MaxShown] + "…";
        return string.Concat(cut.Select(character => char.IsControl(character) ? '\uFFFD' : character));
    }

    // Casing and hyphens are not worth an edit: learningRate, learning_rate and learning-rate are one name.
    private static string Bare(string name) =>
        string.Concat(name.Take(MaxShown).Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Edits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
