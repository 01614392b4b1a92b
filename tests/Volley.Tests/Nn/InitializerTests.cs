using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Tests.Nn;

public sealed class InitializerTests
{
    private const int Inputs = 150, Outputs = 90;

    public static TheoryData<string, double> Bounds => new()
    {
        { "fan-in", 1 / Math.Sqrt(Inputs) },
        { "kaiming", Math.Sqrt(6.0 / Inputs) },
        { "xavier", Math.Sqrt(6.0 / (Inputs + Outputs)) },
    };

    private static Initializer Of(string name) => name switch
    {
        "fan-in" => Initializer.FanIn,
        "kaiming" => Initializer.KaimingUniform,
        "xavier" => Initializer.XavierUniform,
        _ => Initializer.Orthogonal,
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void UniformWeightsFillTheirRange(string name, double bound)
    {
        float[] w = Of(name).Matrix(Inputs, Outputs, new Rng(3)).Data.ToArray();
        Assert.All(w, v => Assert.InRange(v, -bound, bound));
        Assert.InRange(w.Max(), 0.999 * bound, bound);
        Assert.InRange(w.Min(), -bound, -0.999 * bound);
        // Mean 0 and variance bound²/3, each to five standard errors.
        double n = w.Length, variance = bound * bound / 3;
        Assert.InRange(w.Average(v => (double)v), -5 * Math.Sqrt(variance / n), 5 * Math.Sqrt(variance / n));
        Assert.Equal(variance, w.Average(v => (double)v * v), 5 * bound * bound * Math.Sqrt(4.0 / 45 / n));
    }

    [Fact]
    public void BiasesAreZeroExceptThoseOfPyTorch()
    {
        foreach (string name in (string[])["kaiming", "xavier", "orthogonal"])
            Assert.All(Of(name).Bias(Inputs, Outputs, new Rng(1)).Data.ToArray(), b => Assert.Equal(0, b));
        float[] bias = Initializer.FanIn.Bias(Inputs, 2000, new Rng(1)).Data.ToArray();
        Assert.All(bias, b => Assert.InRange(b, -1 / Math.Sqrt(Inputs), 1 / Math.Sqrt(Inputs)));
        Assert.InRange(bias.Max(), 0.99 / Math.Sqrt(Inputs), 1);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(70, 30)]
    [InlineData(30, 70)]
    [InlineData(1, 5)]
    public void OrthogonalWeightsAre(int inputs, int outputs)
    {
        Tensor w = Initializer.Orthogonal.Matrix(inputs, outputs, new Rng(9));
        Assert.Equal(new Shape(inputs, outputs), w.Shape);
        bool tall = inputs >= outputs;
        int vectors = Math.Min(inputs, outputs), size = Math.Max(inputs, outputs);
        for (int a = 0; a < vectors; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double dot = 0;
                for (int i = 0; i < size; i++)
                    dot += (double)At(a, i) * At(b, i);
                Assert.Equal(a == b ? 1 : 0, dot, 1e-6);
            }
        }

        float At(int vector, int i) => tall ? w.Data[i * outputs + vector] : w.Data[vector * outputs + i];
    }

    [Theory]
    [InlineData("fan-in")]
    [InlineData("orthogonal")]
    public void TheSeedDecides(string name)
    {
        float[] Draw(ulong seed) => Of(name).Matrix(9, 8, new Rng(seed)).Data.ToArray();
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void ADenseLayerDrawsWeightAndBiasFromStreamsOfTheirOwn()
    {
        var with = new Dense(1, 64, new Rng(5));
        var without = new Dense(1, 64, new Rng(5), bias: false);
        Assert.Equal(with.Weight.Value.Data.ToArray(), without.Weight.Value.Data.ToArray());
        Assert.NotEqual(with.Weight.Value.Data.ToArray(), with.Bias!.Value.Data.ToArray());
        Assert.False(with.Bias.Decays);
        Assert.True(with.Weight.Decays);
    }
}
