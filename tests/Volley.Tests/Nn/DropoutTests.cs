using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;
using Volley.Tests.Neurons;
using Dropout = Volley.Nn.Dropout;

namespace Volley.Tests.Nn;

public sealed class DropoutTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    /// <summary>Each kept element is the input's times 1/(1 − p), its gradient likewise; about p of them are dropped.</summary>
    [Theory]
    [InlineData("Floats", 0.1f)]
    [InlineData("Floats", 0.75f)]
    [InlineData("Spikes", 0.4f)]
    [InlineData("CountedSpikes", 0.4f)]
    [InlineData("SignedSpikes", 0.4f)]
    public void KeepsOrDropsEachElementForwardsAndBackwards(string kind, float p)
    {
        LayerInput input = LayerInput.Random(Enum.Parse<InputKind>(kind), 8, 50, 70, density: 1);
        LayerRun run = LayerRun.Of(_cpu, new Dropout(p), input);
        float scale = 1 / (1 - p);
        int dropped = 0;
        for (int i = 0; i < run.Output.Length; i++)
        {
            float c = LayerRun.Cotangent(run.Shape, input, i);
            if (run.Output[i] == 0)
            {
                dropped++;
                Assert.Equal(0, run.DInput[i]);
                continue;
            }
            Assert.Equal(input.Values[i] * scale, run.Output[i], 1e-5f);
            Assert.Equal(c * scale, run.DInput[i], 1e-5f);
        }
        double sd = Math.Sqrt(p * (1 - p) / run.Output.Length);
        Assert.InRange((double)dropped / run.Output.Length, p - 5 * sd, p + 5 * sd);
    }

    [Fact]
    public void SpikesStayBitsAndKeepTheirFactorInTheScale()
    {
        using var arena = new Arena();
        var tape = new Tape(_cpu, arena, training: true);
        var input = (Spikes)LayerInput.Random(InputKind.Spikes, 2, 5, 9, 0.5).In(arena);
        var output = Assert.IsType<Spikes>(new Dropout(0.5f).Forward(tape, input));
        Assert.Equal(2 * input.Scale, output.Scale);
    }

    [Fact]
    public void SamplesAreDroppedIndependentlyAndStepsAnew()
    {
        LayerRun run = LayerRun.Of(_cpu, new Dropout(0.5f), LayerInput.Random(InputKind.Floats, 2, 2, 256));
        bool[][] rows = [.. run.Output.Chunk(256).Select(row => row.Select(v => v == 0).ToArray())];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.InRange(rows[i].Zip(rows[j], (a, b) => a == b).Count(same => same), 80, 176);
        }
    }

    [Fact]
    public void EvaluationPassesTheInputThrough()
    {
        using var arena = new Arena();
        Signal input = LayerInput.Random(InputKind.Floats, 2, 5, 9).In(arena);
        Assert.Same(input, new Dropout(0.5f).Forward(new Tape(_cpu, arena, training: false), input));
        Assert.Same(input, new Dropout(0).Forward(new Tape(_cpu, arena, training: true), input));
    }

    [Fact]
    public void AnotherSeedDropsOthers()
    {
        LayerInput input = LayerInput.Random(InputKind.Floats, 2, 5, 64);
        float[] first = LayerRun.Of(_cpu, new Dropout(0.5f), input, seed: 1).Output;
        SameBits.Check(first, LayerRun.Of(_cpu, new Dropout(0.5f), input, seed: 1).Output, "the same seed");
        Assert.NotEqual(first, LayerRun.Of(_cpu, new Dropout(0.5f), input, seed: 2).Output);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void AProbabilityThatIsNoneIsRefused(float p) => Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(p));
}
