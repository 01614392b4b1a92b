using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Testing.Reference;
using Xunit.Sdk;

namespace Volley.Tests.Neurons;

/// <summary>What every run of a neuron owes us, whatever computes it: same bits for any width and thread count, close to double precision, no surprises
/// in padding, extremes and silence. Each check throws where the run fails it.</summary>
internal static class DriverChecks
{
    private static readonly Cpu s_cpu = new();

    /// <summary>Every vector width computes the same bits.</summary>
    public static void WidthsAgree(NeuronRun run, NeuronKernel kernel, int neurons)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, 5, neurons, seed: neurons) with { Lengths = [5, 3] };
        using var scalar = new Cpu(1, LaneWidth.Scalar);
        NeuronResult expected = run(scalar, problem);
        foreach (LaneWidth width in (LaneWidth[])[LaneWidth.Vector128, LaneWidth.Vector256, LaneWidth.Vector512])
        {
            using var cpu = new Cpu(1, width);
            SameBits.Check(expected, run(cpu, problem), $"{kernel}, {neurons} neurons, {width} against scalar");
        }
        CheckTails(problem, expected);
    }

    /// <summary>Bits behind the last neuron of a row are 0.</summary>
    private static void CheckTails(NeuronProblem problem, NeuronResult result)
    {
        int neurons = problem.Call.Neurons, words = problem.Call.WordsPerRow;
        if (!problem.Kernel.Spiking || neurons % 64 == 0)
            return;
        for (int row = 0; row < problem.Call.Batch * problem.Call.Steps; row++)
        {
            if (result.Bits[row * words + words - 1] >> neurons % 64 != 0)
                throw new XunitException($"{problem.Kernel}: a bit is set behind neuron {neurons}.");
        }
    }

    /// <summary>One thread and three compute the same bits.</summary>
    public static void ThreadsAgree(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 5, 9, 530);
        using var three = new Cpu(3);
        SameBits.Check(run(s_cpu, problem), run(three, problem), $"{kernel}, 3 threads against 1");
    }

    /// <summary>Spikes, outputs, states and gradients are those of the reference in double precision, but for rounding.</summary>
    public static void AgreesWithReference(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 3, 20, 19) with { Lengths = [20, 13, 1], Surrogate = new Sigmoid() };
        NeuronResult result = run(s_cpu, problem);
        int compared = 0, neurons = problem.Call.Neurons;
        float spikes = 0;
        for (int b = 0; b < problem.Call.Batch; b++)
        {
            for (int n = 0; n < neurons; n++)
            {
                if (CompareWithReference(problem, result, b, n) is not { } fired)
                    continue;
                compared++;
                spikes += fired;
            }
        }
        if (compared < problem.Call.Batch * neurons * 8 / 10)
            throw new XunitException($"{kernel}: only {compared} neurons stayed clear of the threshold.");
        if (kernel.Spiking && !(spikes > compared / 2))
            throw new XunitException($"{kernel}: {spikes} spikes of {compared} neurons check too little.");
    }

    /// <summary>The spikes of one neuron; null if it came so close to its threshold that rounding may decide.</summary>
    private static float? CompareWithReference(NeuronProblem problem, NeuronResult result, int b, int n)
    {
        NeuronCall call = problem.Call;
        int length = problem.Lengths[b];
        double[] x = Column(problem.X, b, call.Steps)[..length], initial = Column(problem.Initial, b, problem.States), parameters = Column(problem.Parameters, 0, problem.Kernel.Parameters.Count);
        ReferenceNeuronDriver.Trace<F64> forward = ReferenceNeuronDriver.Forward(problem.Kernel, ReferenceNeuronDriver.Lanes(x), ReferenceNeuronDriver.Lanes(initial), ReferenceNeuronDriver.Lanes(parameters), problem.Surrogate);
        if (problem.Kernel.Spiking && forward.Distances.Any(d => Math.Abs(d.Value) < 1e-3))
            return null;
        ReferenceNeuronDriver.Gradients backward = ReferenceNeuronDriver.Backward(problem.Kernel, x, initial, parameters, problem.Surrogate,
            Column(problem.DOutput, b, call.Steps)[..length], Column(problem.DFinal, b, problem.States));
        string what = $"{problem.Kernel}, sample {b}, neuron {n}, against the reference:";
        SameBits.CheckClose(Floats(forward.Outputs), Floats(Column(result.Signal(problem), b, call.Steps)[..length]), 1e-5, $"{what} output");
        SameBits.CheckClose(Floats(forward.States[^1]), Floats(Column(result.Final, b, problem.States)), 1e-5, $"{what} final state");
        SameBits.CheckClose(Floats(backward.DX), Floats(Column(result.DX, b, call.Steps)[..length]), 1e-4, $"{what} dX");
        SameBits.CheckClose(Floats(backward.DState), Floats(Column(result.DState, b, problem.States)), 1e-4, $"{what} dState");
        SameBits.CheckClose(Floats(backward.DParameters), Floats(Column(result.DParameters, b, problem.Kernel.Parameters.Count)), 1e-4, $"{what} dParameters");
        return (float)forward.Outputs.Sum(z => z.Value);

        double[] Column(float[] rows, int sample, int count) => [.. Enumerable.Range(0, count).Select(r => (double)rows[(sample * count + r) * call.Neurons + n])];
    }

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];

    private static float[] Floats(F64[] values) => [.. values.Select(v => (float)v.Value)];

    /// <summary>Parameter gradients are added to what is there.</summary>
    public static void GradientsAccumulate(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, 6, 21);
        float[] alone = run(s_cpu, problem).DParameters, added = run(s_cpu, problem with { DParametersBefore = 0.5f }).DParameters;
        SameBits.Check([.. alone.Select(d => 0.5f + d)], added, $"{kernel}, added dParameters");
    }

    /// <summary>What lies behind the length of a sample changes no bit, fires nothing and gets no gradient; nor does more of it.</summary>
    public static void PaddingIsIgnored(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 5, 20, 37) with { Lengths = [0, 1, 20, 13, 19] };
        NeuronResult expected = run(s_cpu, problem.WithPadding(0));
        foreach (float garbage in (float[])[1e30f, -7])
            SameBits.Check(expected, run(s_cpu, problem.WithPadding(garbage)), $"{kernel}, padding of {garbage}");

        float[] signal = expected.Signal(problem);
        int neurons = problem.Call.Neurons, steps = problem.Call.Steps;
        for (int i = 0; i < signal.Length; i++)
        {
            if (i / neurons % steps >= problem.Lengths[i / neurons / steps] && (signal[i] != 0 || expected.DX[i] != 0))
                throw new XunitException($"{kernel}: spike {signal[i]}, gradient {expected.DX[i]} behind the length.");
        }

        NeuronProblem padded = problem.Longer(9);
        NeuronResult longer = run(s_cpu, padded);
        SameBits.Check(expected.Final, longer.Final, $"{kernel}, final state with more padding");
        SameBits.Check(expected.DParameters, longer.DParameters, $"{kernel}, dParameters with more padding");
        SameBits.Check(expected.DState, longer.DState, $"{kernel}, dState with more padding");
        SameBits.Check(signal, padded.SliceSteps(longer.Signal(padded), 0, steps), $"{kernel}, output with more padding");
        SameBits.Check(expected.DX, padded.SliceSteps(longer.DX, 0, steps), $"{kernel}, dX with more padding");
    }

    /// <summary>Enormous inputs, and zeros between them, leave no NaN.</summary>
    public static void ExtremesLeaveNoNaN(NeuronRun run, NeuronKernel kernel)
    {
        NeuronProblem problem = NeuronProblem.Random(kernel, 2, 12, 33);
        var random = new Random(3);
        float[] extremes = [1e30f, -1e30f, 0, 1, -0f];
        problem = problem with { X = [.. problem.X.Select(_ => extremes[random.Next(extremes.Length)])] };
        foreach (ISurrogate surrogate in GradientCheck.Surrogates)
        {
            NeuronResult result = run(s_cpu, problem with { Surrogate = surrogate });
            foreach (float[] values in (float[][])[result.Output, result.Saved, result.Final, result.DX, result.DParameters, result.DState])
            {
                if (values.Any(float.IsNaN))
                    throw new XunitException($"{kernel}, {surrogate}: NaN.");
            }
        }
    }

    /// <summary>After the input has ended, states and gradients become 0 and never linger in numbers so small that arithmetic slows down.</summary>
    public static void SilenceLeavesNothingTiny(NeuronRun run, NeuronKernel kernel)
    {
        const int Steps = 2500, Neurons = 9;
        NeuronProblem problem = NeuronProblem.Random(kernel, 1, Steps, Neurons);
        problem = problem with { Call = problem.Call with { Segment = 1 }, X = [.. problem.X.Select((x, i) => i < 5 * Neurons ? x : 0)], DOutput = new float[Steps * Neurons] };
        NeuronResult result = run(s_cpu, problem);
        NoneBelow(1e-30f, result.Saved, "state");
        NoneBelow(1e-30f, result.DState, "gradient of the initial state");
        NoneBelow(1.17549435e-38f, result.DX, "dX");
        NoneBelow(1.17549435e-38f, result.Output, "output");

        // An integrate-and-fire neuron keeps its potential for good; a linear leak (GLIF) pulls it down to where the exponential one holds it.
        if (kernel.Name != "if" && ((kernel.Name != "glif" && result.Final.Any(v => v != 0)) || result.DState.Any(d => d != 0)))
            throw new XunitException($"{kernel}: silence did not end.");

        void NoneBelow(float limit, float[] values, string what)
        {
            foreach (float value in values)
            {
                if (value != 0 && Math.Abs(value) < limit)
                    throw new XunitException($"{kernel}: a {what} of {value:R}.");
            }
        }
    }

    /// <summary>A step allocates nothing, once everything is warm.</summary>
    public static void StepsAllocateNothing(Action step)
    {
        for (int i = 0; i < 200; i++)
            step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            step();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes != 0)
            throw new XunitException($"1000 steps allocated {bytes} bytes.");
    }
}
