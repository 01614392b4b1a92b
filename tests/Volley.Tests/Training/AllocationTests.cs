using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Training;
using Dropout = Volley.Nn.Dropout;

namespace Volley.Tests.Training;

/// <summary>Runs by itself: it watches the memory of the process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a training step allocates once everything is warm: a few small objects, whatever the sizes.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int Most = 16 << 10;

    private static readonly Dictionary<string, Func<int, Module>> s_nets = new()
    {
        ["lif"] = n => new Chain(Dense(140, n), Lif(n), new Dropout(0.1f), Dense(n, n), Lif(n), new Dropout(0.1f), Dense(n, 20), Integrator()),
        ["adlif, batch norm"] = n => new Chain(Dense(140, n), new BatchNorm(n), AdLif(n), new Dropout(0.1f), Dense(n, n), new BatchNorm(n), AdLif(n), new Dropout(0.1f),
            Dense(n, 20), Integrator()),
        ["recurrent adlif, batch norm"] = n => new Chain(Dense(140, n), new BatchNorm(n), Recurrent(n), new Dropout(0.1f), Dense(n, n), new BatchNorm(n), Recurrent(n),
            new Dropout(0.1f), Dense(n, 20), Integrator()),
        ["recurrent with delays"] = n => new Chain(Dense(140, n), DelayedRecurrent(n), Dense(n, n), DelayedRecurrent(n), Dense(n, 20), Integrator()),
        ["residual, layer norm"] = n => new Chain(Dense(140, n), new LayerNorm(n), Lif(n), new Residual(new Chain(Dense(n, n), new LayerNorm(n), AdLif(n))), Dense(n, 20), Integrator()),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string net in s_nets.Keys)
            {
                data.Add(net, 1);
                data.Add(net, 2);
            }
            return data;
        }
    }

    private static Dense Dense(int inputs, int outputs) => new(inputs, outputs, new Rng(1), bias: false);

    private static NeuronLayer Lif(int n) => new LifLayer(n, new Rng(1), Coefficient.LearnedDecay(2, 9));

    private static NeuronLayer AdLif(int n) => new AdLifLayer(n, new Rng(1), firing: new Firing(new Boxcar(), RandomInitialState: true));

    private static Recurrent Recurrent(int n) => new(AdLif(n), Dense(n, n));

    private static DelayedRecurrent DelayedRecurrent(int n) => new(AdLif(n), Dense(n, n), new RecurrentDelayOptions { MaxDelay = 8, Spread = 3, Dropout = 0.2f }, new Rng(1));

    private static NeuronLayer Integrator() => new LeakyIntegratorLayer(20, new Rng(1), Coefficient.Boxed(0.82f, 0.96f));

    private static long BytesPerStep(string net, int threads, int neurons, int batch, int steps)
    {
        using var cpu = new Cpu(threads);
        var model = new Model(net, s_nets[net](neurons), 140, 20, ReadoutKind.SumSoftmax);
        using var trainer = new Trainer(model, new Adam(model.Parameters), cpu, Run.Options(1000, 1e-3f) with
        {
            ClipNorm = 1,
            RateRegularizer = new RateRegularizer(),
            Schedule = new OneCycleSchedule(),
        });
        var data = new ToyBatches(2, batch, steps: steps, units: 140);
        for (int i = 0; i < 8; i++)
            trainer.Step(data[i % 2], 100);
        var bytes = new long[9];
        for (int i = 0; i < bytes.Length; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Step(data[i % 2], 100);
            bytes[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // Not the largest: a collection may empty the array pool, and on a busy machine this thread may get a kind of work for the first time.
        return bytes.Order().ElementAt(2);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepAllocatesLittleAndNothingThatGrows(string net, int threads)
    {
        long bytes = BytesPerStep(net, threads, neurons: 256, batch: 32, steps: 20);
        Assert.InRange(bytes, 1, Most);
        Assert.InRange(BytesPerStep(net, threads, neurons: 64, batch: 8, steps: 10), bytes - 64, bytes + 64);
    }

    [Fact]
    public void MoreSamplesThanFitTheStackAllocateNoMore() =>
        Assert.Equal(BytesPerStep("lif", 1, neurons: 8, batch: 16, steps: 4), BytesPerStep("lif", 1, neurons: 8, batch: 1500, steps: 4), 64.0);

    [Fact]
    public void MemoryOutsideTheHeapDoesNotGrow()
    {
        using var cpu = new Cpu(2);
        var model = new Model("net", s_nets["recurrent adlif, batch norm"](128), 140, 20, ReadoutKind.SumSoftmax);
        using var trainer = new Trainer(model, new Adam(model.Parameters), cpu, Run.Options(1000, 1e-3f));
        var data = new ToyBatches(2, 8, steps: 10, units: 140);
        for (int i = 0; i < 20; i++)
            trainer.Step(data[i % 2], 100);
        long before = Environment.WorkingSet;
        for (int i = 0; i < 200; i++)
            trainer.Step(data[i % 2], 100);
        // One lost packed matrix a step would be 26 MB.
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 16L << 20);
    }
}
