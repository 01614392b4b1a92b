using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Xunit.Sdk;

namespace Volley.Tests.Neurons;

/// <summary>A check that cannot fail is a defect: each check of the conformance suite meets neurons and drivers that are wrong, and must say so.</summary>
public class PlantedMistakeTests
{
    private static readonly NeuronKernel s_lif = new LifKernel();

    private static NeuronResult Right(Cpu cpu, NeuronProblem problem) => NeuronResult.OfDriver(cpu, problem);

    private static void Caught(Action check) => Assert.ThrowsAny<XunitException>(check);

    public static TheoryData<string> WrongBackwards => [.. s_wrongBackwards.Keys];

    private static readonly Dictionary<string, NeuronKernel> s_wrongBackwards = new()
    {
        ["forgets the reset path"] = new TwoFacedLifKernel<SubtractReset, DetachedSubtractReset>(),
        ["forgets the path of the hard reset"] = new TwoFacedLifKernel<ZeroReset, DetachedZeroReset>(),
        ["ignores that the reset is detached"] = new TwoFacedLifKernel<DetachedZeroReset, ZeroReset>(),
        ["resets softly forward, not at all backward"] = new TwoFacedLifKernel<SubtractReset, NoReset>(),
        ["forgets the gradient of a parameter"] = new SpoiltLifKernel<ForgetsGainGradient>(),
        ["flips the sign of a parameter's gradient"] = new SpoiltLifKernel<FlipsThresholdGradient>(),
        ["forgets the gradient of the state"] = new SpoiltLifKernel<ForgetsStateGradient>(),
        ["is off by a millionth in dX"] = new SpoiltLifKernel<ScalesInputGradient>(),
        ["forgets that a spike drives the adaptation"] = new BlindAdLifKernel<BlindToSpikeCoupling>(),
        ["forgets that the potential drives the adaptation"] = new BlindAdLifKernel<BlindToPotentialCoupling>(),
    };

    [Theory]
    [MemberData(nameof(WrongBackwards))]
    public void TheGradientCheckCatchesABackwardThat(string mistake) => Caught(() => GradientCheck.Run(s_wrongBackwards[mistake]));

    [Fact]
    public void TheWidthCheckCatchesANeuronThatLooksAtItsLane() =>
        Caught(() => DriverChecks.WidthsAgree(Right, new OddIntegratorKernel<LaneDependent>(), 16));

    [Fact]
    public void TheWidthCheckCatchesASpoiltTail()
    {
        NeuronRun spoils = (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            if (cpu.Width != LaneWidth.Scalar && problem.Call.Neurons % 16 != 0)
                result.Final[^1] = MathF.BitIncrement(result.Final[^1]);
            return result;
        };
        DriverChecks.WidthsAgree(spoils, s_lif, 16);
        Caught(() => DriverChecks.WidthsAgree(spoils, s_lif, 17));
    }

    [Fact]
    public void TheWidthCheckCatchesABitBehindTheLastNeuron() => Caught(() => DriverChecks.WidthsAgree(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.Bits[0] |= 1UL << 63;
            return result;
        }, s_lif, 17));

    [Fact]
    public void TheThreadCheckCatchesAResultThatDependsOnThem() => Caught(() => DriverChecks.ThreadsAgree(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.DParameters[7] += cpu.Threads * 1e-3f;
            return result;
        }, s_lif));

    [Fact]
    public void TheReferenceCatchesAWrongInput() => Caught(() => DriverChecks.AgreesWithReference(
        (cpu, problem) => Right(cpu, problem with { X = [.. problem.X.Select(x => x * 1.0001f)] }), new LeakyIntegratorKernel()));

    [Fact]
    public void TheReferenceCatchesAWrongGradient() => Caught(() => DriverChecks.AgreesWithReference(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.DX[0] += 0.01f;
            return result;
        }, new LeakyIntegratorKernel()));

    [Fact]
    public void TheAccumulationCheckCatchesGradientsThatOverwrite() => Caught(() => DriverChecks.GradientsAccumulate(
        (cpu, problem) => Right(cpu, problem with { DParametersBefore = 0 }), s_lif));

    [Fact]
    public void TheChunkCheckCatchesANeuronThatRemembers() => Caught(() => TimeChecks.ChunksAgree(Right, new OddIntegratorKernel<Remembering>()));

    [Fact]
    public void TheStreamCheckCatchesANeuronThatRemembers() => Caught(() => TimeChecks.StreamAgrees(Right, new OddIntegratorKernel<Remembering>()));

    [Fact]
    public void TheSavingCheckCatchesANeuronThatRemembers() => Caught(() => TimeChecks.StateSurvivesSaving(Right, new OddIntegratorKernel<Remembering>()));

    [Fact]
    public void TheTimeChecksCatchADriverThatForgetsTheInitialState()
    {
        NeuronRun forgets = (cpu, problem) => Right(cpu, problem with { Initial = new float[problem.Initial.Length] });
        Caught(() => TimeChecks.ChunksAgree(forgets, s_lif));
        Caught(() => TimeChecks.StreamAgrees(forgets, s_lif));
        Caught(() => TimeChecks.StateSurvivesSaving(forgets, s_lif));
    }

    [Fact]
    public void TheChunkCheckCatchesADriverThatForgetsTheGradientOfTheFinalState() => Caught(() => TimeChecks.ChunksAgree(
        (cpu, problem) => Right(cpu, problem with { DFinal = new float[problem.DFinal.Length] }), s_lif));

    [Fact]
    public void ThePaddingCheckCatchesADriverThatIgnoresLengths() => Caught(() => DriverChecks.PaddingIsIgnored(
        (cpu, problem) => Right(cpu, problem with { Lengths = [] }), s_lif));

    [Fact]
    public void ThePaddingCheckCatchesADriverThatReadsPadding() => Caught(() => DriverChecks.PaddingIsIgnored(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.DParameters[0] += problem.X[^1] * 1e-3f;
            return result;
        }, s_lif));

    [Fact]
    public void ThePaddingCheckCatchesASpikeBehindTheLength() => Caught(() => DriverChecks.PaddingIsIgnored(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.Bits[0] |= 1; // the first sample has length 0
            return result;
        }, s_lif));

    [Fact]
    public void ThePaddingCheckCatchesAResultThatDependsOnT() => Caught(() => DriverChecks.PaddingIsIgnored(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.DParameters[0] += problem.Call.Steps;
            return result;
        }, s_lif));

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void TheTruncationCheckCatchesADriverThatCutsElsewhere(int truncate) => Caught(() => TimeChecks.TruncationCutsTheGradient(
        (cpu, problem) => Right(cpu, problem.Call.Truncate > 0 ? problem with { Call = problem.Call with { Truncate = truncate } } : problem), s_lif));

    [Fact]
    public void TheSegmentCheckCatchesASegmentThatMatters() => Caught(() => TimeChecks.SegmentsAgree(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            if (problem.Call.Segment == 7)
                result.DX[^1] = MathF.BitIncrement(result.DX[^1]);
            return result;
        }, s_lif));

    [Fact]
    public void TheExtremeCheckCatchesANeuronThatOverflows() => Caught(() => DriverChecks.ExtremesLeaveNoNaN(Right, new OddIntegratorKernel<Overflowing>()));

    [Fact]
    public void TheSilenceCheckCatchesADenormal() => Caught(() => DriverChecks.SilenceLeavesNothingTiny(
        (cpu, problem) =>
        {
            NeuronResult result = Right(cpu, problem);
            result.Saved[^1] = 1e-39f;
            return result;
        }, s_lif));

    [Fact]
    public void TheSilenceCheckCatchesAStateThatStays() => Caught(() => DriverChecks.SilenceLeavesNothingTiny(
        (cpu, problem) => Right(cpu, problem with { Parameters = [.. problem.Parameters.Select(_ => 1f)] }), new LeakyIntegratorKernel()));

    [Fact]
    public void TheAllocationCheckCatchesAnAllocation()
    {
        object? kept = null;
        Caught(() => DriverChecks.StepsAllocateNothing(() => kept = new object()));
        Assert.NotNull(kept);
    }
}
