using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Tests.Training;

public sealed class RateRegularizerTests : IDisposable
{
    private const int Batch = 3, Steps = 10, Neurons = 70;
    private static readonly int[] s_lengths = [10, 4, 7];
    private static readonly RateRegularizer s_regularizer = new(0.2f, 0.4f, 0.7f);

    private readonly Cpu _cpu = new();
    private readonly Arena _arena = new();

    public void Dispose()
    {
        _arena.Dispose();
        _cpu.Dispose();
    }

    /// <summary>Neuron n fires with probability n/N in the steps that count.</summary>
    private (double Penalty, float[] Gradient) Apply(int flip = -1)
    {
        var spikes = Spikes.In(_arena, new Shape(Batch, Steps, Neurons), s_lengths);
        spikes.Bits.Clear();
        var random = new Random(1);
        for (int i = 0; i < Batch * Steps * Neurons; i++)
        {
            bool fires = random.NextDouble() * Neurons < i % Neurons;
            if (Counts(i) && fires != (i == flip))
                spikes.Bits[i / Neurons * 2 + i % Neurons / 64] |= 1ul << (i % Neurons % 64);
        }
        var tape = new Tape(_cpu, _arena, training: true);
        tape.Observe("neurons", spikes);
        double penalty = s_regularizer.Apply(tape);
        return (penalty, spikes.Gradient!.Data.ToArray());
    }

    private static bool Counts(int i) => i / Neurons % Steps < s_lengths[i / Neurons / Steps];

    [Fact]
    public void ThePenaltyIsItsFormula()
    {
        var random = new Random(1);
        var counts = new int[Neurons];
        for (int i = 0; i < Batch * Steps * Neurons; i++)
        {
            bool fires = random.NextDouble() * Neurons < i % Neurons;
            if (Counts(i) && fires)
                counts[i % Neurons]++;
        }
        double[] rates = [.. counts.Select(count => count / 21.0)];
        double expected = 0.7f * rates.Sum(r => Math.Max(0, 0.2f - r) + Math.Max(0, r - 0.4f));
        Assert.Equal(expected, Apply().Penalty, 1e-5);
    }

    /// <summary>The penalty is linear between its bends, so one spike more or less changes it by exactly what the gradient says.</summary>
    [Fact]
    public void TheGradientIsWhatOneSpikeChanges()
    {
        (double penalty, float[] gradient) = Apply();
        int low = 0, high = 0;
        for (int i = 0; i < gradient.Length; i += 13)
        {
            if (!Counts(i))
                continue;
            (double flipped, float[] after) = Apply(flip: i);
            // Not where that spike crosses a bend.
            if (after[i] != gradient[i])
                continue;
            Assert.Equal(Math.Abs(flipped - penalty), Math.Abs(gradient[i]), 1e-6);
            low += gradient[i] < 0 ? 1 : 0;
            high += gradient[i] > 0 ? 1 : 0;
        }
        Assert.True(low > 5 && high > 5);
        Assert.Contains(gradient, g => g == 0);
    }

    [Fact]
    public void ItAddsToWhatOtherConsumersSay()
    {
        var spikes = Spikes.In(_arena, new Shape(1, 4, 3));
        spikes.Bits.Clear();
        var tape = new Tape(_cpu, _arena, training: true);
        tape.Observe("neurons", spikes);
        GradientTarget target = tape.Target(spikes);
        target.Span.Fill(2);
        target.Commit();
        Assert.Equal(3 * 0.2 * 0.7, s_regularizer.Apply(tape), 1e-6);
        Assert.All(spikes.Gradient!.Data.ToArray(), g => Assert.Equal(2 - 0.7f / 4, g, 1e-6f));
    }

    [Fact]
    public void ABatchWithoutStepsHasNoRates()
    {
        var spikes = Spikes.In(_arena, new Shape(1, 4, 3), [0]);
        spikes.Bits.Clear();
        var tape = new Tape(_cpu, _arena, training: true);
        tape.Observe("neurons", spikes);
        Assert.Equal(0, s_regularizer.Apply(tape));
    }
}
