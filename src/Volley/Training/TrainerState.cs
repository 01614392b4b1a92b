using Volley.Nn;

namespace Volley.Training;

/// <summary>Where training stands, beside the tensors of model and optimiser.</summary>
public sealed class TrainerState
{
    /// <summary>The epoch that is being trained, from 0; the number of epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches of that epoch that are done.</summary>
    public int Batch { get; set; }

    /// <summary>True if early stopping ended the run.</summary>
    public bool Stopped { get; set; }

    /// <summary>Learning rate of the last step.</summary>
    public double Rate { get; set; }

    /// <summary>Sums over the batches of this epoch.</summary>
    public double LossSum { get; set; }

    public long Samples { get; set; }

    /// <summary>Labels that were counted: samples, or time steps where those have labels.</summary>
    public long Labels { get; set; }

    public long Correct { get; set; }

    public long Spikes { get; set; }

    public long NeuronSamples { get; set; }

    /// <summary>Sums over the steps of this epoch of each parameter's gradient norm, before clipping; empty at its start.</summary>
    public double[] GradientNorms { get; set; } = [];

    /// <summary>Steps in <see cref="GradientNorms"/>.</summary>
    public int GradientSteps { get; set; }

    /// <summary>The best validation accuracy so far, and where it was.</summary>
    public double BestAccuracy { get; set; } = -1;

    public double BestLoss { get; set; } = double.MaxValue;

    public int BestEpoch { get; set; } = -1;

    public int EpochsSinceBest { get; set; }

    public PlateauState Plateau { get; set; } = PlateauState.Start;

    /// <summary>The model at its best epoch; null before the first validation.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Snapshot? Best { get; set; }
}
