using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A random change of training samples, drawn anew for every sample and epoch; validation and test samples stay as they are.</summary>
/// <param name="P">Probability that a sample is changed.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ChannelShiftRecipe), "channel-shift")]
[JsonDerivedType(typeof(TimeShiftRecipe), "time-shift")]
[JsonDerivedType(typeof(TimeStretchRecipe), "time-stretch")]
[JsonDerivedType(typeof(EventDropRecipe), "event-drop")]
[JsonDerivedType(typeof(TimeMaskRecipe), "time-mask")]
[JsonDerivedType(typeof(ChannelMaskRecipe), "channel-mask")]
[JsonDerivedType(typeof(NoiseRecipe), "noise")]
[JsonDerivedType(typeof(SpikeNoiseRecipe), "spike-noise")]
[JsonDerivedType(typeof(GainRecipe), "gain")]
[JsonDerivedType(typeof(SpectralTiltRecipe), "spectral-tilt")]
[JsonDerivedType(typeof(SpectralWarpRecipe), "spectral-warp")]
[JsonDerivedType(typeof(RandomCropRecipe), "random-crop")]
[JsonDerivedType(typeof(HorizontalFlipRecipe), "horizontal-flip")]
[JsonDerivedType(typeof(TrivialAugmentRecipe), "trivial-augment")]
[JsonDerivedType(typeof(RandomErasingRecipe), "random-erasing")]
[JsonDerivedType(typeof(MixupRecipe), "mixup")]
[JsonDerivedType(typeof(CutmixRecipe), "cutmix")]
[JsonDerivedType(typeof(MixupOrCutmixRecipe), "mixup-or-cutmix")]
public abstract record AugmentationRecipe([property: Limits(0, 1, AboveMin = true)] double P);

/// <summary>Moves all channels by the same whole number of channels, drawn uniformly from −<paramref name="Most"/> … <paramref name="Most"/>.</summary>
/// <param name="Most">Largest shift, channels.</param>
/// <param name="Fill">What vacated channels hold; spikes leave them silent.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record ChannelShiftRecipe([Limits(1, 1_000_000)] int Most = 5, Fill Fill = Fill.Zero, double P = 1) : AugmentationRecipe(P);

/// <summary>Moves a sample by a whole number of steps, drawn uniformly from −<paramref name="Most"/> … <paramref name="Most"/>; its length stays.</summary>
/// <param name="Most">Largest shift, steps.</param>
/// <param name="Fill">What vacated steps hold; spikes leave them silent.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record TimeShiftRecipe([Limits(1, 1_000_000)] int Most = 5, Fill Fill = Fill.Zero, double P = 1) : AugmentationRecipe(P);

/// <summary>Makes a sample longer or shorter by a factor drawn uniformly from 1 − <paramref name="Most"/> … 1 + <paramref name="Most"/>.</summary>
/// <param name="Most">Largest change of the factor.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record TimeStretchRecipe([Limits(0, 0.9, AboveMin = true)] double Most = 0.1, double P = 1) : AugmentationRecipe(P);

/// <summary>Takes spikes away (EventDrop, Gu et al. 2021).</summary>
/// <param name="Rate">Probability of losing a spike, or the part of the steps or channels that is emptied.</param>
/// <param name="By">What is dropped together.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record EventDropRecipe([Limits(0, 1, AboveMin = true)] double Rate = 0.1, DropBy By = DropBy.Spikes, double P = 1) : AugmentationRecipe(P);

/// <summary>Empties windows of steps of random width and place (SpecAugment, Park et al. 2019).</summary>
/// <param name="Width">Largest width, steps.</param>
/// <param name="Count">Windows.</param>
/// <param name="Part">Largest width as a part of the sample's steps.</param>
/// <param name="Fill">What masked steps hold; not the edge.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record TimeMaskRecipe(
    [Limits(1, 1_000_000)] int Width = 10,
    [Limits(1, 1000)] int Count = 1,
    [Limits(0, 1, AboveMin = true)] double Part = 1,
    Fill Fill = Fill.Zero,
    double P = 1) : AugmentationRecipe(P), IChecked
{
    string? IChecked.Problem() => Fill == Fill.Edge ? "'fill' of a mask cannot be 'edge'" : null;
}

/// <summary>Empties windows of neighbouring channels of random width and place (SpecAugment, Park et al. 2019).</summary>
/// <param name="Width">Largest width, channels.</param>
/// <param name="Count">Windows.</param>
/// <param name="Fill">What masked channels hold; not the edge.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record ChannelMaskRecipe(
    [Limits(1, 1_000_000)] int Width = 5,
    [Limits(1, 1000)] int Count = 1,
    Fill Fill = Fill.Zero,
    double P = 1) : AugmentationRecipe(P), IChecked
{
    string? IChecked.Problem() => Fill == Fill.Edge ? "'fill' of a mask cannot be 'edge'" : null;
}

/// <summary>Adds independent normal noise to every value.</summary>
/// <param name="Sd">Standard deviation, in the units of the values.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record NoiseRecipe([Limits(0, 1e6, AboveMin = true)] double Sd = 0.1, double P = 1) : AugmentationRecipe(P);

/// <summary>Adds spurious spikes.</summary>
/// <param name="Rate">Spurious spikes a channel and step.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record SpikeNoiseRecipe([Limits(0, 1, AboveMin = true)] double Rate = 0.001, double P = 1) : AugmentationRecipe(P);

/// <summary>Adds one number, drawn uniformly from −<paramref name="Most"/> … <paramref name="Most"/>, to all values of a sample.</summary>
/// <param name="Most">Largest offset, in the units of the values.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record GainRecipe([Limits(0, 1e6, AboveMin = true)] double Most = 0.5, double P = 1) : AugmentationRecipe(P);

/// <summary>Adds a smooth random curve over the channels, the same in all steps of a sample.</summary>
/// <param name="Most">Largest size of each of its cosines, in the units of the values.</param>
/// <param name="Order">Cosines, of half a turn, one turn, …; 1 is a tilt.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record SpectralTiltRecipe([Limits(0, 1e6, AboveMin = true)] double Most = 0.5, [Limits(1, 64)] int Order = 1, double P = 1) : AugmentationRecipe(P);

/// <summary>Stretches or squeezes the channel axis as vocal tracts of other lengths do (VTLP, Jaitly &amp; Hinton 2013), by a factor drawn uniformly
/// from 1 − <paramref name="Most"/> … 1 + <paramref name="Most"/>.</summary>
/// <param name="Most">Largest change of the factor.</param>
/// <param name="Knee">Part of the axis that is scaled; the rest makes up for it, so that the ends stay.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record SpectralWarpRecipe(
    [Limits(0, 0.9, AboveMin = true)] double Most = 0.1,
    [Limits(0, 1, AboveMin = true)] double Knee = 0.8,
    double P = 1) : AugmentationRecipe(P);

/// <summary>What stands where an augmentation empties a sample of values.</summary>
[JsonConverter(typeof(KebabEnumConverter<Fill>))]
public enum Fill
{
    /// <summary>0: the mean of values that were standardised.</summary>
    Zero,

    /// <summary>The mean of the sample's values.</summary>
    Mean,

    /// <summary>The least of the sample's values: silence, where values are energies.</summary>
    Least,

    /// <summary>The nearest step or channel that is left; shifts only.</summary>
    Edge,
}

/// <summary>Which spikes are dropped together.</summary>
[JsonConverter(typeof(KebabEnumConverter<DropBy>))]
public enum DropBy
{
    /// <summary>Each on its own.</summary>
    Spikes,

    /// <summary>Those of a window of neighbouring steps.</summary>
    Time,

    /// <summary>Those of a window of neighbouring channels.</summary>
    Channels,

    /// <summary>By one of these ways, or none of them, each as likely; the part is drawn up to the rate.</summary>
    Any,
}
