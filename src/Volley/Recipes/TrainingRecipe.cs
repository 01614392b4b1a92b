using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>How a model is trained.</summary>
/// <param name="Epochs">Passes over the training samples.</param>
/// <param name="Batch">Samples a step.</param>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="Schedule">How its rate changes; null for constant.</param>
/// <param name="Loss">What is minimised; null for cross entropy.</param>
/// <param name="RateRegularizer">A penalty on silent and on overactive neurons; null for none.</param>
/// <param name="ClipNorm">The largest norm of the whole gradient; longer ones are scaled down. Null for no limit.</param>
/// <param name="EarlyStopping">When to stop before the last epoch; null for never.</param>
/// <param name="Truncate">Steps after which back-propagation through time is cut; null for never.</param>
/// <param name="Select">The epoch whose parameters are kept.</param>
/// <param name="Augment">Random changes of the training samples, in this order; null for none.</param>
/// <param name="Delays">A learning rate and a schedule of the delays' own; null to learn them with the weights, at the multiple that the model says.</param>
public sealed record TrainingRecipe(
    [Limits(1, 1_000_000)] int Epochs,
    [Limits(1, 1_000_000)] int Batch,
    OptimizerRecipe Optimizer,
    ScheduleRecipe? Schedule = null,
    LossRecipe? Loss = null,
    RateRegularizerRecipe? RateRegularizer = null,
    [Limits(0, 1e6, AboveMin = true)] double? ClipNorm = null,
    EarlyStoppingRecipe? EarlyStopping = null,
    [Limits(1, 1_000_000)] int? Truncate = null,
    Selection Select = Selection.Best,
    [Items(1, 64)] IReadOnlyList<AugmentationRecipe>? Augment = null,
    DelayTrainingRecipe? Delays = null) : IChecked
{
    /// <summary>How the rate changes.</summary>
    public ScheduleRecipe Schedule { get; init; } = Schedule ?? new ConstantScheduleRecipe();

    /// <summary>What is minimised.</summary>
    public LossRecipe Loss { get; init; } = Loss ?? new CrossEntropyRecipe();

    string? IChecked.Problem() => Augment is not null && Augment.SkipLast(1).Any(one => one is BatchMixRecipe)
        ? "only the last of 'augment' may mix samples" : null;
}

/// <summary>How delays are learned, if not with the weights.</summary>
/// <param name="Rate">Learning rate before the schedule.</param>
/// <param name="Schedule">How the rate changes; null for constant.</param>
public sealed record DelayTrainingRecipe(
    [Limits(0, 100, AboveMin = true)] double Rate,
    ScheduleRecipe? Schedule = null)
{
    /// <summary>How the rate changes.</summary>
    public ScheduleRecipe Schedule { get; init; } = Schedule ?? new ConstantScheduleRecipe();
}

/// <summary>weight · (Σ relu(low − r) + Σ relu(r − high)) over the firing rates r of all neurons, in spikes a step.</summary>
/// <param name="Low">Rates below this are penalised.</param>
/// <param name="High">Rates above this are penalised.</param>
/// <param name="Weight">The penalty's weight in the loss.</param>
public sealed record RateRegularizerRecipe(
    [Limits(0, 1)] double Low = 0.01,
    [Limits(0, 1)] double High = 0.5,
    [Limits(0, 1e6)] double Weight = 0.5) : IChecked
{
    string? IChecked.Problem() => High < Low ? "'high' is below 'low'" : null;
}

/// <summary>Stops when the validation accuracy has not risen for a while.</summary>
/// <param name="Patience">Epochs without a new best.</param>
public sealed record EarlyStoppingRecipe([Limits(1, 1_000_000)] int Patience);

/// <summary>The epoch whose parameters are kept.</summary>
[JsonConverter(typeof(KebabEnumConverter<Selection>))]
public enum Selection
{
    /// <summary>The one with the best validation accuracy.</summary>
    Best,

    /// <summary>The last one.</summary>
    Last,
}

/// <summary>An optimiser and its base rate.</summary>
/// <param name="Rate">Learning rate before the schedule.</param>
/// <param name="WeightDecay">Weight decay.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SgdRecipe), "sgd")]
[JsonDerivedType(typeof(AdamRecipe), "adam")]
[JsonDerivedType(typeof(AdamWRecipe), "adamw")]
public abstract record OptimizerRecipe(
    [property: Limits(0, 100, AboveMin = true)] double Rate,
    [property: Limits(0, 100)] double WeightDecay);

/// <summary>Stochastic gradient descent.</summary>
/// <param name="Rate">Learning rate before the schedule.</param>
/// <param name="Momentum">Momentum.</param>
/// <param name="WeightDecay">L2 term added to the gradient.</param>
public sealed record SgdRecipe(
    double Rate,
    [Limits(0, 1, BelowMax = true)] double Momentum = 0,
    double WeightDecay = 0) : OptimizerRecipe(Rate, WeightDecay);

/// <summary>Adam with the L2 term in the gradient.</summary>
/// <param name="Rate">Learning rate before the schedule.</param>
/// <param name="Betas">Decays of the first and second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">L2 term added to the gradient.</param>
public sealed record AdamRecipe(
    double Rate = 1e-3,
    [Items(2, 2)][Limits(0, 1, BelowMax = true)] IReadOnlyList<double>? Betas = null,
    [Limits(0, 1, AboveMin = true)] double Epsilon = 1e-8,
    double WeightDecay = 0) : OptimizerRecipe(Rate, WeightDecay)
{
    /// <summary>Decays of the first and second moment.</summary>
    public IReadOnlyList<double> Betas { get; init; } = Betas ?? [0.9, 0.999];
}

/// <summary>Adam with decoupled weight decay.</summary>
/// <param name="Rate">Learning rate before the schedule.</param>
/// <param name="Betas">Decays of the first and second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">Part of a weight that a step of rate 1 takes away.</param>
public sealed record AdamWRecipe(
    double Rate = 1e-3,
    [Items(2, 2)][Limits(0, 1, BelowMax = true)] IReadOnlyList<double>? Betas = null,
    [Limits(0, 1, AboveMin = true)] double Epsilon = 1e-8,
    double WeightDecay = 0.01) : OptimizerRecipe(Rate, WeightDecay)
{
    /// <summary>Decays of the first and second moment.</summary>
    public IReadOnlyList<double> Betas { get; init; } = Betas ?? [0.9, 0.999];
}
