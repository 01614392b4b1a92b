namespace Volley.Data.Tests;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("{class}/{*}.wav", "yes/a.wav", "yes", null, null)]
    [InlineData("{class}/{*}.wav", "yes/a.b.WAV", "yes", null, null)]
    [InlineData("{class}/{*}.wav", "Ja, bitte/ä ö.wav", "Ja, bitte", null, null)]
    [InlineData("{class}_{speaker}_{*}.wav", "no_ann_2_b.wav", "no", "ann", null)]
    [InlineData("{class}_{speaker}_{*}.wav", "0_george_0.wav", "0", "george", null)]
    [InlineData("{speaker}/{class}-{*}.wav", "ann/no-way-1.wav", "no", "ann", null)]
    [InlineData("{part}/{class}/{*}.wav", "train/no/1.wav", "no", null, "train")]
    [InlineData("{*}/{*}/{class}.csv", "a/b/c.csv", "c", null, null)]
    [InlineData("{class}.{*}.(x)", "a.b.(x)", "a", null, null)]
    [InlineData("{class}/{*}", "a/b", "a", null, null)]
    public void A_path_says_what_it_is(string pattern, string path, string label, string? speaker, string? part) =>
        Assert.Equal(new PathMatch(label, speaker, part), new PathPattern(pattern).Match(path));

    [Theory]
    [InlineData("{class}/{*}.wav", "a.wav")]
    [InlineData("{class}/{*}.wav", "a/b/c.wav")]
    [InlineData("{class}/{*}.wav", "a/.wav")]
    [InlineData("{class}/{*}.wav", "a/b.wave")]
    [InlineData("{class}/{*}.wav", "a/b.wav\n")]
    [InlineData("{class}/{*}.wav", "a/._b.wav")]
    [InlineData("{class}/{*}.wav", ".git/b.wav")]
    [InlineData("{class}/{*}.wav", "/b.wav")]
    [InlineData("{class}/{*}.wav", "")]
    [InlineData("{class}_{speaker}_{*}.wav", "a_b.wav")]
    [InlineData("{class}.{*}.x", "aab.x")]
    public void Other_paths_do_not_match(string pattern, string path) => Assert.Null(new PathPattern(pattern).Match(path));

    [Theory]
    [InlineData("", "it must be a path below the folder")]
    [InlineData("/{class}.wav", "it must be a path below the folder")]
    [InlineData("../{class}.wav", "it must be a path below the folder")]
    [InlineData("{class}//a.wav", "it must be a path below the folder")]
    [InlineData("{class}\\{*}.wav", "write / between folders")]
    [InlineData("{*}.wav", "it needs a {class}")]
    [InlineData("{class}/{class}.wav", "{class} is there twice")]
    [InlineData("{class}/{clas}.wav", "{clas} is unknown; known here: {class}, {speaker}, {part}, {*}")]
    [InlineData("{class}{*}.wav", "something must stand between {*} and the placeholder before it")]
    [InlineData("{class}/{*.wav", "the brace at '{*.wav' has no partner")]
    [InlineData("{class}/*}.wav", "the brace at '}.wav' has no partner")]
    public void A_bad_pattern_is_one_sentence(string pattern, string expected)
    {
        string message = Assert.Throws<ArgumentException>(() => new PathPattern(pattern)).Message;
        Assert.StartsWith($"The pattern '{pattern}' cannot be used: ", message);
        Assert.Contains(expected, message);
    }

    /// <summary>A pattern and a name that make a backtracking matcher try for years.</summary>
    [Fact]
    public void No_name_takes_long()
    {
        var pattern = new PathPattern("{class}/" + string.Concat(Enumerable.Repeat("{*}a", 30)) + "b.wav");
        Assert.Null(pattern.Match("x/" + new string('a', 250) + ".wav"));
    }
}
