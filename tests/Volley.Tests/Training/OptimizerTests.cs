using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Testing.Reference;
using Volley.Tests.Neurons;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Training;

public sealed class OptimizerTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    /// <summary>A plain parameter; one at a tenth of the rate that does not decay; one in a box.</summary>
    private static NamedParameter[] Parameters() =>
    [
        new("plain", Make(new Parameter("plain", Tensor.Zeros(new Shape(5))))),
        new("slow", Make(new Parameter("slow", Tensor.Zeros(new Shape(5))) { RateScale = 0.1f, Decays = false })),
        new("boxed", Make(new Parameter("boxed", Tensor.Zeros(new Shape(5))) { Box = (0.2f, 0.6f) })),
    ];

    private static Parameter Make(Parameter parameter)
    {
        for (int i = 0; i < 5; i++)
            parameter.Value.Data[i] = 0.1f * (i + 1);
        return parameter;
    }

    private static double Gradient(int parameter, int i, int step) => Math.Sin(1 + 3 * parameter + i + 5 * step);

    public static TheoryData<string> Names => ["sgd", "momentum", "nesterov", "adam", "adamw"];

    private static Optimizer Of(string name, IEnumerable<NamedParameter> parameters) => name switch
    {
        "sgd" => new Sgd(parameters, momentum: 0, weightDecay: 0.1f),
        "momentum" => new Sgd(parameters, momentum: 0.8f, weightDecay: 0.1f),
        "nesterov" => new Sgd(parameters, momentum: 0.8f, weightDecay: 0.1f, nesterov: true),
        "adam" => new Adam(parameters, 0.8f, 0.95f, 1e-6f, 0.1f),
        _ => new Adam(parameters, 0.8f, 0.95f, 1e-6f, 0.1f, decoupled: true),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void RateDecayAndBoxAreOfTheParameter(string name)
    {
        NamedParameter[] parameters = Parameters();
        Optimizer optimizer = Of(name, parameters);
        for (int step = 0; step < 6; step++)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; i < 5; i++)
                    parameters[p].Parameter.Gradient.Data[i] = (float)Gradient(p, i, step);
            }
            optimizer.Step(_cpu, 0.05f);
        }
        Assert.Equal(6, optimizer.Steps);
        for (int p = 0; p < parameters.Length; p++)
        {
            double rate = p == 1 ? 0.005 : 0.05, decay = p == 1 ? 0 : 0.1;
            var expected = new double[5];
            for (int i = 0; i < 5; i++)
            {
                double value = 0.1f * (i + 1), first = 0, second = 0;
                for (int step = 0; step < 6; step++)
                {
                    if (name.StartsWith("adam", StringComparison.Ordinal))
                        OptimizerReference.Adam(ref value, Gradient(p, i, step), ref first, ref second, step + 1, rate, 0.8f, 0.95f, 1e-6f, decay, name == "adamw");
                    else
                        OptimizerReference.Sgd(ref value, Gradient(p, i, step), ref first, rate, name == "sgd" ? 0 : 0.8f, decay, name == "nesterov", step == 0);
                    if (p == 2)
                        value = Math.Clamp(value, 0.2f, 0.6f);
                }
                expected[i] = value;
            }
            LayerChecks.Compare(expected, parameters[p].Parameter.Value.Data, 1e-5, $"{name}: {parameters[p].Path}");
        }
    }

    [Theory]
    [InlineData("momentum")]
    [InlineData("adam")]
    public void AScheduleMayMoveTheMomentum(string name)
    {
        NamedParameter[] moved = Parameters(), kept = Parameters();
        Optimizer a = Of(name, moved), b = Of(name, kept);
        for (int step = 0; step < 3; step++)
        {
            foreach (NamedParameter parameter in (NamedParameter[])[.. moved, .. kept])
                parameter.Parameter.Gradient.Data.Fill(step - 0.5f);
            a.Step(_cpu, 0.01f, momentum: 0.5f);
            b.Step(_cpu, 0.01f, momentum: 0.8f);
        }
        Assert.NotEqual(moved[0].Parameter.Value.Data.ToArray(), kept[0].Parameter.Value.Data.ToArray());
        NamedParameter[] own = Parameters();
        Optimizer c = Of(name, own);
        for (int step = 0; step < 3; step++)
        {
            foreach (NamedParameter parameter in own)
                parameter.Parameter.Gradient.Data.Fill(step - 0.5f);
            c.Step(_cpu, 0.01f);
        }
        SameBits.Check(kept[0].Parameter.Value.Data.ToArray(), own[0].Parameter.Value.Data.ToArray(), "the optimiser's own momentum");
    }

    [Fact]
    public void DescentWithoutMomentumIgnoresACyclingOne()
    {
        using var run = new Run(Networks.All["lif"](), _cpu, Run.Options(2) with { Schedule = new OneCycleSchedule() }, model => new Sgd(model.Parameters, momentum: 0));
        Assert.Equal(2, run.Trainer.Fit(new ToyBatches(2, 4), null).Count());
    }

    [Fact]
    public void EveryBoxOfAModelHoldsAfterStepsOfAnySize()
    {
        using var run = new Run(Networks.All["cadlif"](), _cpu, Run.Options(5, rate: 10));
        foreach (EpochReport _ in run.Trainer.Fit(new ToyBatches(1, 6), null))
        {
            foreach (NamedParameter parameter in run.Model.Parameters.Where(p => p.Parameter.Box is not null))
                Assert.All(parameter.Parameter.Value.Data.ToArray(), v => Assert.InRange(v, parameter.Parameter.Box!.Value.Min, parameter.Parameter.Box.Value.Max));
        }
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(1e-4f)]
    public void ALongGradientIsScaledDownToTheLimit(float limit)
    {
        using var run = new Run(Networks.All["cadlif"](), _cpu, Run.Options(1) with { ClipNorm = limit });
        run.Trainer.Step(new ToyBatches(1, 6)[0], 1);
        Assert.Equal(limit, Norm(run.Model), 1e-5 * limit);
    }

    [Fact]
    public void AShortGradientIsLeftAlone()
    {
        using var clipped = new Run(Networks.All["cadlif"](), _cpu, Run.Options(1) with { ClipNorm = 1e6f });
        using var plain = new Run(Networks.All["cadlif"](), _cpu, Run.Options(1));
        clipped.Trainer.Step(new ToyBatches(1, 6)[0], 1);
        plain.Trainer.Step(new ToyBatches(1, 6)[0], 1);
        Run.Same(plain.Everything(), clipped.Everything(), "with a limit far away");
    }

    private static double Norm(Model model) => Math.Sqrt(model.Parameters.Sum(p => p.Parameter.Gradient.Data.ToArray().Sum(g => (double)g * g)));

    [Fact]
    public void StateHasUniqueNamesAndEverythingThatMoves()
    {
        Model model = Networks.Model("cadlif");
        var adam = new Adam(model.Parameters);
        Assert.Equal(2 * model.Parameters.Count, adam.State.Select(s => s.Name).Distinct().Count());
        Assert.Contains(adam.State, s => s.Name == "0.weight.first");
        Assert.Empty(new Sgd(model.Parameters, momentum: 0).State);
        Assert.Equal(model.Parameters.Count, new Sgd(model.Parameters).State.Count);
        adam.ClearGradients();
        Assert.All(model.Parameters, p => Assert.All(p.Parameter.Gradient.Data.ToArray(), g => Assert.Equal(0, g)));
    }
}
