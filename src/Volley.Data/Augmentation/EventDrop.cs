using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Takes spikes away (EventDrop, Gu et al. 2021).</summary>
/// <param name="Rate">Probability of losing a spike, or the share of steps or channels that are emptied: above 0 and at most 1. For
/// <see cref="DropBy.Any"/> the largest share, which is uniform in 0 … Rate.</param>
/// <param name="By">Single spikes, those of a window of neighbouring steps or channels, or one of these or nothing, each as likely.</param>
public sealed record EventDrop(double Rate, DropBy By = DropBy.Spikes) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("rate", Rate, 1) ?? Ranges.NotSpikes(info, "time-mask or channel-mask");

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        (DropBy by, double rate) = (By, Rate);
        if (by == DropBy.Any)
        {
            by = random.Below(4, 0) switch { 0 => DropBy.Spikes, 1 => DropBy.Time, 2 => DropBy.Channels, _ => DropBy.Any };
            rate = Rate * random.Uniform(2);
        }
        switch (by)
        {
            case DropBy.Time:
                (int step, int steps) = Window(sample.Steps);
                sample.Bits.Slice(step * sample.WordsPerStep, steps * sample.WordsPerStep).Clear();
                break;
            case DropBy.Channels:
                (int unit, int units) = Window(sample.Info.Units);
                BitRows.ClearUnits(sample.Bits, sample.WordsPerStep, unit, units);
                break;
            case DropBy.Spikes:
                BitRows.Drop(sample.Cpu, random, sample.Bits, rate);
                break;
        }

        (int Start, int Width) Window(int length)
        {
            int width = (int)Math.Round(rate * length);
            return (random.Below(length - width + 1, 2), width);
        }
    }
}
