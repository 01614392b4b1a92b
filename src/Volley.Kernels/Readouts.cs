using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>From the sequence y of an output layer to one score a class.</summary>
/// <remarks>
/// sequence, dSequence: [batch, steps, classes]; lengths: [batch], the steps of each sample that count, or empty for all; scores, dScores: [batch, classes].
/// Forward writes the scores; backward writes the gradient of the sequence, 0 in the padding, which is never read. A sample of length 0 scores 0.
/// Every sum is one chain of float additions from 0 over the steps in order, so a stream that adds step by step gets the same bits.
/// Every method throws ArgumentException when a span has not the length that the sizes ask for or a length is not within 0 … steps.
/// </remarks>
public static unsafe class Readouts
{
    /// <summary>scores = Σ_t softmax(y_t), a sum, not a mean (Hammouamri et al. 2024; sparch).</summary>
    /// <remarks>A stream starts at 0 and does, at every step, <see cref="SoftmaxRow"/> and then score + probability for each class.</remarks>
    public static void SumSoftmaxForward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes) =>
        Forward<SumSoftmaxReadout>(cpu, sequence, lengths, scores, batch, steps, classes);

    /// <summary>dy_t = p_t ⊙ (g − ⟨p_t, g⟩), with p_t = softmax(y_t) computed again and g = dScores.</summary>
    public static void SumSoftmaxBackward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence,
        int batch, int steps, int classes)
    {
        Check.Length(sequence, (long)batch * steps * classes, nameof(sequence));
        Backward<SumSoftmaxReadout>(cpu, sequence, lengths, dScores, dSequence, batch, steps, classes);
    }

    /// <summary>scores = Σ_t y_t / length.</summary>
    /// <remarks>A stream keeps the sum, from 0, and divides it by the number of steps so far when asked for its scores.</remarks>
    public static void MeanForward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes) =>
        Forward<MeanReadout>(cpu, sequence, lengths, scores, batch, steps, classes);

    /// <summary>dy_t = dScores / length. <paramref name="sequence"/> is not read and may be empty.</summary>
    public static void MeanBackward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence,
        int batch, int steps, int classes) => Backward<MeanReadout>(cpu, sequence, lengths, dScores, dSequence, batch, steps, classes);

    /// <summary>scores = max_t y_t; NaN if one is NaN.</summary>
    /// <remarks>A stream takes the first step as it is and then MathF.Max(score, y).</remarks>
    public static void MaxForward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes) =>
        Forward<MaxReadout>(cpu, sequence, lengths, scores, batch, steps, classes);

    /// <summary>The first step that holds the maximum gets dScores, all others 0.</summary>
    public static void MaxBackward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence,
        int batch, int steps, int classes)
    {
        Check.Length(sequence, (long)batch * steps * classes, nameof(sequence));
        Backward<MaxReadout>(cpu, sequence, lengths, dScores, dSequence, batch, steps, classes);
    }

    /// <summary>scores = y of the last step that counts.</summary>
    /// <remarks>A stream's scores are its last output.</remarks>
    public static void LastForward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes) =>
        Forward<LastReadout>(cpu, sequence, lengths, scores, batch, steps, classes);

    /// <summary>The last step that counts gets dScores, all others 0. <paramref name="sequence"/> is not read and may be empty.</summary>
    public static void LastBackward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence,
        int batch, int steps, int classes) => Backward<LastReadout>(cpu, sequence, lengths, dScores, dSequence, batch, steps, classes);

    /// <summary>scores = Σ_t y_t: the spike count of a spiking output layer.</summary>
    /// <remarks>A stream starts at 0 and adds.</remarks>
    public static void SumForward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes) =>
        Forward<SumReadout>(cpu, sequence, lengths, scores, batch, steps, classes);

    /// <summary>dy_t = dScores. <paramref name="sequence"/> is not read and may be empty.</summary>
    public static void SumBackward(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence,
        int batch, int steps, int classes) => Backward<SumReadout>(cpu, sequence, lengths, dScores, dSequence, batch, steps, classes);

    /// <summary>probabilities = softmax(y), both [classes], one may be the other: what a stream adds to its scores at every step,
    /// bit for bit the term of <see cref="SumSoftmaxForward"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SoftmaxRow(ReadOnlySpan<float> y, Span<float> probabilities)
    {
        Check.Length(probabilities, y.Length, nameof(probabilities));
        y.CopyTo(probabilities);
        fixed (float* p = probabilities)
            Softmax.Apply<F32>(p, probabilities.Length);
    }

    private static void Forward<TReadout>(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes)
        where TReadout : struct, IReadout
    {
        Check.Length(sequence, (long)batch * steps * classes, nameof(sequence));
        Check.Length(scores, (long)batch * classes, nameof(scores));
        Lengths.Check(lengths, batch, steps);
        fixed (float* y = sequence, s = scores)
        fixed (int* n = lengths)
        {
            var body = new ReadoutSweep<TReadout>(cpu, backward: false, y, n, s, null, batch, steps, classes);
            cpu.Dispatch(ref body);
        }
    }

    private static void Backward<TReadout>(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence,
        int batch, int steps, int classes)
        where TReadout : struct, IReadout
    {
        Check.LengthOrEmpty(sequence, (long)batch * steps * classes, nameof(sequence));
        Check.Length(dScores, (long)batch * classes, nameof(dScores));
        Check.Length(dSequence, (long)batch * steps * classes, nameof(dSequence));
        Lengths.Check(lengths, batch, steps);
        fixed (float* y = sequence, ds = dScores, dy = dSequence)
        fixed (int* n = lengths)
        {
            var body = new ReadoutSweep<TReadout>(cpu, backward: true, y, n, ds, dy, batch, steps, classes);
            cpu.Dispatch(ref body);
        }
    }
}
