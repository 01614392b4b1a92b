namespace Volley.Plots;

/// <summary>
/// Estimates how wide a text will be. The reader's font is unknown, so the estimate errs on the wide side (DejaVu Sans, the widest of the usual system fonts).
/// </summary>
internal static class TextMetrics
{
    public const double FontSize = 12;
    public const double LineHeight = 16;

    public static double Width(string text)
    {
        double em = 0;
        foreach (char c in text)
            em += Em(c);
        return em * FontSize;
    }

    public static string Shorten(string text, double width)
    {
        if (Width(text) <= width)
            return text;
        double left = width - FontSize;
        int end = 0;
        while (end < text.Length && (left -= Em(text[end]) * FontSize) >= 0)
            end++;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return string.Concat(text.AsSpan(0, end).TrimEnd(), "…");
    }

    private static double Em(char c) => c switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or '\u00A0' or '\u202F' => 0.34,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' or '⁻' => 0.42,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.97,
        >= 'A' and <= 'Z' => 0.72,
        >= '\u2E80' => 1,
        _ => 0.63,
    };
}
