using Volley.Serialization;

namespace Volley.Cli.Runs;

/// <summary>The files of a run. The folder holds a run once <c>recipe.json</c> is there, and a finished one once <c>result.json</c> is.</summary>
internal sealed class RunFolder(string path)
{
    public string Path { get; } = path;

    /// <summary>The recipe as it is run: every member, one seed.</summary>
    public string Recipe => In("recipe.json");

    /// <summary>Where the data are and what they are, to resume and to evaluate with the same.</summary>
    public string Data => In("data.json");

    public string Environment => In("environment.json");

    public string Metrics => In("metrics.jsonl");

    public string Model => In("model.safetensors");

    /// <summary>Confusion, firing rates and rasters of the test samples.</summary>
    public string Activity => In("activity.json");

    /// <summary>The page of the run, or of all its seeds together.</summary>
    public string Report => In("report.html");

    public string Result => In("result.json");

    /// <summary>The seeds of a folder that holds a run for each in a folder of its own.</summary>
    public string Seeds => In("seeds.json");

    public string Summary => In("summary.json");

    public bool HoldsRun => File.Exists(Recipe);

    public bool HoldsSeeds => File.Exists(Seeds);

    public bool IsFinished => File.Exists(Result);

    public CheckpointStore Checkpoints => new(Path);

    /// <summary>The folder for one of several seeds, or for one fold of it.</summary>
    public RunFolder For(int seed, string? fold) => new(In(fold is null ? $"seed-{seed}" : $"seed-{seed}-{fold}"));

    /// <summary>The fold that this folder is for, by its name; nothing where it is for a whole recipe.</summary>
    public string Fold(int seed)
    {
        string name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path))), whole = $"seed-{seed}-";
        return name.StartsWith(whole, StringComparison.Ordinal) ? name[whole.Length..] : "";
    }

    /// <summary>The runs that are in a folder: itself, or those of its seeds that have begun.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IReadOnlyList<RunFolder> Runs(string path)
    {
        var folder = new RunFolder(path);
        if (!folder.HoldsRun)
            throw new UsageException($"'{path}' holds no run: there is no recipe.json in it.");
        if (!folder.HoldsSeeds)
            return [folder];
        RunFolder[] runs = [.. SeedRuns.All(folder).Where(own => own.HoldsRun)];
        return runs.Length > 0 ? runs : throw new UsageException($"'{path}' holds no run yet: none of its seeds has begun.");
    }

    /// <summary>Refuses a folder that a new run may not be written into.</summary>
    /// <exception cref="UsageException">It holds a run already.</exception>
    public void RequireNew()
    {
        if (HoldsRun || HoldsSeeds || File.Exists(Metrics) || File.Exists(Model) || Checkpoints.Any)
            throw new UsageException($"'{Path}' holds a run already; go on with it by --resume, or choose another folder by --out.");
    }

    /// <summary>Makes the folder for a new run.</summary>
    /// <exception cref="UsageException">It holds a run already.</exception>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    public void Create()
    {
        RequireNew();
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot make the folder '{Path}' for the run: {failure.Message.TrimEnd('.')}; choose another one by --out.", failure);
        }
    }

    /// <summary>Keeps other processes from training into this folder until disposed; the lock ends with the process.</summary>
    public IDisposable Lock()
    {
        string file = In("run.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"Cannot write into the folder '{Path}'; choose another one by --out, or change its permissions.", failure);
        }
        catch (IOException failure) when (File.Exists(file))
        {
            throw new IOException($"Another process is training into '{Path}'; wait for it, or choose another folder by --out.", failure);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
