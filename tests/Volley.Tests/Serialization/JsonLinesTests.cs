using Volley.Serialization;

namespace Volley.Tests.Serialization;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string FilePath => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachLineIsInTheFileWhenAppendReturns()
    {
        using var writer = new JsonLinesWriter(FilePath);
        Append(writer, 1);
        Assert.Equal("{\"epoch\":1,\"text\":\"a\\nb\"}\n", ReadShared());
        Append(writer, 2);
        Assert.Equal(2, ReadShared().Count(character => character == '\n'));
    }

    [Fact]
    public void ReopeningAppends()
    {
        WriteEpochs(2);
        using (var writer = new JsonLinesWriter(FilePath))
            Append(writer, 3);
        Assert.Equal([1, 2, 3], Epochs());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(9, 4)]
    public void TruncateKeepsTheEpochsUpToTheCheckpoint(long last, int kept)
    {
        WriteEpochs(4);
        Assert.Equal(kept, JsonLines.TruncateAfter(FilePath, "epoch", last));
        Assert.Equal(kept, Epochs().Length);
    }

    [Fact]
    public void ATornLastLineIsDroppedAtEveryLength()
    {
        WriteEpochs(3);
        byte[] whole = File.ReadAllBytes(FilePath);
        int twoLines = whole.AsSpan().IndexOf((byte)'\n') * 2 + 2;
        for (int length = twoLines; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Equal([1, 2], Epochs());
            Assert.Equal(2, JsonLines.TruncateAfter(FilePath, "epoch", 3));
            Assert.Equal(whole[..twoLines], File.ReadAllBytes(FilePath));
        }
    }

    [Fact]
    public void NoFileIsNoLines() => Assert.Equal(0, JsonLines.TruncateAfter(FilePath, "epoch", 3));

    [Theory]
    [InlineData("{\"epoch\":1}\nnot json\n", "line 2 (at byte 12) is not a JSON object.")]
    [InlineData("{\"epoch\":1}\n[]\n", "line 2 (at byte 12) is not a JSON object.")]
    [InlineData("\n", "line 1 (at byte 0) is not a JSON object.")]
    [InlineData("{\"epoch\":1}\n{\"epoch\":\"2\"}\n", "line 2 (at byte 12) has no whole number 'epoch'.")]
    public void ACompleteBadLineIsNamed(string text, string problem)
    {
        File.WriteAllText(FilePath, text);
        var failure = Assert.Throws<InvalidDataException>(() => JsonLines.TruncateAfter(FilePath, "epoch", 5));
        Assert.Equal($"'{FilePath}': {problem}", failure.Message);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    private static void Append(JsonLinesWriter writer, int epoch) => writer.Append(json =>
    {
        json.WriteNumber("epoch", epoch);
        json.WriteString("text", "a\nb");
    });

    private void WriteEpochs(int count)
    {
        using var writer = new JsonLinesWriter(FilePath);
        for (int epoch = 1; epoch <= count; epoch++)
            Append(writer, epoch);
    }

    private int[] Epochs() => [.. JsonLines.Read(FilePath).Select(line => line.GetProperty("epoch").GetInt32())];

    private string ReadShared()
    {
        using var stream = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
