using Volley.Serialization;

namespace Volley.Tests.Serialization;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CheckpointStore Store() => new(_folder.Path);

    private static Checkpoint Epoch(int epoch) =>
        new($"{{\"epoch\": {epoch}}}", [SafeTensor.Of("weight", [epoch * 1f, 2f]), SafeTensor.Of("step", [(long)epoch])]);

    [Fact]
    public void StateAndArraysComeBack()
    {
        string path = _folder.File("c");
        Epoch(3).Write(path);
        Checkpoint read = Checkpoint.Read(path);
        Assert.Equal("{\"epoch\": 3}", read.State);
        Assert.Equal([3f, 2f], read.Get("weight").Singles().ToArray());
        Assert.Equal([3L], read.Get("step").Longs().ToArray());
        Assert.Equal("The checkpoint has no array 'bias'; it belongs to another model or version.",
            Assert.Throws<InvalidDataException>(() => read.Get("bias")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{")]
    public void TheStateMustBeAnObject(string state) => Assert.Throws<ArgumentException>(() => new Checkpoint(state, []));

    [Fact]
    public void AModelFileIsNoCheckpoint()
    {
        string path = _folder.File("model.safetensors");
        new SafeTensorsFile(new Dictionary<string, string> { ["volley.model"] = "{}" }, [SafeTensor.Of("w", [1f])]).Write(path);
        Assert.Equal($"'{path}': this is not a checkpoint: it has no checked 'volley.checkpoint' object (at byte 8).",
            Assert.Throws<InvalidDataException>(() => Checkpoint.Read(path)).Message);
    }

    [Fact]
    public void TheStoreKeepsTwo()
    {
        CheckpointStore store = Store();
        Assert.False(store.Any);
        for (int epoch = 1; epoch <= 3; epoch++)
            store.Save(Epoch(epoch));
        Assert.True(store.Any);
        Assert.Equal(["checkpoint.previous.safetensors", "checkpoint.safetensors"], _folder.Names());
        Assert.Equal((3, null), Load());
        Assert.Equal("{\"epoch\": 2}", Checkpoint.Read(store.PreviousPath).State);
    }

    [Fact]
    public void ADamagedNewestFallsBackWithAWarningAndNeverReplacesTheGoodOne()
    {
        Store().Save(Epoch(1));
        Store().Save(Epoch(2));
        byte[] bytes = File.ReadAllBytes(Store().NewestPath);
        File.WriteAllBytes(Store().NewestPath, bytes[..^1]);

        (int epoch, string? warning) = Load();
        Assert.Equal(1, epoch);
        Assert.StartsWith($"The newest checkpoint cannot be used ('{Store().NewestPath}': ", warning, StringComparison.Ordinal);
        Assert.EndsWith("; going on from the one before it.", warning, StringComparison.Ordinal);

        Store().Save(Epoch(5));
        Assert.Equal((5, null), Load());
        Assert.Equal("{\"epoch\": 1}", Checkpoint.Read(Store().PreviousPath).State);
    }

    [Fact]
    public void AKillBetweenTheTwoRenamesLosesNothing()
    {
        Store().Save(Epoch(1));
        File.Move(Store().NewestPath, Store().PreviousPath);
        File.WriteAllText(Store().NewestPath + ".partial", "whatever was being written");
        (int epoch, string? warning) = Load();
        Assert.Equal(1, epoch);
        Assert.Contains("is missing", warning, StringComparison.Ordinal);
        Store().Save(Epoch(2));
        Assert.Equal((2, null), Load());
        Assert.Equal("{\"epoch\": 1}", Checkpoint.Read(Store().PreviousPath).State);
    }

    [Fact]
    public void AFailedSaveLeavesBothAsTheyWere()
    {
        if (!OperatingSystem.IsLinux())
            return;
        CheckpointStore store = Store();
        store.Save(Epoch(1));
        store.Save(Epoch(2));
        File.CreateSymbolicLink(store.NewestPath + ".partial", "/dev/full");
        Assert.Throws<IOException>(() => store.Save(Epoch(3)));
        Assert.Equal((2, null), Load());
        Assert.Equal("{\"epoch\": 1}", Checkpoint.Read(store.PreviousPath).State);
    }

    [Fact]
    public void NoneIsOneSentence()
    {
        Assert.Equal($"There is no checkpoint in '{_folder.Path}'; start the run without resuming.",
            Assert.Throws<FileNotFoundException>(() => Store().Load()).Message);
        File.WriteAllText(Store().NewestPath, "");
        Assert.Equal(
            $"No checkpoint in '{_folder.Path}' can be used: '{Store().NewestPath}': the file has 0 bytes, too few for a safetensors file (at byte 0); "
            + $"'{Store().PreviousPath}' is missing. Start the run again in another folder.",
            Assert.Throws<InvalidDataException>(() => Store().Load()).Message);
    }

    private (int Epoch, string? Warning) Load()
    {
        (Checkpoint checkpoint, string? warning) = Store().Load();
        return ((int)checkpoint.Get("step").Longs()[0], warning);
    }
}
