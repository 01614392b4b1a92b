using System.Globalization;

namespace Volley.Data;

internal static class ClassNames
{
    public static string[] Numbers(int classes) =>
        [.. Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
}
