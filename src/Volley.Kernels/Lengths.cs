namespace Volley.Kernels;

/// <summary>The lengths of a padded batch: checks, and the length of one sample.</summary>
internal static unsafe class Lengths
{
    /// <summary>One length for each sample, each within 0 … steps; or none at all.</summary>
    /// <exception cref="ArgumentException">A length is not; the message names its index.</exception>
    public static void Check(ReadOnlySpan<int> lengths, int batch, int steps)
    {
        Kernels.Check.LengthOrEmpty(lengths, batch, nameof(lengths));
        for (int b = 0; b < lengths.Length; b++)
        {
            if ((uint)lengths[b] > (uint)steps)
                throw new ArgumentException($"lengths[{b}] is {lengths[b]}; it must be between 0 and the number of steps, {steps}.", nameof(lengths));
        }
    }

    /// <summary>Steps of that sample that count: all without lengths.</summary>
    public static int Of(int* lengths, int sample, int steps) => lengths is null ? steps : lengths[sample];
}
