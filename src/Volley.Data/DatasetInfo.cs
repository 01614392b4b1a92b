using Volley.Tensors;

namespace Volley.Data;

/// <summary>What the samples of a data set have in common.</summary>
/// <param name="Name">The name used in tables and file keys, like <c>mnist</c>.</param>
/// <param name="Kind">Spikes or values.</param>
/// <param name="Units">Input units of a time step: the elements of all its axes.</param>
/// <param name="MaxSteps">Time steps of the longest sample.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="ClassNames">One name a class, in label order.</param>
public sealed record DatasetInfo(string Name, SampleKind Kind, int Units, int MaxSteps, int Classes, IReadOnlyList<string> ClassNames)
{
    private readonly Shape _stepShape;

    /// <summary>The axes of a time step, [L, C] of a one-dimensional signal or [H, W, C] of an image; [Units] unless said otherwise. It says how samples,
    /// which stay row-major, are seen; batches are [B, T] and these axes.</summary>
    /// <exception cref="ArgumentException">It does not hold <see cref="Units"/> elements.</exception>
    public Shape StepShape
    {
        get => _stepShape.Rank == 0 ? Units : _stepShape;
        init
        {
            if (value.Rank is < 1 or > 3 || value.Count != Units)
                throw new ArgumentException($"The steps of '{Name}' have {Units} units; they cannot be of shape {value}.", nameof(value));
            _stepShape = value.Rank == 1 ? default : value;
        }
    }

    /// <summary>Whether every time step has a label of its own (<see cref="IDataset.ReadStepLabels"/>), and not the sample as a whole.</summary>
    public bool LabelsSteps { get; init; }

    /// <summary>Where the pixels lie, if the samples are pictures; null if they are none.</summary>
    public ImageLayout? Image { get; init; }
}
