using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.StateSpace;
using Volley.Recipes;
using Volley.Tensors;
using Volley.Testing;

namespace Volley.Tests.Nn;

/// <summary>Two documents side by side.</summary>
public sealed class PairTests
{
    private static readonly Cpu s_cpu = new();

    /// <summary>Two samples of 5 steps and twice 128 units, one spike a step and document; documents have 3, 5, 1 and 4 steps.</summary>
    private static Spikes Documents(Arena arena, int more = 0)
    {
        var spikes = Spikes.In(arena, new Shape(2, 5 + more, 256), [5, 4]);
        spikes.Bits.Clear();
        int[] lengths = [3, 5, 1, 4];
        for (int document = 0; document < 4; document++)
        {
            for (int t = 0; t < lengths[document]; t++)
            {
                int unit = document % 2 * 128 + (17 * document + 29 * t) % 128;
                spikes.Bits[(document / 2 * (5 + more) + t) * 4 + unit / 64] |= 1ul << unit % 64;
            }
        }
        return spikes;
    }

    [Fact]
    public void DocumentsBecomeSamplesWithTheirOwnLengths()
    {
        using var arena = new Arena();
        var tape = new Tape(s_cpu, arena, training: true);
        var documents = (Spikes)new PairSplit().Forward(tape, Documents(arena));
        Assert.Equal(new Shape(4, 5, 128), documents.Shape);
        Assert.Equal([3, 5, 1, 4], documents.Lengths!);
        float[] values = tape.Floats(documents).Data.ToArray();
        for (int document = 0; document < 4; document++)
        {
            for (int t = 0; t < 5; t++)
            {
                float[] row = values[((document * 5 + t) * 128)..((document * 5 + t + 1) * 128)];
                int expected = t < documents.Lengths![document] ? (17 * document + 29 * t) % 128 : -1;
                Assert.Equal(expected, Array.IndexOf(row, 1f));
                Assert.Equal(expected < 0 ? 0 : 1, row.Sum());
            }
        }
    }

    [Fact]
    public void FeaturesAndTheirGradientAreThoseOfTheEquations()
    {
        const int Units = 3, Steps = 4;
        int[] lengths = [4, 2, 1, 3];
        float[] values = Values.Normal(4 * Steps * Units, "x"), weights = Values.Normal(2 * 4 * Units, "dY");
        using var arena = new Arena();
        var tape = new Tape(s_cpu, arena, training: true);
        var x = Tensor.In(arena, new Shape(4, Steps, Units), lengths);
        values.CopyTo(x.Data);
        x.NeedsGradient = true;
        Signal y = new PairFeatures().Forward(tape, x);
        Close.All(Features(Numbers.ToDouble(values)), tape.Floats(y).Data, 0, 1e-6, "features");
        GradientTarget target = tape.Target(y);
        weights.CopyTo(target.Span);
        target.Commit();
        tape.WalkBack();
        double[] expected = FiniteDifference.Gradient(at => Features(at).Zip(weights, (f, w) => f * w).Sum(), Numbers.ToDouble(values));
        Close.All(expected, x.Gradient!.Data, 0, 1e-6, "gradient");

        double[] Features(double[] at)
        {
            double[][] means = [.. Enumerable.Range(0, 4).Select(d => Enumerable.Range(0, Units).Select(i =>
                Enumerable.Range(0, lengths[d]).Sum(t => at[(d * Steps + t) * Units + i]) / lengths[d]).ToArray())];
            return [.. Enumerable.Range(0, 2).SelectMany(b => means[2 * b].Concat(means[2 * b + 1])
                .Concat(means[2 * b].Zip(means[2 * b + 1], (p, q) => p - q)).Concat(means[2 * b].Zip(means[2 * b + 1], (p, q) => p * q)))];
        }
    }

    [Fact]
    public void ANetworkOfPairsGivesOneScoreEachWhateverThePadding()
    {
        var recipe = new StateSpaceRecipe(8, 1, StateSpaceLayer.BinaryS4d, States: 4, Bidirectional: true, Encoder: StateSpaceEncoder.Embedding, Pair: true);
        Model model = RecipeBuilder.Model(recipe, 256, 2, new Rng(1));
        using var arena = new Arena();
        var tape = new Tape(s_cpu, arena, training: false);
        float[] scores = model.Forward(tape, Documents(arena)).Scores.Data.ToArray(), padded = model.Forward(tape, Documents(arena, more: 6)).Scores.Data.ToArray();
        Assert.Equal(4, scores.Length);
        Assert.Equal(scores, padded);
    }

    [Fact]
    public void OtherInputIsRefused()
    {
        using var arena = new Arena();
        var tape = new Tape(s_cpu, arena, training: false);
        Assert.Contains("256", Assert.Throws<ArgumentException>(() => new PairSplit().Forward(tape, Tensor.In(arena, new Shape(1, 2, 256)))).Message, StringComparison.Ordinal);
        Assert.Contains("100", Assert.Throws<ArgumentException>(() => new PairSplit().OutputShape(100)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PairFeatures().Forward(tape, Tensor.In(arena, new Shape(3, 2, 4))));
    }
}
