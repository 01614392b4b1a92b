using System.Text;

namespace Volley.Architecture.Tests;

/// <summary>How two texts differ, line by line.</summary>
internal static class Diff
{
    /// <summary>Lines that only <paramref name="before"/> has with "-", lines that only <paramref name="after"/> has with "+", in order; empty for equal texts.</summary>
    public static string Lines(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        // Common[i, j]: the longest common subsequence of the rests from i and j.
        var common = new int[before.Count + 1, after.Count + 1];
        for (int i = before.Count - 1; i >= 0; i--)
        {
            for (int j = after.Count - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var text = new StringBuilder();
        for (int i = 0, j = 0; i < before.Count || j < after.Count;)
        {
            if (i < before.Count && j < after.Count && before[i] == after[j])
                (i, j) = (i + 1, j + 1);
            else if (j == after.Count || (i < before.Count && common[i + 1, j] >= common[i, j + 1]))
                text.Append("- ").Append(before[i++]).Append('\n');
            else
                text.Append("+ ").Append(after[j++]).Append('\n');
        }
        return text.ToString();
    }
}
