using System.Text;
using Volley.Cli.Runs;
using Volley.Cli.Runs.TensorBoard;

namespace Volley.Cli.Tests;

/// <summary>What <c>train --tensorboard</c> writes is what the metrics say, in the format that TensorBoard reads.</summary>
public sealed class TensorBoardTests
{
    [Theory]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("", 0u)]
    public void The_checksum_is_the_known_one(string text, uint crc) => Assert.Equal(crc, TfRecord.Crc32C(Encoding.ASCII.GetBytes(text)));

    /// <summary>RFC 3720, B.4.</summary>
    [Fact]
    public void The_checksum_is_that_of_iscsi()
    {
        Assert.Equal(0x8A9136AAu, TfRecord.Crc32C(new byte[32]));
        Assert.Equal(0x62A8AB43u, TfRecord.Crc32C(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, TfRecord.Crc32C(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
    }

    [Fact]
    public void Every_epoch_is_an_event_with_its_numbers()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run", "--tensorboard")).Succeeds();
        List<EventReader.Entry> events = EventReader.Read(Assert.Single(Files(place)));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.All(events, e => Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - e.WallTime, -5, 3600));
        Assert.DoesNotContain(events, e => e.Restarts);
        Same(EpochMetrics.Read(place["run/metrics.jsonl"]), events[1..]);
    }

    [Fact]
    public void A_resumed_run_goes_on_in_a_new_file_that_voids_what_is_done_again()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run", "--tensorboard", "--set", "training.epochs=3")).Succeeds();
        // As if killed while the third epoch was written: its line and its checkpoint are not there, its event is torn.
        string first = Assert.Single(Files(place));
        byte[] whole = File.ReadAllBytes(first);
        File.WriteAllBytes(first, whole[..^10]);
        Assert.Equal(2, EventReader.Read(first)[^1].Step);
        foreach (string file in Directory.GetFiles(place["run"]).Where(f => !f.Contains("tfevents", StringComparison.Ordinal)))
            File.Delete(file);
        using var other = new Place();
        ToolRun.With(new CancellationToken(canceled: true), other.Tiny("run", "--set", "training.epochs=3"));
        foreach (string file in Directory.GetFiles(other["run"]))
            File.Copy(file, Path.Combine(place["run"], Path.GetFileName(file)));

        ToolRun.Of("train", "--resume", "--out", place["run"]).Succeeds();
        string[] files = Files(place);
        Assert.Equal(2, files.Length);
        Assert.Equal(first, files[0]);
        Assert.Equal(whole[..^10], File.ReadAllBytes(first));
        List<EventReader.Entry> events = EventReader.Read(files[1]);
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.True(events[1].Restarts);
        Assert.Equal(1, events[1].Step);
        Same(EpochMetrics.Read(place["run/metrics.jsonl"]), events[2..]);
    }

    [Fact]
    public void Without_the_option_there_is_no_such_file()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run")).Succeeds();
        Assert.Empty(Files(place));
    }

    /// <summary>A file that is watched shows each epoch as it ends, and two files begun in the same second do not meet.</summary>
    [Fact]
    public void An_epoch_is_there_as_soon_as_it_is_written()
    {
        using var place = new Place();
        var epoch = new EpochMetrics(1, 0.5, 0.25, null, null, 1e-3, 2, 0.125, true, null);
        using (var file = new TensorBoardFile(place.Root, 0, TimeProvider.System))
        {
            file.Append(epoch);
            Assert.Equal(0.5f, EventReader.Read(Directory.GetFiles(place.Root)[0])[^1].Scalars["train/loss"]);
            Assert.DoesNotContain("valid/loss", EventReader.Read(Directory.GetFiles(place.Root)[0])[^1].Scalars.Keys);
        }
        using (var next = new TensorBoardFile(place.Root, 1, TimeProvider.System))
            next.Append(epoch with { Epoch = 2 });
        string last = Directory.GetFiles(place.Root).Order(StringComparer.Ordinal).Last();
        Assert.Equal([0L, 2, 2], EventReader.Read(last).Select(e => e.Step));
    }

    private static string[] Files(Place place) => [.. Directory.GetFiles(place["run"], "events.out.tfevents.*").Order(StringComparer.Ordinal)];

    private static void Same(IReadOnlyList<EpochMetrics> epochs, List<EventReader.Entry> events)
    {
        Assert.NotEmpty(epochs);
        Assert.Equal(epochs.Select(e => (long)e.Epoch), events.Select(e => e.Step));
        foreach ((EpochMetrics epoch, EventReader.Entry entry) in epochs.Zip(events))
        {
            Assert.Equal(new SortedDictionary<string, float>
            {
                ["train/loss"] = (float)epoch.TrainLoss,
                ["train/accuracy"] = (float)epoch.TrainAccuracy,
                ["train/learning_rate"] = (float)epoch.Rate,
                ["train/spikes_per_neuron"] = (float)epoch.SpikesPerNeuron,
                ["train/seconds"] = (float)epoch.Seconds,
                ["valid/loss"] = (float)epoch.ValidLoss!,
                ["valid/accuracy"] = (float)epoch.ValidAccuracy!,
            }, new SortedDictionary<string, float>(entry.Scalars));
        }
    }
}
