namespace Volley.Training;

/// <summary>How far training has come.</summary>
/// <param name="Step">Optimiser steps taken, from 0.</param>
/// <param name="StepsPerEpoch">Steps in an epoch.</param>
/// <param name="Epochs">Epochs in all.</param>
public readonly record struct Progress(long Step, int StepsPerEpoch, int Epochs)
{
    public int Epoch => (int)(Step / Math.Max(StepsPerEpoch, 1));

    public long TotalSteps => (long)StepsPerEpoch * Epochs;
}

/// <summary>The learning rate over training, as a factor of the base rate. Lengths are fractions of the run, so another number of epochs rescales it.</summary>
public abstract record Schedule
{
    /// <summary>The factor for the next step.</summary>
    public abstract double Factor(Progress progress);

    /// <summary>The first momentum coefficient for the next step, if the schedule moves it.</summary>
    public virtual double? Momentum(Progress progress) => null;

    protected static double Cosine(double from, double to, double fraction) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(fraction, 0, 1)));
}

/// <summary>Always the base rate.</summary>
public sealed record ConstantSchedule : Schedule
{
    public override double Factor(Progress progress) => 1;
}

/// <summary>Multiplied by <paramref name="Multiplier"/> after every <paramref name="Every"/> of the run (0.3: after 30 %, 60 %, 90 %).</summary>
public sealed record StepSchedule(double Every, double Multiplier) : Schedule
{
    public override double Factor(Progress progress) => Math.Pow(Multiplier, Math.Floor(progress.Epoch / Math.Max(1e-9, Every * progress.Epochs) + 1e-9));
}

/// <summary>From 1 down to <paramref name="End"/> along half a cosine, by step or by epoch (CosineAnnealing with T_max = the run).</summary>
public sealed record CosineSchedule(double End = 0, bool PerEpoch = false) : Schedule
{
    public override double Factor(Progress progress) => PerEpoch
        ? Cosine(1, End, (double)progress.Epoch / progress.Epochs)
        : Cosine(1, End, (double)progress.Step / progress.TotalSteps);
}

/// <summary>A linear rise over <paramref name="Warmup"/> of the run (step/warm-up steps), then half a cosine down to 0: seeds.md 3.5.</summary>
public sealed record WarmupCosineSchedule(double Warmup, double End = 0) : Schedule
{
    public override double Factor(Progress progress)
    {
        double warm = Warmup * progress.TotalSteps;
        return progress.Step < warm ? progress.Step / warm : Cosine(1, End, (progress.Step - warm) / Math.Max(1, progress.TotalSteps - warm));
    }
}

/// <summary>One cycle (Smith 2018, PyTorch's defaults): from 1/25 of the base rate, which is the maximum, up along a cosine over 30 % of the run, then down to
/// 1/250,000; the momentum goes 0.95 → 0.85 → 0.95.</summary>
public sealed record OneCycleSchedule(double Rise = 0.3, double StartDivisor = 25, double EndDivisor = 1e4, bool PerEpoch = false, bool CycleMomentum = true) : Schedule
{
    public override double Factor(Progress progress) => Along(progress, 1 / StartDivisor, 1, 1 / (StartDivisor * EndDivisor));

    public override double? Momentum(Progress progress) => CycleMomentum ? Along(progress, 0.95, 0.85, 0.95) : null;

    private double Along(Progress progress, double start, double top, double end)
    {
        double total = PerEpoch ? progress.Epochs : progress.TotalSteps, at = PerEpoch ? progress.Epoch : progress.Step;
        double peak = Rise * total - 1, last = total - 1;
        return at <= peak ? Cosine(start, top, at / Math.Max(peak, 1e-9)) : Cosine(top, end, (at - peak) / Math.Max(last - peak, 1e-9));
    }
}

/// <summary>Multiplied by <paramref name="Multiplier"/> whenever the validation accuracy has not risen for more than <paramref name="Patience"/> epochs (sparch: 0.7, 1).</summary>
/// <remarks>What it has seen is a value, <see cref="PlateauState"/>, kept by the trainer and its checkpoints.</remarks>
public sealed record PlateauSchedule(double Multiplier = 0.7, int Patience = 1, double Least = 1e-6) : Schedule
{
    public override double Factor(Progress progress) => 1;

    /// <summary>The state after an epoch with this validation accuracy.</summary>
    public PlateauState Observe(PlateauState state, double accuracy)
    {
        if (accuracy > state.Best)
            return state with { Best = accuracy, Bad = 0 };
        return state.Bad + 1 > Patience
            ? state with { Bad = 0, Factor = Math.Max(Least, state.Factor * Multiplier) }
            : state with { Bad = state.Bad + 1 };
    }
}

/// <summary>What a <see cref="PlateauSchedule"/> has seen.</summary>
public readonly record struct PlateauState(double Best, int Bad, double Factor)
{
    public static PlateauState Start => new(double.NegativeInfinity, 0, 1);
}
