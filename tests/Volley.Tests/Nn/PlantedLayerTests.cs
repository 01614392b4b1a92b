using Volley.Kernels;
using Volley.Nn;
using Volley.Streaming;

namespace Volley.Tests.Nn;

/// <summary>The checks are not hollow: each fails on a module that breaks its promise, and none on one that keeps them all.</summary>
public sealed class PlantedLayerTests
{
    private static LayerCase Case(Func<int, Module> make) => new(6, make);

    private static void Fails(Action<LayerCase> check, Func<int, Module> make)
    {
        check(Case(units => new NothingWrong(units)));
        Assert.ThrowsAny<Exception>(() => check(Case(make)));
    }

    [Fact]
    public void PaddingIsChecked()
    {
        Fails(LayerChecks.PaddingChangesNothing, units => new ReadsPadding(units));
        Fails(LayerChecks.PaddingChangesNothing, units => new DrawsAcrossPadding(units));
    }

    [Fact]
    public void GradientsAreChecked()
    {
        Fails(layer => LayerChecks.AgreesWithReference(layer), units => new ForgetsFactor(units));
        Fails(layer => LayerChecks.AgreesWithReference(layer), units => new ForgetsRow(units));
        Fails(LayerChecks.GradientsAccumulate, units => new OverwritesGradient(units));
    }

    [Fact]
    public void BitsAreChecked()
    {
        Fails(LayerChecks.SameBitsEverywhere, units => new SplitsByThreads(units));
        Fails(LayerChecks.SameBitsEverywhere, units => new RoundsByWidth(units));
    }

    [Fact]
    public void MemoryIsChecked() => Fails(LayerChecks.RemembersNothing, units => new Remembers(units));

    [Fact]
    public void StreamsAreChecked()
    {
        Fails(LayerChecks.StreamsLikeEvaluation, units => new HidesStreamState(units));
        Fails(LayerChecks.StreamsLikeEvaluation, units => new StreamsOtherwise(units));
        Fails(LayerChecks.StreamingAllocatesNothing, units => new AllocatesSteps(units));
    }

    [Fact]
    public void WhatLooksAheadCannotStreamAndTheMessageNamesItAndTheAlternative()
    {
        using var cpu = new Cpu();
        var model = new Model("net", new Chain(LayerCase.Dense(4, 3), new Reversed()), 4, 3, ReadoutKind.Mean);
        var refused = Assert.Throws<NotSupportedException>(() => new ModelStream(model, cpu, spikes: false));
        Assert.Contains("1-reversed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Use a forward layer instead.", refused.Message, StringComparison.Ordinal);
    }
}
