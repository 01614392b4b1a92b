namespace Volley.Serialization;

/// <summary>The checkpoints of one run folder: the newest and the one before it, so that a good one is always there.</summary>
public sealed class CheckpointStore(string folder)
{
    private bool _newestIsGood;

    /// <summary>The newest checkpoint.</summary>
    public string NewestPath { get; } = Path.Combine(folder, "checkpoint.safetensors");

    /// <summary>The one before it.</summary>
    public string PreviousPath { get; } = Path.Combine(folder, "checkpoint.previous.safetensors");

    /// <summary>Whether there is anything to resume from, good or not.</summary>
    public bool Any => File.Exists(NewestPath) || File.Exists(PreviousPath);

    /// <summary>Writes the newest checkpoint and keeps the last one as the previous. If this fails, both stay as they were.</summary>
    /// <exception cref="IOException">The disk is full, the folder is missing or read-only; one sentence with the file's name.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Save(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        // A damaged newest file must not push out a good previous one. What this store wrote itself need not be read back.
        bool keep = _newestIsGood || Try(NewestPath, out _, out _);
        checkpoint.Write(NewestPath, keep ? PreviousPath : null);
        _newestIsGood = true;
    }

    /// <summary>The newest checkpoint that is good.</summary>
    /// <returns>The checkpoint, and a sentence to show the user where it is not the newest.</returns>
    /// <exception cref="InvalidDataException">None is good; one sentence that says what is wrong with the newest.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public (Checkpoint Checkpoint, string? Warning) Load()
    {
        if (!Any)
            throw new FileNotFoundException($"There is no checkpoint in '{folder}'; start the run without resuming.", NewestPath);
        if (Try(NewestPath, out Checkpoint? newest, out string? newestProblem))
            return (newest!, null);
        if (Try(PreviousPath, out Checkpoint? previous, out string? previousProblem))
            return (previous!, $"The newest checkpoint cannot be used ({newestProblem}); going on from the one before it.");
        throw new InvalidDataException(
            $"No checkpoint in '{folder}' can be used: {newestProblem}; {previousProblem}. Start the run again in another folder.");
    }

    private static bool Try(string path, out Checkpoint? checkpoint, out string? problem)
    {
        checkpoint = null;
        problem = null;
        try
        {
            checkpoint = Checkpoint.Read(path);
            return true;
        }
        catch (FileNotFoundException)
        {
            problem = $"'{path}' is missing";
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            problem = failure.Message.TrimEnd('.');
        }
        return false;
    }
}
