namespace Volley.Training;

/// <summary>How to train.</summary>
public sealed record TrainerOptions
{
    /// <summary>Epochs in all.</summary>
    public required int Epochs { get; init; }

    /// <summary>Learning rate, multiplied by the schedule.</summary>
    public required float Rate { get; init; }

    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Learning rates and schedules of groups of parameters (<see cref="Autograd.Parameter.Group"/>) that have their own.</summary>
    public IReadOnlyDictionary<string, GroupRate> Groups { get; init; } = new Dictionary<string, GroupRate>();

    public Loss Loss { get; init; } = new CrossEntropyLoss();

    /// <summary>Keeps firing rates in bounds; null for none.</summary>
    public RateRegularizer? RateRegularizer { get; init; }

    /// <summary>Gradients whose common norm is larger are scaled down to it; null for none.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>Truncated backpropagation through time: steps between cuts; 0 for none.</summary>
    public int Truncate { get; init; }

    /// <summary>Stop after this many epochs without a better validation accuracy; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Decides dropout and random initial states, together with epoch and batch.</summary>
    public ulong Seed { get; init; }
}

/// <summary>How a group of parameters is learned.</summary>
/// <param name="Rate">Learning rate, multiplied by the schedule.</param>
/// <param name="Schedule">How it changes.</param>
public sealed record GroupRate(float Rate, Schedule Schedule);
