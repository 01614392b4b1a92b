using Xunit.Sdk;

namespace Volley.Tests.Neurons;

/// <summary>Comparisons of runs.</summary>
internal static class SameBits
{
    /// <summary>Fails unless every buffer of the two results holds the same bits.</summary>
    public static void Check(NeuronResult expected, NeuronResult actual, string what)
    {
        if (!expected.Bits.AsSpan().SequenceEqual(actual.Bits))
            throw new XunitException($"{what}: the spikes differ.");
        Check(expected.Output, actual.Output, $"{what}: outputs");
        Check(expected.Saved, actual.Saved, $"{what}: saved states");
        Check(expected.Final, actual.Final, $"{what}: final state");
        Check(expected.DX, actual.DX, $"{what}: dX");
        Check(expected.DParameters, actual.DParameters, $"{what}: dParameters");
        Check(expected.DState, actual.DState, $"{what}: dState");
    }

    /// <summary>Fails unless the floats are the same bits.</summary>
    public static void Check(float[] expected, float[] actual, string what)
    {
        if (expected.Length != actual.Length)
            throw new XunitException($"{what}: {actual.Length} elements, not {expected.Length}.");
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                throw new XunitException($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
        }
    }

    /// <summary>Fails unless the floats agree to <paramref name="tolerance"/>, relative to the largest of them (or to 1).</summary>
    public static void CheckClose(float[] expected, float[] actual, double tolerance, string what)
    {
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - (double)actual[i]) <= tolerance * scale))
                throw new XunitException($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
        }
    }
}
