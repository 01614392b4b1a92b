using Volley.Recipes;

namespace Volley.Data;

/// <summary>Makes augmentations of what recipes say about them.</summary>
public static class Augmentations
{
    /// <summary>The augmentations of single samples of a recipe, in its order.</summary>
    /// <param name="recipes">What <c>training.augment</c> holds; null for none.</param>
    /// <param name="info">The samples that they will change.</param>
    /// <exception cref="ArgumentException">One does not fit the samples; the message says which and why.</exception>
    public static IReadOnlyList<Augmentation> Create(IReadOnlyList<AugmentationRecipe>? recipes, DatasetInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        Augmentation[] all = [.. (recipes ?? []).Where(recipe => recipe is not BatchMixRecipe).Select(Create)];
        Check(all, info);
        return all;
    }

    /// <summary>The mixture of samples of a recipe; null for none.</summary>
    /// <param name="recipes">What <c>training.augment</c> holds; null for nothing.</param>
    /// <param name="info">The samples that are mixed.</param>
    /// <exception cref="ArgumentException">It does not fit the samples; the message says why.</exception>
    public static BatchMix? CreateMix(IReadOnlyList<AugmentationRecipe>? recipes, DatasetInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        BatchMix? mix = (recipes ?? []).OfType<BatchMixRecipe>().SingleOrDefault() switch
        {
            null => null,
            MixupRecipe r => new Mixup(r.Alpha) { Probability = r.P },
            CutmixRecipe r => new Cutmix(r.Alpha) { Probability = r.P },
            MixupOrCutmixRecipe r => new MixupOrCutmix(r.MixupAlpha, r.CutmixAlpha) { Probability = r.P },
            var r => throw new NotSupportedException($"The augmentation {r.GetType().Name} is not known here."),
        };
        Check(mix, info);
        return mix;
    }

    /// <summary>Refuses options out of range and what does not fit the samples.</summary>
    internal static void Check(BatchMix? mix, DatasetInfo info)
    {
        if (mix is not null && (Ranges.Problem("probability", mix.Probability, 1) ?? mix.Problem(info)) is { } problem)
            throw new ArgumentException($"{mix.GetType().Name} does not fit '{info.Name}': {problem}.", nameof(mix));
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
            RandomCropRecipe r => new RandomCrop(r.Padding),
            HorizontalFlipRecipe => new HorizontalFlip(),
            TrivialAugmentRecipe => new TrivialAugment(),
            RandomErasingRecipe r => new RandomErasing(r.Area[0], r.Area[1], r.Ratio[0], r.Ratio[1]),
            _ => throw new NotSupportedException($"The augmentation {recipe.GetType().Name} is not known here."),
        };
        return one with { Probability = recipe.P };
    }
}
