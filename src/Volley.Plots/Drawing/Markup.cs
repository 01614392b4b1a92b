using System.Text;

namespace Volley.Plots;

/// <summary>Text from outside, made harmless for XML and HTML.</summary>
public static class Markup
{
    /// <summary>
    /// Escapes &amp;, &lt;, &gt; and both quotes, so that the text is safe as content and as a quoted attribute. What XML 1.0 cannot hold
    /// (control characters, lone surrogates) becomes U+FFFD, and so do the marks that turn the reading direction: a name must not reorder its neighbours.
    /// </summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var escaped = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case '\'': escaped.Append("&#39;"); break;
                case '\t' or '\n' or '\r': escaped.Append(c); break;
                default:
                    if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                        escaped.Append(c).Append(text[++i]);
                    else
                        escaped.Append(IsPlain(c) ? c : '\uFFFD');
                    break;
            }
        }
        return escaped.ToString();
    }

    private static bool IsPlain(char c) =>
        !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF') && c is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
