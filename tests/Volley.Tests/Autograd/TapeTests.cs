using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Neurons;
using Volley.Tests.Nn;

namespace Volley.Tests.Autograd;

public sealed class TapeTests : IDisposable
{
    private readonly Cpu _cpu = new();
    private readonly Arena _arena = new();

    public void Dispose()
    {
        _arena.Dispose();
        _cpu.Dispose();
    }

    /// <summary>The gradient of an input that several modules read, each alone or all together.</summary>
    private float[] Gradient(LayerInput input, params Module[] consumers)
    {
        var tape = new Tape(_cpu, _arena, training: true);
        Signal x = input.In(_arena);
        x.NeedsGradient = true;
        foreach (Module consumer in consumers)
        {
            Signal y = consumer.Forward(tape, x);
            GradientTarget target = tape.Target(y);
            for (int i = 0; i < target.Span.Length; i++)
                target.Span[i] = LayerRun.Cotangent(y.Shape, input, i);
            target.Commit();
        }
        tape.WalkBack();
        return x.Gradient!.Data.ToArray();
    }

    [Theory]
    [InlineData("dense", "dense, no bias", "Floats")]
    [InlineData("dense", "layer norm", "Floats")]
    [InlineData("batch norm", "residual", "Floats")]
    [InlineData("dense on rare spikes", "batch norm on spikes", "Spikes")]
    [InlineData("cadlif", "recurrent lif", "Floats")]
    [InlineData("neurons on spikes", "dense on rare spikes", "Spikes")]
    [InlineData("dropout", "dense", "Floats")]
    public void WhatTwoLayersReadGetsTheSumOfTheirGradients(string first, string second, string kind)
    {
        const int Units = 6;
        Module a = LayerCase.All[first].Make(Units), b = LayerCase.All[second].Make(Units);
        LayerInput input = LayerInput.Random(Enum.Parse<InputKind>(kind), 2, 8, Units);
        float[] both = Gradient(input, a, b), onlyA = Gradient(input, a), onlyB = Gradient(input, b);
        SameBits.Check([.. onlyA.Zip(onlyB, (p, q) => p + q)], both, $"{first} and {second}");
    }

    [Fact]
    public void AnInputOfTheCallersOwnGetsTheGradientOfItsLastPass()
    {
        var x = Tensor.Of(new Shape(1, 3, 4), LayerInput.Random(InputKind.Floats, 1, 3, 4).Values);
        x.NeedsGradient = true;
        var tape = new Tape(_cpu, _arena, training: true);
        float[] first = [];
        for (int pass = 0; pass < 3; pass++)
        {
            tape.Clear();
            _arena.Reset();
            Signal y = LayerCase.Dense(4, 3).Forward(tape, x);
            GradientTarget target = tape.Target(y);
            target.Span.Fill(1);
            target.Commit();
            tape.WalkBack();
            if (pass == 0)
                first = x.Gradient!.Data.ToArray();
            SameBits.Check(first, x.Gradient!.Data.ToArray(), $"pass {pass}");
        }
    }

    [Fact]
    public void ALayerThatIsReadTwiceInOnePassAddsUpItsOwnGradients()
    {
        Dense shared = LayerCase.Dense(4, 4);
        LayerInput input = LayerInput.Random(InputKind.Floats, 2, 5, 4);
        Gradient(input, shared);
        float[] once = shared.Weight.Gradient.Data.ToArray();
        shared.Weight.Gradient.Data.Clear();
        Gradient(input, shared, shared);
        LayerChecks.Compare([.. once.Select(g => 2.0 * g)], shared.Weight.Gradient.Data, 1e-5, "gradient of a shared weight");
    }

    [Fact]
    public void BackwardStartsFromOneNumberOfATapeThatRecords()
    {
        var recording = new Tape(_cpu, _arena, training: true);
        Assert.Contains("[2]", Assert.Throws<InvalidOperationException>(() => recording.Backward(Tensor.In(_arena, new Shape(2)))).Message, StringComparison.Ordinal);
        var evaluating = new Tape(_cpu, _arena, training: false);
        Assert.Throws<InvalidOperationException>(() => evaluating.Backward(Tensor.In(_arena, new Shape(1))));
    }

    [Fact]
    public void EveryUseOfRandomnessInAPassGetsAStreamOfItsOwnAndEveryPassTheSame()
    {
        var tape = new Tape(_cpu, _arena, training: true) { Random = new Rng(7) };
        ulong[] first = [tape.NextRandom().Key, tape.NextRandom().Key];
        Assert.NotEqual(first[0], first[1]);
        tape.Clear();
        Assert.Equal(first, (ulong[])[tape.NextRandom().Key, tape.NextRandom().Key]);
    }

    [Fact]
    public void AGradientThatNothingAskedForIsNotMade()
    {
        var tape = new Tape(_cpu, _arena, training: true);
        var x = (Tensor)LayerInput.Random(InputKind.Floats, 2, 3, 4).In(_arena);
        Signal y = LayerCase.Dense(4, 3).Forward(tape, x);
        tape.Target(y).Commit();
        tape.WalkBack();
        Assert.Null(x.Gradient);
    }
}
