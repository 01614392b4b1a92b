using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.StateSpace;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Tests.Recipes;

/// <summary>Deep state-space networks have the published sizes and groups of parameters.</summary>
public sealed class StateSpaceRecipeTests
{
    private static readonly StateSpaceRecipe s_long = new(256, 6, Bidirectional: true, Norm: Normalization.Batch, Prenorm: true);

    public static TheoryData<string, StateSpaceRecipe, int, int> Published => new()
    {
        { "ListOps", new StateSpaceRecipe(128, 8, Bidirectional: true, Norm: Normalization.Batch), 530_432, 400_384 },
        { "Text, Retrieval, Pathfinder and Path-X", s_long, 1_189_376, 797_696 },
        { "Image", new StateSpaceRecipe(512, 6, Bidirectional: true, Sets: 2, Dropout: 0.1), 3_558_912, 1_989_120 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void StacksHaveTheirPublishedNumberOfParameters(string task, StateSpaceRecipe recipe, int binary, int gated)
    {
        foreach ((StateSpaceLayer layer, int expected) in (ReadOnlySpan<(StateSpaceLayer, int)>)[(StateSpaceLayer.BinaryS4d, binary), (StateSpaceLayer.Gsu, gated)])
        {
            Model model = RecipeBuilder.Model(recipe with { Layer = layer }, 3, 10, new Rng(1));
            int ends = (3 + 1) * recipe.Width + (recipe.Width + 1) * 10;
            Assert.True(expected == model.ParameterCount - ends, $"{task}, {layer}: {model.ParameterCount - ends} parameters, not {expected}.");
        }
    }

    [Theory]
    [InlineData(StateSpaceLayer.S4d, 42_506)]
    [InlineData(StateSpaceLayer.BinaryS4d, 42_506)]
    [InlineData(StateSpaceLayer.Gsu, 34_442)]
    public void TheSmallNetworksHaveThoseOfTheReference(StateSpaceLayer layer, int expected) =>
        Assert.Equal(expected, RecipeBuilder.Model(new StateSpaceRecipe(64, 2, layer), 1, 10, new Rng(1)).ParameterCount);

    [Fact]
    public void StepsAndStatesHaveTheirOwnRatesAndDoNotDecay()
    {
        Model model = RecipeBuilder.Model(s_long with { StateRate = 0.25, StepRate = 0.5 }, 1, 2, new Rng(1));
        foreach (NamedParameter parameter in model.Parameters)
        {
            string name = parameter.Path.Split('.')[^1];
            float rate = name is "logDecay" or "frequency" or "b" ? 0.25f : name == "logStep" ? 0.5f : 1;
            Assert.Equal((parameter.Path, rate, rate == 1), (parameter.Path, parameter.Parameter.RateScale, parameter.Parameter.Decays));
        }
    }

    [Theory]
    [InlineData(StateSpaceLayer.S4d, false)]
    [InlineData(StateSpaceLayer.Gsu, true)]
    public void OnlyOneDirectionStreams(StateSpaceLayer layer, bool bidirectional)
    {
        Model model = RecipeBuilder.Model(new StateSpaceRecipe(8, 2, layer, States: 4, Bidirectional: bidirectional), 3, 2, new Rng(1));
        using var cpu = new Cpu();
        if (!bidirectional)
        {
            Volley.Streaming.ModelStream stream = new(model, cpu, spikes: false);
            stream.Input.Values.AsSpan().Fill(1);
            Assert.Equal(2, stream.Step().Length);
            return;
        }
        Assert.Contains("one direction", Assert.Throws<NotSupportedException>(() => new Volley.Streaming.ModelStream(model, cpu, spikes: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FrequenciesStartWherePublished()
    {
        Near(1e-6, [3.819719, .424413], StateSpaceFrequencies.Of(StateSpaceInit.Inverse, 2));
        double[] inverse = StateSpaceFrequencies.Of(StateSpaceInit.Inverse, 32), linear = StateSpaceFrequencies.Of(StateSpaceInit.Linear, 32);
        Near(1e-4, [1283.4255, 414.2273, 240.3876, .3234], [inverse[0], inverse[1], inverse[2], inverse[31]]);
        Near(1e-4, [0, 3.1416, 97.3894], [linear[0], linear[1], linear[31]]);
        Assert.Equal(9 / Math.PI, StateSpaceFrequencies.Of(StateSpaceInit.Quadratic, 3)[1], 1e-12);

        static void Near(double tolerance, double[] expected, double[] actual) => Close.All(expected, (ReadOnlySpan<double>)actual, 0, tolerance, "frequencies");
    }

    [Fact]
    public void LegSHasTheEigenvaluesOfItsMatrix()
    {
        Assert.Equal(Math.Sqrt(3) / 2, StateSpaceFrequencies.Of(StateSpaceInit.LegS, 1)[0], 1e-14);
        // Of 4 x 4, λ⁴ + Σ s²·λ² + Pf² has the roots ±iω.
        double[] s = [Skew(0, 1), Skew(0, 2), Skew(0, 3), Skew(1, 2), Skew(1, 3), Skew(2, 3)];
        double sum = s.Sum(x => x * x), pfaffian = s[0] * s[5] - s[1] * s[4] + s[2] * s[3], root = Math.Sqrt(sum * sum - 4 * pfaffian * pfaffian);
        double[] four = StateSpaceFrequencies.Of(StateSpaceInit.LegS, 2);
        Assert.Equal(Math.Sqrt((sum - root) / 2), four[0], 1e-12);
        Assert.Equal(Math.Sqrt((sum + root) / 2), four[1], 1e-12);
        // Of 64 x 64, the sum of squares and the determinant of iωI − S, which vanishes at each.
        double[] all = StateSpaceFrequencies.Of(StateSpaceInit.LegS, 32);
        double squares = Enumerable.Range(0, 64).Sum(i => Enumerable.Range(0, i).Sum(k => Skew(k, i) * Skew(k, i)));
        Assert.Equal(1, all.Sum(x => x * x) / squares, 1e-12);
        Assert.True(all.SequenceEqual(all.Order()) && all[0] > 0);

        static double Skew(int i, int k) => Math.Sqrt((2.0 * i + 1) * (2.0 * k + 1)) / 2;
    }

    [Theory]
    [InlineData("\"states\": 5", "'states' must be even")]
    [InlineData("\"sets\": 9", "'sets' must be at most 'width'")]
    [InlineData("\"init\": \"legs\", \"states\": 258", "'init' \"legs\" takes at most 256 'states'")]
    [InlineData("\"minStep\": 1", "'maxStep' is below 'minStep'")]
    [InlineData("\"layer\": \"neuron\"", "'neuron' goes with")]
    [InlineData("\"learnedThreshold\": true, \"layer\": \"gsu\"", "'learnedThreshold' goes with")]
    [InlineData("\"readout\": \"spike-count\"", "needs an output that spikes")]
    [InlineData("\"pair\": true, \"readout\": \"max\"", "'pair' pools by itself")]
    public void WhatDoesNotFitIsRefused(string member, string problem)
    {
        string json = RecipeTexts.Short.Replace("\"architecture\": \"feedforward\", \"hidden\": [128], \"neuron\": \"cadlif\"",
            $"\"architecture\": \"state-space\", \"width\": 8, \"depth\": 2, {member}", StringComparison.Ordinal);
        Assert.Contains(problem, Assert.Throws<RecipeException>(() => RecipeJson.Read(json, "recipe")).Message, StringComparison.Ordinal);
    }
}
