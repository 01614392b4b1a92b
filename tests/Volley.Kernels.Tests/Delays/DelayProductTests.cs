using Volley.Kernels.Delays;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.Delays;

/// <summary>Event by event, in the frequency domain and shifted: every way to a delayed product against the definition in double.</summary>
public class DelayProductTests
{
    public static TheoryData<int, int, int, int, int, string> Shapes()
    {
        var shapes = new TheoryData<int, int, int, int, int, string>();
        foreach ((int b, int t, int i, int o, int k) in new[]
        {
            (1, 1, 1, 1, 1), (2, 7, 3, 5, 5), (3, 30, 65, 17, 7), (2, 100, 20, 33, 25), (19, 12, 70, 16, 3), (5, 3, 4, 48, 31), (2, 300, 5, 4, 9), (0, 4, 3, 2, 5), (2, 0, 3, 2, 5),
        })
        {
            foreach (string kind in new[] { "bits", "counts", "signs", "floats" })
                shapes.Add(b, t, i, o, k, kind);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AgreesWithTheDefinition(int batch, int steps, int inputs, int outputs, int taps, string kind)
    {
        Problem problem = new(batch, steps, inputs, outputs, taps, kind);
        (double[] y, double[] dX, double[] dTaps) = problem.Expected();
        foreach (bool events in kind == "floats" ? new[] { false } : [true, false])
        {
            float[] all = TestCpus.SameBits(cpu => problem.Run(cpu, events));
            int more = y.Length + dX.Length;
            Close(y, all.AsSpan(0, y.Length), $"y, events {events}");
            Close(dX, all.AsSpan(y.Length, dX.Length), "dX");
            Close(dTaps, all.AsSpan(more, dTaps.Length), $"dTaps, events {events}");
        }
    }

    [Theory]
    [InlineData("bits", true)]
    [InlineData("bits", false)]
    [InlineData("floats", false)]
    public void PaddingChangesNoBit(string kind, bool events)
    {
        using var cpu = new Cpu();
        Problem brief = new(3, 110, 7, 18, 25, kind), padded = brief.Padded(90);
        float[] a = brief.Run(cpu, events), b = padded.Run(cpu, events);
        int extra = brief.Call.Extra, y = 3 * (110 + extra) * 18, x = 3 * 110 * 7, longY = 3 * (200 + extra) * 18, longX = 3 * 200 * 7;
        Assert.Equal(a.AsSpan(y + x).ToArray(), b.AsSpan(longY + longX).ToArray());
        for (int s = 0; s < 3; s++)
        {
            Assert.Equal(a.AsSpan(s * (110 + extra) * 18, (110 + extra) * 18).ToArray(), b.AsSpan(s * (200 + extra) * 18, (110 + extra) * 18).ToArray());
            Assert.Equal(a.AsSpan(y + s * 110 * 7, 110 * 7).ToArray(), b.AsSpan(longY + s * 200 * 7, 110 * 7).ToArray());
        }
    }

    [Theory]
    [InlineData("bits")]
    [InlineData("counts")]
    [InlineData("floats")]
    public void AWholeDelayIsAShift(string kind)
    {
        Problem problem = new(4, 23, 6, 19, 9, kind, kernels: 2);
        var delays = new int[problem.Call.Synapses];
        var random = new Random(2);
        float[] positions = [.. delays.Select(_ => (float)(random.Next(-4, 5) + 0.8 * (random.NextDouble() - 0.5)))], weights = [.. delays.Select(_ => (float)random.NextDouble() - 0.5f)];
        DelayShift.Round(positions, delays, 9);
        for (int s = 0; s < delays.Length; s++)
            Assert.Equal(4 - Math.Round(positions[s], MidpointRounding.ToEven), delays[s]);
        double Tap(int i, int o, int d) => Enumerable.Range(0, 2).Sum(c => delays[(c * 6 + i) * 19 + o] == d ? weights[(c * 6 + i) * 19 + o] : 0);
        double[] expected = problem.ExpectedOutput(Tap);
        float[] y = TestCpus.SameBits(cpu => problem.Shift(cpu, weights, delays));
        Close(expected, y, "y");
        for (int b = 0; b < 4; b++)
            Assert.Equal(y.AsSpan(b * 27 * 19, problem.Lengths[b] * 19).ToArray(), problem.Stream(b, weights, delays));
    }

    [Fact]
    public void HalvesRoundToEven()
    {
        var delays = new int[5];
        DelayShift.Round([0.5f, 1.5f, -0.5f, -1.5f, 7], delays, 9);
        Assert.Equal([4, 2, 4, 6, 0], delays);
    }

    /// <summary>Every delay one step longer: every current one step later, and nothing else.</summary>
    [Fact]
    public void LongerDelaysShiftTheCurrent()
    {
        Problem problem = new(1, 40, 6, 5, 9, "bits");
        var random = new Random(2);
        int[] delays = [.. Enumerable.Range(0, 30).Select(_ => random.Next(0, 8))];
        float[] weights = [.. delays.Select(_ => (float)random.NextDouble())];
        using var cpu = new Cpu();
        float[] before = problem.Shift(cpu, weights, delays), after = problem.Shift(cpu, weights, [.. delays.Select(d => d + 1)]);
        Assert.Equal(new float[5], after[..5]);
        Assert.Equal(before[..^5], after[5..]);
    }

    private static void Close(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        double scale = expected.Length == 0 ? 1 : 1e-3 + expected.Max(Math.Abs);
        Testing.Close.All(expected, actual, 0, 3e-6 * scale, what);
    }

    /// <summary>Input, taps and gradient of the output.</summary>
    private sealed class Problem
    {
        private readonly string _kind;
        private readonly float[] _x, _taps, _dY;

        public Problem(int batch, int steps, int inputs, int outputs, int taps, string kind, int kernels = 1)
        {
            (Call, _kind) = (new DelayCall(batch, steps, inputs, outputs, taps, kernels), kind);
            Lengths = [.. Enumerable.Range(0, batch).Select(b => b % 3 == 1 ? steps / 2 : b % 3 == 2 ? Math.Min(1, steps) : steps)];
            var random = new Random(steps + taps);
            _x = [.. Enumerable.Range(0, batch * steps * inputs).Select(_ => Value(random, kind))];
            _taps = new float[Call.TapFloats];
            for (int i = 0; i < _taps.Length; i++)
                _taps[i] = i % 16 + i / (16 * taps * inputs) * 16 < outputs ? (float)random.NextDouble() - 0.5f : 0;
            _dY = [.. Enumerable.Range(0, batch * Call.OutputSteps * outputs).Select(_ => (float)random.NextDouble() - 0.5f)];
            // What is behind a sample's steps must not matter.
            for (int b = 0; b < batch; b++)
                _x.AsSpan((b * steps + Lengths[b]) * inputs, (steps - Lengths[b]) * inputs).Fill(kind == "floats" ? float.NaN : 1.5f);
        }

        private Problem(DelayCall call, string kind, float[] x, float[] taps, float[] dY, int[] lengths) =>
            (Call, _kind, _x, _taps, _dY, Lengths) = (call, kind, x, taps, dY, lengths);

        public DelayCall Call { get; }

        public int[] Lengths { get; }

        private static float Value(Random random, string kind) => kind == "floats"
            ? (float)random.NextDouble() - 0.5f
            : random.NextDouble() > 0.15 ? 0 : kind == "counts" ? 1.5f * (1 + random.Next(3)) : kind == "signs" ? 1.5f * (random.Next(2) * 2 - 1) : 1.5f;

        public Problem Padded(int more)
        {
            DelayCall longer = Call with { Steps = Call.Steps + more };
            float[] Pad(float[] values, int steps, int width)
            {
                var padded = new float[Call.Batch * (steps + more) * width];
                for (int b = 0; b < Call.Batch; b++)
                    values.AsSpan(b * steps * width, steps * width).CopyTo(padded.AsSpan(b * (steps + more) * width));
                return padded;
            }
            return new Problem(longer, _kind, Pad(_x, Call.Steps, Call.Inputs), _taps, Pad(_dY, Call.OutputSteps, Call.Outputs), Lengths);
        }

        private double Tap(int i, int o, int d) => _taps[((o / 16 * Call.Inputs + i) * Call.Taps + d) * 16 + o % 16];

        public (double[] Y, double[] DX, double[] DTaps) Expected()
        {
            double[] dX = new double[_x.Length], dTaps = new double[_taps.Length];
            for (int b = 0; b < Call.Batch; b++)
            {
                int length = Lengths[b], longer = length + Call.Extra;
                var dY = new double[longer, Call.Outputs];
                for (int t = 0; t < longer; t++)
                {
                    for (int o = 0; o < Call.Outputs; o++)
                        dY[t, o] = _dY[(b * Call.OutputSteps + t) * Call.Outputs + o];
                }
                (double[,] dInput, double[,,] d) = DelayReference.Backward(Sample(b), dY, Tap, Call.Taps);
                for (int t = 0; t < length; t++)
                {
                    for (int i = 0; i < Call.Inputs; i++)
                        dX[(b * Call.Steps + t) * Call.Inputs + i] = dInput[t, i];
                }
                for (int i = 0; i < Call.Inputs; i++)
                {
                    for (int o = 0; o < Call.Outputs; o++)
                    {
                        for (int k = 0; k < Call.Taps; k++)
                            dTaps[((o / 16 * Call.Inputs + i) * Call.Taps + k) * 16 + o % 16] += d[i, o, k];
                    }
                }
            }
            return (ExpectedOutput(Tap), dX, dTaps);
        }

        public double[] ExpectedOutput(Func<int, int, int, double> tap)
        {
            var y = new double[Call.Batch * Call.OutputSteps * Call.Outputs];
            for (int b = 0; b < Call.Batch; b++)
            {
                double[,] output = DelayReference.Forward(Sample(b), tap, Call.Outputs, Call.Taps);
                for (int t = 0; t < output.GetLength(0); t++)
                {
                    for (int o = 0; o < Call.Outputs; o++)
                        y[(b * Call.OutputSteps + t) * Call.Outputs + o] = output[t, o];
                }
            }
            return y;
        }

        private double[,] Sample(int b)
        {
            var x = new double[Lengths[b], Call.Inputs];
            for (int t = 0; t < Lengths[b]; t++)
            {
                for (int i = 0; i < Call.Inputs; i++)
                    x[t, i] = _x[(b * Call.Steps + t) * Call.Inputs + i];
            }
            return x;
        }

        /// <summary>y, dX and dTaps.</summary>
        public float[] Run(Cpu cpu, bool events)
        {
            var transform = new TimeTransform(Call.Taps);
            using var k = GuardedBuffer<float>.Of(_taps);
            using var y = new GuardedBuffer<float>(Call.Batch * Call.OutputSteps * Call.Outputs);
            using var dY = GuardedBuffer<float>.Of(_dY);
            using var x = GuardedBuffer<float>.Of(_x);
            using var dX = new GuardedBuffer<float>(_x.Length);
            using var dTaps = new GuardedBuffer<float>(_taps.Length);
            var workspace = new float[DelaySpectrum.WorkspaceFloats(transform, Call)];
            y.Span.Fill(float.NaN);
            dX.Span.Fill(float.NaN);
            if (events)
            {
                DelayEvents.Forward(cpu, Spikes(), k.Span, y.Span, Call, Lengths);
                DelayEvents.TapGradient(cpu, Spikes(), dY.Span, dTaps.Span, Call, Lengths);
            }
            else
            {
                DelaySpectrum.Forward(cpu, transform, x.Span, k.Span, y.Span, workspace, Call, Lengths);
                DelaySpectrum.TapGradient(cpu, transform, x.Span, dY.Span, dTaps.Span, workspace, Call, Lengths);
            }
            DelaySpectrum.InputGradient(cpu, transform, dY.Span, k.Span, dX.Span, workspace, Call, Lengths);
            return [.. y.Span, .. dX.Span, .. dTaps.Span];
        }

        public float[] Shift(Cpu cpu, float[] weights, int[] delays)
        {
            using var y = new GuardedBuffer<float>(Call.Batch * Call.OutputSteps * Call.Outputs);
            y.Span.Fill(float.NaN);
            if (_kind == "floats")
                DelayShift.Forward(cpu, _x, weights, delays, y.Span, Call, Lengths);
            else
                DelayShift.Forward(cpu, Spikes(), weights, delays, y.Span, Call, Lengths);
            return y.Span.ToArray();
        }

        /// <summary>The steps of one sample as a stream.</summary>
        public float[] Stream(int b, float[] weights, int[] delays)
        {
            var ring = new float[Call.Taps * Call.Outputs];
            var outputs = new List<float>();
            for (int t = 0; t < Lengths[b]; t++)
            {
                int now = t % Call.Taps;
                DelayShift.Step([], 1, _x.AsSpan((b * Call.Steps + t) * Call.Inputs, Call.Inputs), weights, delays, ring, now, Call);
                Span<float> row = ring.AsSpan(now * Call.Outputs, Call.Outputs);
                outputs.AddRange(row);
                row.Clear();
            }
            return [.. outputs];
        }

        private SpikeMatrix Spikes()
        {
            int rows = Call.Batch * Call.Steps, words = SpikeBits.WordsPerRow(Call.Inputs);
            var bits = new ulong[rows * words];
            SpikeBits.FromFloats(_x, bits, rows, Call.Inputs, out _);
            if (_kind == "counts")
                return new SpikeMatrix(bits, rows, Call.Inputs, 1.5f, _x.Select(v => v / 1.5f).ToArray());
            if (_kind != "signs")
                return new SpikeMatrix(bits, rows, Call.Inputs, 1.5f);
            var negative = new ulong[bits.Length];
            SpikeBits.FromFloats([.. _x.Select(v => Math.Min(v, 0))], negative, rows, Call.Inputs, out _);
            return new SpikeMatrix(bits, rows, Call.Inputs, 1.5f, default, negative);
        }
    }
}
