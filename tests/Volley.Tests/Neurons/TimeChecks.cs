using System.Runtime.InteropServices;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Xunit.Sdk;

namespace Volley.Tests.Neurons;

/// <summary>A sequence is the same however it is cut: into chunks, single steps, saved and restored, truncated, recomputed in segments of any length.</summary>
internal static class TimeChecks
{
    private static readonly int[] s_chunks = [5, 11, 8];
    private static readonly Cpu s_cpu = new();

    /// <summary>Chunks that hand their state on give the bits of the whole sequence; so do their gradients, handed back.</summary>
    public static void ChunksAgree(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, s_chunks.Sum(), 35);
        NeuronResult whole = run(s_cpu, problem);
        NeuronResult[] chunks = RunChunks(run, problem, s_chunks, carryGradient: true);
        CompareForward(problem, whole, s_chunks, chunks, $"{kernel}, chunks");
        CompareInputGradients(problem, whole, s_chunks, chunks, $"{kernel}, chunks");
        SameBits.Check(whole.DState, chunks[0].DState, $"{kernel}, chunks: dState");
        SameBits.CheckClose(whole.DParameters, Summed(chunks), 1e-4, $"{kernel}, chunks: dParameters");
    }

    /// <summary>Single steps of a single sample that hand their state on give the bits of the batch of sequences.</summary>
    public static void StreamAgrees(NeuronRun run, NeuronKernel kernel)
    {
        const int Steps = 24;
        NeuronProblem batch = NeuronProblem.Random(kernel, 3, Steps, 21);
        float[] signal = run(s_cpu, batch).Signal(batch);
        float[] final = run(s_cpu, batch).Final;
        for (int b = 0; b < 3; b++)
        {
            NeuronProblem sample = batch.Sample(b);
            int[] ones = [.. Enumerable.Repeat(1, Steps)];
            NeuronResult[] steps = RunChunks(run, sample, ones, carryGradient: false);
            float[] streamed = [.. steps.SelectMany(step => step.Signal(sample with { Call = sample.Call with { Steps = 1 } }))];
            SameBits.Check(signal[(b * Steps * 21)..((b + 1) * Steps * 21)], streamed, $"{kernel}, stream: output of sample {b}");
            SameBits.Check(final[(b * sample.Initial.Length)..((b + 1) * sample.Initial.Length)], steps[^1].Final, $"{kernel}, stream: final state of sample {b}");
        }
    }

    /// <summary>A state written out as bytes and read back continues as if nothing had happened.</summary>
    public static void StateSurvivesSaving(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, 20, 18);
        NeuronResult whole = run(s_cpu, problem);
        NeuronResult first = run(s_cpu, problem.Slice(0, 9, problem.Initial, problem.DFinal));
        byte[] file = MemoryMarshal.AsBytes(first.Final.AsSpan()).ToArray();
        var restored = new float[first.Final.Length];
        file.CopyTo(MemoryMarshal.AsBytes(restored.AsSpan()));
        run(s_cpu, problem); // something else in between
        SameBits.Check(whole.Final, run(s_cpu, problem.Slice(9, 11, restored, problem.DFinal)).Final, $"{kernel}, restored state");
    }

    /// <summary>Truncated backpropagation is backpropagation in chunks between which no gradient passes.</summary>
    public static void TruncationCutsTheGradient(NeuronRun run, NeuronKernel kernel)
    {
        int[] lengths = [7, 7, 7, 3];
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, 24, 21);
        NeuronResult truncated = run(s_cpu, problem with { Call = problem.Call with { Truncate = 7 } });
        NeuronResult[] chunks = RunChunks(run, problem, lengths, carryGradient: false);
        CompareForward(problem, truncated, lengths, chunks, $"{kernel}, truncated");
        CompareInputGradients(problem, truncated, lengths, chunks, $"{kernel}, truncated");
        SameBits.CheckClose(truncated.DParameters, Summed(chunks), 1e-4, $"{kernel}, truncated: dParameters");
        if (truncated.DState.Any(d => d != 0))
            throw new XunitException($"{kernel}: a gradient crossed the start of the sequence.");
    }

    /// <summary>How often a state is saved changes no bit.</summary>
    public static void SegmentsAgree(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, 40, 19) with { Lengths = [40, 33] };
        NeuronResult expected = run(s_cpu, problem with { Call = problem.Call with { Segment = 45 } });
        foreach (int segment in (int[])[1, 7, 32])
        {
            NeuronResult result = run(s_cpu, problem with { Call = problem.Call with { Segment = segment } });
            SameBits.Check(expected, result with { Saved = expected.Saved }, $"{kernel}, segments of {segment}");
        }
    }

    /// <summary>Runs the pieces forward in order; their gradients are those of the last piece's state handed back from piece to piece, or of nothing.</summary>
    private static NeuronResult[] RunChunks(NeuronRun run, NeuronProblem problem, int[] lengths, bool carryGradient)
    {
        var slices = new NeuronProblem[lengths.Length];
        var results = new NeuronResult[lengths.Length];
        float[] state = problem.Initial, none = new float[problem.DFinal.Length];
        int start = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            slices[i] = problem.Slice(start, lengths[i], state, i == lengths.Length - 1 ? problem.DFinal : none);
            results[i] = run(s_cpu, slices[i]);
            state = results[i].Final;
            start += lengths[i];
        }
        for (int i = lengths.Length - 2; i >= 0 && carryGradient; i--)
            results[i] = run(s_cpu, slices[i] with { DFinal = results[i + 1].DState });
        return results;
    }

    private static void CompareForward(NeuronProblem problem, NeuronResult whole, int[] lengths, NeuronResult[] chunks, string what)
    {
        float[] signal = whole.Signal(problem);
        int start = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            NeuronProblem slice = problem with { Call = problem.Call with { Steps = lengths[i] } };
            SameBits.Check(problem.SliceSteps(signal, start, lengths[i]), chunks[i].Signal(slice), $"{what}: output of chunk {i}");
            start += lengths[i];
        }
        SameBits.Check(whole.Final, chunks[^1].Final, $"{what}: final state");
    }

    private static void CompareInputGradients(NeuronProblem problem, NeuronResult whole, int[] lengths, NeuronResult[] chunks, string what)
    {
        int start = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            SameBits.Check(problem.SliceSteps(whole.DX, start, lengths[i]), chunks[i].DX, $"{what}: dX of chunk {i}");
            start += lengths[i];
        }
    }

    private static float[] Summed(NeuronResult[] chunks) => [.. Enumerable.Range(0, chunks[0].DParameters.Length).Select(i => chunks.Sum(c => c.DParameters[i]))];
}
