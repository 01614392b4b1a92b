using System.Globalization;

namespace Volley.Cli.Runs.TensorBoard;

/// <summary>The numbers of every epoch in a file that TensorBoard reads: <c>events.out.tfevents.*</c> in the folder of the run.</summary>
/// <remarks>
/// Each record is handed over in one write and is on the disk when it returns, so a kill tears at most the last one, which readers skip. A
/// process that goes on with a run begins a file of its own, whose name sorts behind the others.
/// </remarks>
internal sealed class TensorBoardFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";

    private readonly FileStream _stream;
    private readonly TimeProvider _clock;

    /// <param name="folder">The folder of the run.</param>
    /// <param name="epoch">The epochs that are done; what files of before say about later ones is void.</param>
    /// <param name="clock">For the times of the events and the name of the file; nothing that is learned depends on it.</param>
    public TensorBoardFile(string folder, int epoch, TimeProvider clock)
    {
        _clock = clock;
        long[] before = [.. Numbers(folder)];
        long number = Math.Max(clock.GetUtcNow().ToUnixTimeSeconds(), before.DefaultIfEmpty(0).Max() + 1);
        _stream = new FileStream(Path.Combine(folder, $"{Prefix}{number.ToString("D10", CultureInfo.InvariantCulture)}.volley"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Append(EventMessage.Version(Now));
        if (before.Length > 0)
            Append(EventMessage.Restart(Now, epoch + 1));
    }

    /// <summary>Whether a run writes such files: one that goes on, goes on with them.</summary>
    public static bool IsIn(string folder) => Numbers(folder).Any();

    /// <summary>Appends an epoch.</summary>
    public void Append(EpochMetrics epoch) => Append(EventMessage.Scalars(Now, epoch.Epoch, Scalars(epoch)));

    public void Dispose() => _stream.Dispose();

    private double Now => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1e3;

    private void Append(byte[] message)
    {
        _stream.Write(TfRecord.Frame(message));
        _stream.Flush(flushToDisk: true);
    }

    private static IEnumerable<(string Tag, double Value)> Scalars(EpochMetrics epoch)
    {
        yield return ("train/loss", epoch.TrainLoss);
        yield return ("train/accuracy", epoch.TrainAccuracy);
        yield return ("train/learning_rate", epoch.Rate);
        yield return ("train/spikes_per_neuron", epoch.SpikesPerNeuron);
        yield return ("train/seconds", epoch.Seconds);
        if (epoch.ValidLoss is { } loss)
            yield return ("valid/loss", loss);
        if (epoch.ValidAccuracy is { } accuracy)
            yield return ("valid/accuracy", accuracy);
    }

    /// <summary>When each file of the folder was begun, as its name says.</summary>
    private static IEnumerable<long> Numbers(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, Prefix + "*").Select(path => long.TryParse(Path.GetFileName(path)[Prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0)
        : [];
}
