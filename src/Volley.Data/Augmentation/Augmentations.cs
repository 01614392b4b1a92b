using Volley.Recipes;

namespace Volley.Data;

/// <summary>Makes augmentations of what recipes say about them.</summary>
public static class Augmentations
{
    /// <summary>The augmentations of a recipe, in its order.</summary>
    /// <param name="recipes">What <c>training.augment</c> holds; null for none.</param>
    /// <param name="info">The samples that they will change.</param>
    /// <exception cref="ArgumentException">One does not fit the samples; the message says which and why.</exception>
    public static IReadOnlyList<Augmentation> Create(IReadOnlyList<AugmentationRecipe>? recipes, DatasetInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        Augmentation[] all = [.. (recipes ?? []).Select(Create)];
        Check(all, info);
        return all;
    }

    /// <summary>Refuses options out of range and what does not fit the samples.</summary>
    internal static void Check(IReadOnlyList<Augmentation> augmentations, DatasetInfo info)
    {
        for (int i = 0; i < augmentations.Count; i++)
        {
            Augmentation one = augmentations[i] ?? throw new ArgumentException($"augment[{i}] is null.", nameof(augmentations));
            if ((Ranges.Problem("probability", one.Probability, 1) ?? one.Problem(info)) is { } problem)
                throw new ArgumentException($"augment[{i}] ({one.GetType().Name}) does not fit '{info.Name}': {problem}.", nameof(augmentations));
        }
    }

    private static Augmentation Create(AugmentationRecipe recipe)
    {
        Augmentation one = recipe switch
        {
            ChannelShiftRecipe r => new ChannelShift(r.Most, r.Fill),
            TimeShiftRecipe r => new TimeShift(r.Most, r.Fill),
            TimeStretchRecipe r => new TimeStretch(r.Most),
            EventDropRecipe r => new EventDrop(r.Rate, r.By),
            TimeMaskRecipe r => new TimeMask(r.Width, r.Count, r.Part, r.Fill),
            ChannelMaskRecipe r => new ChannelMask(r.Width, r.Count, r.Fill),
            NoiseRecipe r => new Noise(r.Sd),
            SpikeNoiseRecipe r => new SpikeNoise(r.Rate),
            GainRecipe r => new Gain(r.Most),
            SpectralTiltRecipe r => new SpectralTilt(r.Most, r.Order),
            SpectralWarpRecipe r => new SpectralWarp(r.Most, r.Knee),
            _ => throw new NotSupportedException($"The augmentation {recipe.GetType().Name} is not known here."),
        };
        return one with { Probability = recipe.P };
    }
}
