using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Streaming;
using Volley.Tensors;
using Volley.Tests.Neurons;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Streaming;

public sealed class ModelStreamTests : IDisposable
{
    private const int Steps = 25;
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    public static TheoryData<string, ReadoutKind> Cases
    {
        get
        {
            var data = new TheoryData<string, ReadoutKind>();
            foreach (string net in Networks.All.Keys)
            {
                foreach (ReadoutKind readout in Enum.GetValues<ReadoutKind>())
                    data.Add(net, readout);
            }
            return data;
        }
    }

    /// <summary>A network whose running statistics are no longer those it was made with.</summary>
    private Model Trained(string net, ReadoutKind readout)
    {
        Model model = Networks.Model(net, readout);
        ModelRun.Of(_cpu, model, LayerInput.Random(InputKind.Spikes, 3, 20, Networks.Units, 0.3, seed: 11), [0, 1, 2], new CrossEntropyLoss(),
            stepLabels: readout == ReadoutKind.EachStep ? new int[60] : null);
        return model;
    }

    private static LayerInput Input(bool spikes) => LayerInput.Random(spikes ? InputKind.Spikes : InputKind.Floats, 1, Steps, Networks.Units, 0.4);

    private static void Feed(ModelStream stream, LayerInput input, int t)
    {
        ReadOnlySpan<float> row = input.Values.AsSpan(t * input.Units, input.Units);
        if (stream.Input.IsSpikes)
            SpikeBits.FromFloats(row, stream.Input.Bits, 1, input.Units, out _);
        else
            row.CopyTo(stream.Input.Values);
    }

    // A stream's spikes count 1, those of the inputs here 1.25.
    private static LayerInput Ones(LayerInput input) => input with { Kind = InputKind.Floats, Values = [.. input.Values.Select(v => v == 0 ? 0f : 1f)] };

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheScoresAfterEachStepAreThoseOfEvaluationSoFar(string net, ReadoutKind readout)
    {
        Model model = Trained(net, readout);
        foreach (bool spikes in (bool[])[true, false])
        {
            LayerInput input = Input(spikes);
            var stream = new ModelStream(model, _cpu, spikes);
            using var arena = new Arena();
            for (int t = 0; t < Steps; t++)
            {
                Feed(stream, input, t);
                float[] scores = stream.Step().ToArray();
                Assert.Equal(t + 1, stream.Steps);
                arena.Reset();
                LayerInput sofar = input with { Lengths = [t + 1] };
                Prediction whole = model.Forward(new Tape(_cpu, arena, training: false), (spikes ? Ones(sofar) : sofar).In(arena));
                Assert.Equal(readout == ReadoutKind.EachStep ? 3 : 2, whole.Scores.Shape.Rank);
                int first = readout == ReadoutKind.EachStep ? t * Networks.Classes : 0;
                SameBits.Check(whole.Scores.Data.Slice(first, Networks.Classes).ToArray(), scores, $"scores after {t + 1} steps");
                var output = new float[Networks.Classes];
                SameBits.Check(new Tape(_cpu, arena, training: false).Floats(whole.Sequence).Data.Slice(t * Networks.Classes, Networks.Classes).ToArray(),
                    stream.Output.Floats(output).ToArray(), $"output at step {t}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepAllocatesNothing(string net, ReadoutKind readout)
    {
        var stream = new ModelStream(Trained(net, readout), _cpu, spikes: true);
        Feed(stream, Input(spikes: true), 0);
        DriverChecks.StepsAllocateNothing(() => stream.Step());
    }

    [Fact]
    public void AStateIsAValue()
    {
        LayerInput input = Input(spikes: true);
        foreach (ReadoutKind readout in Enum.GetValues<ReadoutKind>())
        {
            Model model = Trained("recurrent", readout);
            var stream = new ModelStream(model, _cpu, spikes: true);
            float[] state = [], expected = Run(stream, 0, () =>
            {
                state = new float[stream.StateLength];
                stream.SaveState(state);
            });
            // Into a stream that has seen other things, and into one that has seen none.
            foreach (ModelStream other in (ModelStream[])[stream, new ModelStream(model, _cpu, spikes: true)])
            {
                other.LoadState(state);
                Assert.Equal(10, other.Steps);
                SameBits.Check(expected, Run(other, 10), $"{readout}: after the state was loaded");
            }
            stream.Clear();
            Assert.Equal(0, stream.Steps);
            SameBits.Check(expected, Run(stream, 0), $"{readout}: after clearing");
        }

        float[] Run(ModelStream stream, int start, Action? atTen = null)
        {
            float[] scores = [];
            for (int t = start; t < Steps; t++)
            {
                if (t == 10)
                    atTen?.Invoke();
                Feed(stream, input, t);
                scores = stream.Step().ToArray();
            }
            return scores;
        }
    }

    [Fact]
    public void TheCountOfStepsGoesOnBehindTheLastFloatThatCounts()
    {
        var stream = new ModelStream(Networks.Model("linear output", ReadoutKind.Mean), _cpu, spikes: false);
        stream.Step();
        var state = new float[stream.StateLength];
        stream.SaveState(state);
        // The state's last two floats are a long.
        System.Runtime.InteropServices.MemoryMarshal.Cast<float, long>(state.AsSpan(^2))[0] = 1L << 24;
        stream.LoadState(state);
        stream.Step();
        stream.Step();
        Assert.Equal((1L << 24) + 2, stream.Steps);
    }

    [Fact]
    public void StreamsOfOneModelDoNotKnowOfEachOther()
    {
        Model model = Trained("cadlif", ReadoutKind.SumSoftmax);
        LayerInput input = Input(spikes: false);
        ModelStream a = new(model, _cpu, spikes: false), b = new(model, _cpu, spikes: false), alone = new(model, _cpu, spikes: false);
        for (int t = 0; t < Steps; t++)
        {
            Feed(a, input, t);
            Feed(b, input, Steps - 1 - t);
            Feed(alone, input, t);
            b.Step();
            SameBits.Check(alone.Step().ToArray(), a.Step().ToArray(), $"step {t}");
        }
    }
}
