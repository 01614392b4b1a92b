using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Xunit.Abstractions;

namespace Volley.Tests.Neurons;

/// <summary>What every neuron model owes, asked of each in the registry.</summary>
public class NeuronConformanceTests(ITestOutputHelper log)
{
    public static TheoryData<string> Models => [.. NeuronRegistry.All.Select(kernel => kernel.ToString())];

    private static NeuronKernel Find(string model) => NeuronRegistry.All.Single(kernel => kernel.ToString() == model);

    [Theory]
    [MemberData(nameof(Models))]
    public void GradientIsExact(string model) => log.WriteLine($"{model}: {GradientCheck.Run(Find(model)):E1}");

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryWidthGivesTheSameBitsAtEverySize(string model)
    {
        foreach (int neurons in (int[])[.. Enumerable.Range(1, 67), 511, 512, 513, 1030])
            DriverChecks.WidthsAgree(NeuronResult.OfDriver, Find(model), neurons);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void NothingIsTouchedBeforeTheBuffers(string model)
    {
        foreach (int neurons in (int[])[1, 15, 16, 17, 31, 65, 513])
            DriverChecks.WidthsAgree((cpu, problem) => NeuronResult.OfDriver(cpu, problem, guardBefore: true), Find(model), neurons);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ThreadsChangeNoBit(string model) => DriverChecks.ThreadsAgree(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void FloatsFollowTheDoubleReference(string model) => DriverChecks.AgreesWithReference(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void ParameterGradientsAccumulate(string model) => DriverChecks.GradientsAccumulate(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void ChunksAreTheWholeSequence(string model) => TimeChecks.ChunksAgree(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void AStreamIsTheWholeSequence(string model) => TimeChecks.StreamAgrees(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void AStateCanBeSavedAndRestored(string model) => TimeChecks.StateSurvivesSaving(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void PaddingChangesNothing(string model) => DriverChecks.PaddingIsIgnored(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void TruncationIsChunksWithoutGradientBetweenThem(string model) => TimeChecks.TruncationCutsTheGradient(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void SegmentsChangeNoBit(string model) => TimeChecks.SegmentsAgree(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void ExtremeInputsGiveNoNaN(string model) => DriverChecks.ExtremesLeaveNoNaN(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void SilenceEnds(string model) => DriverChecks.SilenceLeavesNothingTiny(NeuronResult.OfDriver, Find(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void AStreamingStepAllocatesNothing(string model)
    {
        NeuronProblem problem = NeuronProblem.Random(Find(model), 1, 1, 70);
        using var cpu = new Cpu();
        float[] state = [.. problem.Initial], output = new float[problem.Kernel.Spiking ? 0 : 70];
        var bits = new ulong[problem.Kernel.Spiking ? 2 : 0];
        DriverChecks.StepsAllocateNothing(() =>
            NeuronDriver.Forward(cpu, problem.Kernel, problem.X, problem.Parameters, state, bits, output, default, state, problem.Call));
    }
}
