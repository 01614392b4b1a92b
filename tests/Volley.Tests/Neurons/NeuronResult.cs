using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Testing;

namespace Volley.Tests.Neurons;

/// <summary>The thing under test: runs a problem forward and backward. <see cref="NeuronResult.OfDriver(Cpu, NeuronProblem)"/>, or something that gets it wrong.</summary>
public delegate NeuronResult NeuronRun(Cpu cpu, NeuronProblem problem);

/// <summary>Everything one run of the driver wrote.</summary>
public sealed record NeuronResult(ulong[] Bits, float[] Output, float[] Saved, float[] Final, float[] DX, float[] DParameters, float[] DState)
{
    /// <summary>The driver, every buffer ending at a page nobody may touch.</summary>
    public static NeuronResult OfDriver(Cpu cpu, NeuronProblem problem) => OfDriver(cpu, problem, guardBefore: false);

    /// <summary>The driver, every buffer between pages nobody may touch.</summary>
    public static NeuronResult OfDriver(Cpu cpu, NeuronProblem problem, bool guardBefore)
    {
        NeuronKernel kernel = problem.Kernel;
        NeuronCall call = problem.Call;
        int signal = call.Batch * call.Steps * call.Neurons, state = call.Batch * kernel.States.Count * call.Neurons;
        using var x = GuardedBuffer<float>.Of(problem.X, guardBefore);
        using var parameters = GuardedBuffer<float>.Of(problem.Parameters, guardBefore);
        using var initial = GuardedBuffer<float>.Of(problem.Initial, guardBefore);
        using var bits = new GuardedBuffer<ulong>(kernel.Spiking ? call.Batch * call.Steps * call.WordsPerRow : 0, guardBefore);
        using var output = new GuardedBuffer<float>(kernel.Spiking ? 0 : signal, guardBefore);
        using var saved = new GuardedBuffer<float>(call.Segments * state, guardBefore);
        using var final = new GuardedBuffer<float>(state, guardBefore);
        bits.Span.Fill(ulong.MaxValue);
        output.Span.Fill(float.NaN);
        NeuronDriver.Forward(cpu, kernel, x.Span, parameters.Span, initial.Span, bits.Span, output.Span, saved.Span, final.Span, call, problem.Lengths);

        using var dOutput = GuardedBuffer<float>.Of(problem.DOutput, guardBefore);
        using var dX = new GuardedBuffer<float>(signal, guardBefore);
        using var dParameters = new GuardedBuffer<float>(call.Batch * kernel.Parameters.Count * call.Neurons, guardBefore);
        using var dState = GuardedBuffer<float>.Of(problem.DFinal, guardBefore);
        dX.Span.Fill(float.NaN);
        dParameters.Span.Fill(problem.DParametersBefore);
        NeuronDriver.Backward(cpu, kernel, x.Span, parameters.Span, saved.Span, dOutput.Span, problem.Surrogate, dX.Span, dParameters.Span, dState.Span, call, problem.Lengths);
        return new NeuronResult(bits.Span.ToArray(), output.Span.ToArray(), saved.Span.ToArray(), final.Span.ToArray(),
            dX.Span.ToArray(), dParameters.Span.ToArray(), dState.Span.ToArray());
    }

    /// <summary>Every spike (or output) as a number, [B, T, N].</summary>
    public float[] Signal(NeuronProblem problem)
    {
        if (!problem.Kernel.Spiking)
            return Output;
        int neurons = problem.Call.Neurons, words = problem.Call.WordsPerRow;
        return [.. Enumerable.Range(0, problem.Call.Batch * problem.Call.Steps * neurons).Select(i => (float)(Bits[i / neurons * words + i % neurons / 64] >> i % neurons % 64 & 1))];
    }
}
