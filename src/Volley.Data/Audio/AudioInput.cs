using Volley.Nn;
using Volley.Recipes;

namespace Volley.Data.Audio;

/// <summary>What stands between a microphone and a network, from what the network's file says: the rate, the front end, the standardisation.</summary>
/// <remarks>
/// <code>
/// Model model = ModelFile.Open("model.safetensors");
/// FrontEnd input = AudioInput.Of(model, rate: 16_000);
/// var network = new ModelStream(model, cpu, spikes: input.Kind == SampleKind.Spikes);
/// FrontEndStream stream = input.Open(mostSamples: 160_000);
/// </code>
/// The data sets that networks are trained on take the same stages in the same order, so a network sees the same bits.</remarks>
public static class AudioInput
{
    /// <summary>The front end of a model, standardised as in training.</summary>
    /// <param name="model">The model, opened from its file.</param>
    /// <param name="rate">Samples a second of the recordings; null for those of the front end.</param>
    /// <exception cref="ArgumentException">The model takes no audio, or not what its front end gives; one sentence.</exception>
    public static FrontEnd Of(Model model, int? rate = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Input is not { FrontEnd: not null } input)
            throw new ArgumentException($"The model {model.Name} does not say how audio becomes its input; train it on recordings, or set model.Input.", nameof(model));
        FrontEnd front = Of(input, rate);
        return front.Units == model.Units
            ? front
            : throw new ArgumentException($"The front end {input.FrontEnd.Name} gives {front.Units} units, but the model {model.Name} takes {model.Units}.", nameof(model));
    }

    /// <summary>The front end of a description, standardised as in training.</summary>
    /// <param name="input">The description.</param>
    /// <param name="rate">Samples a second of the recordings; null for those of the front end.</param>
    /// <exception cref="ArgumentException">There is no front end, or its members do not fit each other; one sentence.</exception>
    public static FrontEnd Of(InputDescription input, int? rate = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.FrontEnd is not { } recipe)
            throw new ArgumentException("The input description has no front end: sequences go in as they are.", nameof(input));
        FrontEnd front = FrontEnds.Create(recipe);
        if (ChannelStatistics.Of(input) is { } statistics)
            front = new StandardizedFrontEnd(front, statistics);
        return rate is null || rate == front.Rate ? front : new ResampledFrontEnd(front, rate.Value);
    }
}
