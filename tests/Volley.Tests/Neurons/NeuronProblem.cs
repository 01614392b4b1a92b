using Volley.Kernels.Neurons;

namespace Volley.Tests.Neurons;

/// <summary>Everything one run of the driver is given.</summary>
public sealed record NeuronProblem
{
    public required NeuronKernel Kernel { get; init; }

    public required NeuronCall Call { get; init; }

    /// <summary>[B, T, N].</summary>
    public required float[] X { get; init; }

    /// <summary>[P, N].</summary>
    public required float[] Parameters { get; init; }

    /// <summary>[B, S, N].</summary>
    public required float[] Initial { get; init; }

    /// <summary>[B, T, N].</summary>
    public required float[] DOutput { get; init; }

    /// <summary>[B, S, N].</summary>
    public required float[] DFinal { get; init; }

    public int[] Lengths { get; init; } = [];

    public ISurrogate Surrogate { get; init; } = new ATan();

    /// <summary>What the gradients of the parameters are added to.</summary>
    public float DParametersBefore { get; init; }

    public int States => Kernel.States.Count;

    /// <summary>Parameters from U(0.3, 0.9), whatever they mean: decays, gains and thresholds are all at home there, and neurons fire.</summary>
    public static NeuronProblem Random(NeuronKernel kernel, int batch, int steps, int neurons, int seed = 1)
    {
        var random = new Random(seed);
        return new NeuronProblem
        {
            Kernel = kernel,
            Call = new NeuronCall(batch, steps, neurons),
            X = Uniform(batch * steps * neurons, -2, 4),
            Parameters = Uniform(kernel.Parameters.Count * neurons, 0.3, 0.9),
            Initial = Uniform(batch * kernel.States.Count * neurons, 0, 1),
            DOutput = Uniform(batch * steps * neurons, -1, 1),
            DFinal = Uniform(batch * kernel.States.Count * neurons, -1, 1),
        };

        float[] Uniform(int count, double low, double high) => [.. Enumerable.Range(0, count).Select(_ => (float)(low + (high - low) * random.NextDouble()))];
    }

    /// <summary>Steps <paramref name="start"/> … <paramref name="start"/> + <paramref name="steps"/> − 1 of every sample.</summary>
    public NeuronProblem Slice(int start, int steps, float[] initial, float[] dFinal) => this with
    {
        Call = Call with { Steps = steps },
        X = SliceSteps(X, start, steps),
        DOutput = SliceSteps(DOutput, start, steps),
        Initial = initial,
        DFinal = dFinal,
    };

    /// <summary>Sample <paramref name="b"/> alone.</summary>
    public NeuronProblem Sample(int b)
    {
        int state = States * Call.Neurons, signal = Call.Steps * Call.Neurons;
        return this with
        {
            Call = Call with { Batch = 1 },
            X = X[(b * signal)..((b + 1) * signal)],
            DOutput = DOutput[(b * signal)..((b + 1) * signal)],
            Initial = Initial[(b * state)..((b + 1) * state)],
            DFinal = DFinal[(b * state)..((b + 1) * state)],
            Lengths = Lengths.Length == 0 ? [] : [Lengths[b]],
        };
    }

    /// <summary>The same with <paramref name="garbage"/> in the input and in the gradient of the output behind every length.</summary>
    public NeuronProblem WithPadding(float garbage)
    {
        float[] x = [.. X], dOutput = [.. DOutput];
        for (int b = 0; b < Call.Batch; b++)
        {
            int first = (b * Call.Steps + Lengths[b]) * Call.Neurons, end = (b + 1) * Call.Steps * Call.Neurons;
            x.AsSpan(first..end).Fill(garbage);
            dOutput.AsSpan(first..end).Fill(garbage);
        }
        return this with { X = x, DOutput = dOutput };
    }

    /// <summary>The same with <paramref name="steps"/> more steps of padding.</summary>
    public NeuronProblem Longer(int steps) => this with
    {
        Call = Call with { Steps = Call.Steps + steps },
        X = Extended(X, steps),
        DOutput = Extended(DOutput, steps),
    };

    /// <summary>Rows of steps out of [B, T, N].</summary>
    public float[] SliceSteps(float[] signal, int start, int steps)
    {
        int n = Call.Neurons, all = signal.Length / (Call.Batch * n);
        return [.. Enumerable.Range(0, Call.Batch).SelectMany(b => signal[((b * all + start) * n)..((b * all + start + steps) * n)])];
    }

    private float[] Extended(float[] signal, int steps)
    {
        int row = Call.Steps * Call.Neurons;
        return [.. Enumerable.Range(0, Call.Batch).SelectMany(b => signal[(b * row)..((b + 1) * row)].Concat(Enumerable.Repeat(3f, steps * Call.Neurons)))];
    }
}
