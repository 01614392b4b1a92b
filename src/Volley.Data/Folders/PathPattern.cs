using System.Text;
using System.Text.RegularExpressions;

namespace Volley.Data;

/// <summary>What the path of a recording says about it: a pattern such as <c>{class}/{*}.wav</c> or <c>{class}_{speaker}_{*}.wav</c>.</summary>
/// <remarks>
/// A pattern is a relative path with <c>/</c> between its segments, on every system. <c>{class}</c> must be there once, <c>{speaker}</c> and
/// <c>{part}</c> may be there once, <c>{*}</c> any number of times. Each stands for at least one character of one segment. Where several
/// readings fit, the placeholder that stands further left takes as few characters as it can: <c>{class}_{speaker}_{*}.wav</c> reads
/// <c>no_ann_2_b.wav</c> as class <c>no</c>, speaker <c>ann</c>, and <c>2_b</c>. All else is literal; its case does not matter. Names that begin
/// with a dot match nothing.
/// </remarks>
public sealed class PathPattern
{
    private static readonly string[] Names = ["class", "speaker", "part", "*"];

    private readonly Regex[] _segments;

    /// <exception cref="ArgumentException">It is no such pattern; one sentence says why.</exception>
    public PathPattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Text = pattern;
        if (pattern.Contains('\\', StringComparison.Ordinal))
            throw Bad("write / between folders, on Windows too");
        string[] segments = pattern.Split('/');
        if (segments.Any(segment => segment.Length == 0 || segment is "." or ".."))
            throw Bad("it must be a path below the folder, without empty parts, '.' and '..'");
        var seen = new List<string>();
        _segments = [.. segments.Select(segment => Compile(segment, seen))];
        if (!seen.Contains("class"))
            throw Bad("it needs a {class}, which says what a recording is");
        HasSpeaker = seen.Contains("speaker");
        HasPart = seen.Contains("part");
    }

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether it has a <c>{speaker}</c>.</summary>
    public bool HasSpeaker { get; }

    /// <summary>Whether it has a <c>{part}</c>.</summary>
    public bool HasPart { get; }

    /// <summary>Segments of a path that matches.</summary>
    public int Depth => _segments.Length;

    /// <summary>What a path says.</summary>
    /// <param name="path">Relative, with <c>/</c>.</param>
    /// <returns>Null where it does not match.</returns>
    public PathMatch? Match(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] names = path.Split('/');
        if (names.Length != _segments.Length)
            return null;
        string? label = null, speaker = null, part = null;
        for (int i = 0; i < names.Length; i++)
        {
            System.Text.RegularExpressions.Match match = _segments[i].Match(names[i]);
            if (!match.Success || names[i][0] == '.')
                return null;
            label ??= Value(match, "class");
            speaker ??= Value(match, "speaker");
            part ??= Value(match, "part");
        }
        return new PathMatch(label!, speaker, part);
    }

    /// <summary>Whether a name fits the segment at a depth, so that folders that lead nowhere need not be entered.</summary>
    internal bool Fits(int depth, string name) => name.Length > 0 && name[0] != '.' && _segments[depth].IsMatch(name);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private Regex Compile(string segment, List<string> seen)
    {
        var expression = new StringBuilder("^");
        bool afterPlaceholder = false;
        for (int at = 0; at < segment.Length;)
        {
            int open = segment.IndexOfAny(['{', '}'], at);
            if (open != at)
            {
                int end = open < 0 ? segment.Length : open;
                expression.Append(Regex.Escape(segment[at..end]));
                (at, afterPlaceholder) = (end, false);
                continue;
            }
            int close = segment[at] == '{' ? segment.IndexOf('}', at) : -1;
            if (close < 0)
                throw Bad($"the brace at '{segment[at..]}' has no partner");
            string name = segment[(at + 1)..close];
            if (!Names.Contains(name))
                throw Bad($"{{{name}}} is unknown; known here: {{class}}, {{speaker}}, {{part}}, {{*}}");
            if (afterPlaceholder)
                throw Bad($"something must stand between {{{name}}} and the placeholder before it, or nobody knows where one ends");
            if (name != "*" && seen.Contains(name))
                throw Bad($"{{{name}}} is there twice");
            seen.Add(name);
            expression.Append(name == "*" ? "(?:.+?)" : $"(?<{name}>.+?)");
            (at, afterPlaceholder) = (close + 1, true);
        }
        // \z and not $, which lets a line break follow; linear time, whatever names somebody thinks up.
        return new Regex(expression.Append("\\z").ToString(),
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline);
    }

    private static string? Value(System.Text.RegularExpressions.Match match, string name) =>
        match.Groups[name] is { Success: true } group ? group.Value : null;

    private ArgumentException Bad(string why) => new($"The pattern '{Text}' cannot be used: {why}.");
}

/// <summary>What the path of a recording says.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Speaker">Who speaks; null where the pattern has no <c>{speaker}</c>.</param>
/// <param name="Part">Of which part it is; null where the pattern has no <c>{part}</c>.</param>
public sealed record PathMatch(string Class, string? Speaker, string? Part);
