using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Testing;

namespace Volley.Tests.Neurons;

/// <summary>Neurons run once more are the neurons that ran: against what the driver keeps for its backward pass.</summary>
public class NeuronReplayTests
{
    private static readonly int[] s_lengths = [9, 0, 4];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (NeuronKernel kernel in NeuronRegistry.All)
        {
            foreach (int neurons in new[] { 1, 17, 515 })
                cases.Add(kernel.ToString(), neurons);
        }
        return cases;
    }

    /// <summary>Counted by hand from the equations of each model.</summary>
    [Fact]
    public void MultiplicationsAreThoseOfTheEquations()
    {
        Assert.Equal(3, new LifKernel().Multiplications);                           // β·V, g·x, θ·z
        Assert.Equal(2, new LifKernel(Reset.None).Multiplications);
        Assert.Equal(6, new AdLifKernel().Multiplications);                         // α·V, (1 − α)·(x − W), β·W, a·u, b·z, θ·z
        Assert.Equal(2, new LeakyIntegratorKernel().Multiplications);               // β·V, (1 − β)·x
        Assert.All(NeuronRegistry.All, kernel => Assert.InRange(kernel.Multiplications, 0, 20));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StatesAndChangesAreThoseOfTheDriver(string name, int neurons)
    {
        NeuronKernel kernel = NeuronRegistry.All.First(kernel => kernel.ToString() == name);
        NeuronProblem problem = NeuronProblem.Random(kernel, 3, 9, neurons) with { Lengths = s_lengths };
        problem = problem with { Call = problem.Call with { Segment = 1, FiresAtThreshold = neurons == 17 } };
        NeuronCall call = problem.Call;
        int states = kernel.States.Count, row = states * neurons;

        float[] replayed = TestCpus.SameBits(cpu => Replay(cpu, problem));
        Span<float> before = replayed.AsSpan(0, 3 * 9 * row), distances = replayed.AsSpan(before.Length, 3 * 9 * neurons), changes = replayed.AsSpan(before.Length + distances.Length);

        using var one = new Cpu(1);
        NeuronResult driver = NeuronResult.OfDriver(one, problem);
        float[] signal = driver.Signal(problem);
        for (int i = 0; i < distances.Length; i++)
        {
            if (!kernel.Spiking || i / neurons % 9 >= s_lengths[i / neurons / 9])
                Assert.Equal(signal[i], distances[i]);
            else
                Assert.Equal(signal[i] != 0, call.FiresAtThreshold ? distances[i] >= 0 : distances[i] > 0);
        }
        for (int state = 0; state < states; state++)
        {
            for (int b = 0; b < 3; b++)
                Assert.Equal(Changed(driver, b, state), changes[state * 3 + b]);
        }

        // From the state before a step, given back by the driver, one lane at a time.
        for (int b = 0; b < 3; b++)
        {
            for (int t = 0; t < s_lengths[b]; t++)
            {
                NeuronProblem step = problem.Sample(b).Slice(t, 1, driver.Saved[((b * 9 + t) * row)..((b * 9 + t + 1) * row)], new float[row]) with { Lengths = [] };
                var charged = new float[row];
                NeuronReplay.States(one, kernel, step.X, step.Parameters, step.Initial, charged, new float[neurons], step.Call);
                Assert.Equal(charged, before.Slice((b * 9 + t) * row, row).ToArray());
            }
        }

        // Steps but the first at which the state that the driver saved is another one than a step before.
        int Changed(NeuronResult run, int b, int state)
        {
            int changed = 0;
            for (int t = 1; t < s_lengths[b]; t++)
            {
                for (int n = 0; n < neurons; n++)
                {
                    int at = state * neurons + n;
                    float after = t + 1 < s_lengths[b] ? run.Saved[(b * 9 + t + 1) * row + at] : run.Final[b * row + at];
                    changed += after != run.Saved[(b * 9 + t) * row + at] ? 1 : 0;
                }
            }
            return changed;
        }
    }

    /// <summary>States, distances, and the changes of every state.</summary>
    private static float[] Replay(Cpu cpu, NeuronProblem problem)
    {
        NeuronCall call = problem.Call;
        using var states = new GuardedBuffer<float>(call.Batch * call.Steps * problem.States * call.Neurons, false);
        using var distances = new GuardedBuffer<float>(problem.X.Length, false);
        states.Span.Fill(float.NaN);
        distances.Span.Fill(float.NaN);
        NeuronReplay.States(cpu, problem.Kernel, problem.X, problem.Parameters, problem.Initial, states.Span, distances.Span, call, problem.Lengths);
        var changes = new long[call.Batch];
        var all = new List<float>([.. states.Span, .. distances.Span]);
        for (int state = 0; state < problem.States; state++)
        {
            NeuronReplay.Changes(cpu, problem.Kernel, problem.X, problem.Parameters, problem.Initial, state, changes, call, problem.Lengths);
            all.AddRange(changes.Select(change => (float)change));
        }
        return [.. all];
    }

    [Fact]
    public void WhatComesOfALifByHand()
    {
        // u = 0.5·V + x, θ = 1, subtracted: charged to 0.75, 1.375 (fires, 0.375 is left), 0.1875.
        float[] x = [0.75f, 1, 0], states = new float[3], distances = new float[3];
        using var cpu = new Cpu(1);
        var call = new NeuronCall(1, 3, 1);
        NeuronReplay.States(cpu, new LifKernel(), x, [0.5f, 1, 1], [], states, distances, call);
        Assert.Equal([0.75f, 1.375f, 0.1875f], states);
        Assert.Equal([-0.25f, 0.375f, -0.8125f], distances);
        NeuronReplay.States(cpu, new LifKernel(), x, [0.5f, 1, 1], [], states, distances, call, default, [2], [0.25f]);
        Assert.Equal([1.75f, 2.625f, 1.0625f], states);
    }

    [Fact]
    public void ASilentMembraneDoesNotChange()
    {
        var changes = new long[1];
        using var cpu = new Cpu(1);
        NeuronReplay.Changes(cpu, new LifKernel(), [0, 0, 0.25f, 0, 0], [1, 1, 1], [], 0, changes, new NeuronCall(1, 5, 1));
        Assert.Equal(1, changes[0]);
    }
}
