using Volley.Kernels;

namespace Volley.Data;

/// <summary>A random change of pictures. Pixels that come in another order than the picture's are put in place for it, and back in their order after it.</summary>
public abstract record PictureAugmentation : Augmentation
{
    /// <inheritdoc/>
    public sealed override void Apply(SampleBuffer sample, Rng random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Info.Image?.Places is not { } places)
        {
            Change(sample, random);
            return;
        }
        Order(sample, places, toPicture: true);
        Change(sample, random);
        Order(sample, places, toPicture: false);
    }

    /// <summary>Changes the picture in place, whose pixels lie as its <see cref="ImageLayout"/> says.</summary>
    /// <inheritdoc cref="Augmentation.Apply" path="/param"/>
    protected abstract void Change(SampleBuffer sample, Rng random);

    private static void Order(SampleBuffer sample, int[] places, bool toPicture)
    {
        Span<float> from = sample.Values, to = sample.OtherValues(sample.Steps);
        for (int frame = 0; frame < from.Length; frame += places.Length)
        {
            for (int i = 0; i < places.Length; i++)
            {
                if (toPicture)
                    to[frame + places[i]] = from[frame + i];
                else
                    to[frame + i] = from[frame + places[i]];
            }
        }
        sample.Swap(sample.Steps);
    }
}
