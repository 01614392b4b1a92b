using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Nn.StateSpace;

namespace Volley.Tests.Nn;

/// <summary>Every module is held to the same promises.</summary>
public sealed class LayerConformanceTests
{
    // Changes the number of steps: RepeatInTimeTests.
    private static readonly HashSet<Type> s_elsewhere = [typeof(RepeatInTime)];

    public static TheoryData<string> All => [.. LayerCase.All.Keys];

    public static TheoryData<string> Exact => [.. LayerCase.All.Where(c => !c.Value.Draws).Select(c => c.Key)];

    public static TheoryData<string> Stateful => [.. LayerCase.All.Where(c => !c.Value.Draws).Select(c => c.Key)
        .Where(name => name.StartsWith("recurrent", StringComparison.Ordinal) || name is "chain" or "lif" or "cadlif")];

    public static TheoryData<string> Streaming => [.. LayerCase.All.Where(c => c.Key != "neurons with a random state" && !c.Value.LooksAhead).Select(c => c.Key)];

    [Theory]
    [MemberData(nameof(Exact))]
    public void OutputAndGradientsAreThoseOfTheReference(string name) => LayerChecks.AgreesWithReference(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(Stateful))]
    public void TruncatedGradientsAreThoseOfTheReference(string name) => LayerChecks.AgreesWithReference(LayerCase.All[name], truncate: 4);

    [Theory]
    [MemberData(nameof(All))]
    public void TheShapeIsWhatTheModulePromises(string name) => LayerChecks.KeepsItsShape(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(All))]
    public void GradientsOfParametersAccumulate(string name) => LayerChecks.GradientsAccumulate(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(All))]
    public void BitsDependOnNeitherThreadsNorWidth(string name) => LayerChecks.SameBitsEverywhere(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(All))]
    public void PaddingHasNoEffect(string name) => LayerChecks.PaddingChangesNothing(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(All))]
    public void ACallLeavesNothingBehind(string name) => LayerChecks.RemembersNothing(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(Streaming))]
    public void AStreamIsTheEvaluation(string name) => LayerChecks.StreamsLikeEvaluation(LayerCase.All[name]);

    [Theory]
    [MemberData(nameof(Streaming))]
    public void AStepOfAStreamAllocatesNothing(string name) => LayerChecks.StreamingAllocatesNothing(LayerCase.All[name]);

    [Fact]
    public void EveryModuleIsInTheList()
    {
        // Of pairs, one sample becomes two and two become one: PairTests. What reads padding has tests of its own: PaddingAsDataTests.
        var seen = new HashSet<Type> { typeof(PairSplit), typeof(PairFeatures), typeof(PaddingAsData) };
        foreach (LayerCase layer in LayerCase.All.Values)
            Collect(layer.Module());
        Type[] missing = [.. typeof(Module).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Module)) && !type.IsAbstract && !seen.Contains(type) && !s_elsewhere.Contains(type))];
        Assert.True(missing.Length == 0, $"Not tested: {string.Join(", ", missing.Select(type => type.Name))}.");

        void Collect(Module module)
        {
            seen.Add(module.GetType());
            foreach ((_, Module child) in module.Children)
                Collect(child);
        }
    }

    [Theory]
    [InlineData("psn", "sliding PSN")]
    [InlineData("masked psn, open", "λ is 1")]
    [InlineData("bidirectional state-space", "one direction")]
    [InlineData("binary s4d, bidirectional state-space", "one direction")]
    public void WhatLooksAheadCannotStreamAndSaysWhatCan(string name, string alternative)
    {
        Module module = LayerCase.All[name].Module(4);
        var refused = Assert.Throws<NotSupportedException>(() => Stage.Open(module, new StageInput(new Cpu(), StepSignal.OfValues(5))));
        Assert.Contains(alternative, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStateThatIsDrawnCannotStream()
    {
        Module module = LayerCase.All["neurons with a random state"].Module();
        var refused = Assert.Throws<NotSupportedException>(() => Stage.Open(module, new StageInput(new Cpu(), StepSignal.OfValues(5))));
        Assert.Contains("cadlif", refused.Message, StringComparison.Ordinal);
        Assert.Contains("zeros", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("batch norm")]
    [InlineData("layer norm")]
    [InlineData("cadlif")]
    [InlineData("recurrent cadlif")]
    [InlineData("residual")]
    public void AnotherNumberOfUnitsIsRefusedByNumber(string name)
    {
        LayerCase layer = LayerCase.All[name];
        var refused = Assert.Throws<ArgumentException>(() => layer.Module().OutputShape(layer.Units + 1));
        Assert.Contains($"{layer.Units}", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{layer.Units + 1}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecurrentLayerTakesOnlySpikingNeuronsAndASquareFeedback()
    {
        Assert.Contains("li", Assert.Throws<ArgumentException>(() =>
            new Recurrent(new LeakyIntegratorLayer(3, new Rng(1)), LayerCase.Dense(3, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Recurrent(new IfLayer(3), LayerCase.Dense(3, 4)));
        Assert.Throws<ArgumentException>(() => new Recurrent(new IfLayer(3), LayerCase.Dense(4, 3)));
    }
}
