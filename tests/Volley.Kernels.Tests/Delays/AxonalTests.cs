using Volley.Kernels.Delays;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.Delays;

/// <summary>Delays of channels against the definition in double: the delayed product with taps from every channel to itself alone.</summary>
public class AxonalTests
{
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1, 0 }, { 2, 7, 5, 5, 2 }, { 3, 30, 17, 7, 3 }, { 2, 100, 33, 25, 12 }, { 5, 3, 48, 31, 15 }, { 7, 12, 16, 4, 0 }, { 2, 9, 65, 12, 0 }, { 0, 4, 3, 5, 2 }, { 2, 0, 3, 5, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AgreesWithTheDefinition(int batch, int steps, int channels, int taps, int extra)
    {
        var problem = new Problem(new AxonalCall(batch, steps, channels, taps, extra));
        (double[] y, double[] dX, double[] dTaps) = problem.Expected();
        float[] all = TestCpus.SameBits(problem.Run);
        Close(y, all.AsSpan(0, y.Length), "y");
        Close(dX, all.AsSpan(y.Length, dX.Length), "dX");
        Close(dTaps, all.AsSpan(y.Length + dX.Length), "dTaps");
    }

    [Fact]
    public void PaddingChangesNoBit()
    {
        using var cpu = new Cpu();
        var brief = new Problem(new AxonalCall(3, 40, 18, 9, 4));
        Problem padded = brief.Padded(21);
        float[] a = brief.Run(cpu), b = padded.Run(cpu);
        Assert.Equal(a.AsSpan(3 * (44 + 40) * 18).ToArray(), b.AsSpan(3 * (65 + 61) * 18).ToArray());
        for (int s = 0; s < 3; s++)
        {
            int y = brief.Lengths[s] + 4;
            Assert.Equal(a.AsSpan(s * 44 * 18, y * 18).ToArray(), b.AsSpan(s * 65 * 18, y * 18).ToArray());
            Assert.Equal(new float[(65 - y) * 18], b.AsSpan((s * 65 + y) * 18, (65 - y) * 18).ToArray());
            Assert.Equal(a.AsSpan((3 * 44 + s * 40) * 18, brief.Lengths[s] * 18).ToArray(), b.AsSpan((3 * 65 + s * 61) * 18, brief.Lengths[s] * 18).ToArray());
        }
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(70, 9)]
    public void WholeDelaysShift(int channels, int taps)
    {
        var call = new AxonalCall(3, 20, channels, taps, taps / 2);
        var problem = new Problem(call);
        var random = new Random(4);
        int[] delays = [.. Enumerable.Range(0, channels).Select(_ => random.Next(taps))];
        float[] spikes = [.. problem.X.Select(v => v > 0.2f ? 1f : 0)];
        foreach (bool bits in new[] { false, true })
        {
            float[] x = bits ? spikes : problem.X;
            float[] y = TestCpus.SameBits(cpu => bits ? Spikes(cpu, x, delays, call, problem.Lengths) : Values(cpu, x, delays, call, problem.Lengths));
            for (int b = 0; b < 3; b++)
            {
                for (int t = 0; t < call.OutputSteps; t++)
                {
                    for (int n = 0; n < channels; n++)
                    {
                        int source = t - delays[n], length = problem.Lengths[b];
                        float expected = t < length + call.Extra && source >= 0 && source < length ? x[(b * 20 + source) * channels + n] : 0;
                        Assert.Equal(expected, y[(b * call.OutputSteps + t) * channels + n]);
                    }
                }
                Assert.Equal(y.AsSpan(b * call.OutputSteps * channels, problem.Lengths[b] * channels).ToArray(), Stream(x, b, delays, call, problem.Lengths[b], bits));
            }
        }
    }

    [Fact]
    public void ADelayThatTheTapsDoNotHoldIsRefused()
    {
        using var cpu = new Cpu(1);
        Assert.Contains("0 … 4", Assert.Throws<ArgumentOutOfRangeException>(() => AxonalShift.Forward(cpu, new float[6], [0, 5], new float[10], new AxonalCall(1, 3, 2, 5, 2))).Message, StringComparison.Ordinal);
    }

    private static float[] Values(Cpu cpu, float[] x, int[] delays, AxonalCall call, int[] lengths)
    {
        using var from = GuardedBuffer<float>.Of(x);
        using var y = new GuardedBuffer<float>(call.Batch * call.OutputSteps * call.Channels);
        y.Span.Fill(float.NaN);
        AxonalShift.Forward(cpu, from.Span, delays, y.Span, call, lengths);
        return y.Span.ToArray();
    }

    private static float[] Spikes(Cpu cpu, float[] x, int[] delays, AxonalCall call, int[] lengths)
    {
        int words = SpikeBits.WordsPerRow(call.Channels);
        using var from = new GuardedBuffer<ulong>(call.Batch * call.Steps * words);
        using var to = new GuardedBuffer<ulong>(call.Batch * call.OutputSteps * words);
        SpikeBits.FromFloats(x, from.Span, call.Batch * call.Steps, call.Channels, out _);
        to.Span.Fill(ulong.MaxValue);
        AxonalShift.Forward(cpu, from.Span, delays, to.Span, call, lengths);
        var y = new float[call.Batch * call.OutputSteps * call.Channels];
        SpikeBits.Expand(cpu, new SpikeMatrix(to.Span, call.Batch * call.OutputSteps, call.Channels), y);
        return y;
    }

    /// <summary>The steps of one sample as a stream.</summary>
    private static float[] Stream(float[] x, int b, int[] delays, AxonalCall call, int length, bool bits)
    {
        int channels = call.Channels;
        var ring = new float[call.Taps * channels];
        var word = new ulong[SpikeBits.WordsPerRow(channels)];
        var outputs = new List<float>();
        for (int t = 0; t < length; t++)
        {
            int now = t % call.Taps;
            ReadOnlySpan<float> row = x.AsSpan((b * call.Steps + t) * channels, channels);
            SpikeBits.FromFloats(row, word, 1, channels, out _);
            AxonalShift.Step(bits ? word : [], bits ? [] : row, delays, ring, now);
            outputs.AddRange(ring.AsSpan(now * channels, channels));
            ring.AsSpan(now * channels, channels).Clear();
        }
        return [.. outputs];
    }

    private static void Close(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        double scale = expected.Length == 0 ? 1 : 1e-3 + expected.Max(Math.Abs);
        Testing.Close.All(expected, actual, 0, 3e-6 * scale, what);
    }

    /// <summary>Input, taps and gradient of the output.</summary>
    private sealed class Problem
    {
        private readonly float[] _taps, _dY;

        public Problem(AxonalCall call)
        {
            Call = call;
            Lengths = [.. Enumerable.Range(0, call.Batch).Select(b => b % 3 == 1 ? call.Steps / 2 : b % 3 == 2 ? Math.Min(1, call.Steps) : call.Steps)];
            var random = new Random(call.Steps + call.Taps);
            float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
            (X, _taps, _dY) = (Draw(call.Batch * call.Steps * call.Channels), Draw(call.TapFloats), Draw(call.Batch * call.OutputSteps * call.Channels));
            for (int i = 0; i < _taps.Length; i++)
                _taps[i] *= i / (16 * call.Taps) * 16 + i % 16 < call.Channels ? 1 : 0;
            Spoil();
        }

        private Problem(Problem brief, int more)
        {
            (Call, Lengths, _taps) = (brief.Call with { Steps = brief.Call.Steps + more }, brief.Lengths, brief._taps);
            (X, _dY) = (Pad(brief.X, brief.Call.Steps), Pad(brief._dY, brief.Call.OutputSteps));
            Spoil();

            float[] Pad(float[] values, int steps)
            {
                int width = Call.Channels;
                var padded = new float[Call.Batch * (steps + more) * width];
                for (int b = 0; b < Call.Batch; b++)
                    values.AsSpan(b * steps * width, steps * width).CopyTo(padded.AsSpan(b * (steps + more) * width));
                return padded;
            }
        }

        public AxonalCall Call { get; }

        public int[] Lengths { get; }

        public float[] X { get; }

        public Problem Padded(int more) => new(this, more);

        /// <summary>What is behind a sample's steps must not matter.</summary>
        private void Spoil()
        {
            int n = Call.Channels;
            for (int b = 0; b < Call.Batch; b++)
            {
                X.AsSpan((b * Call.Steps + Lengths[b]) * n, (Call.Steps - Lengths[b]) * n).Fill(float.NaN);
                _dY.AsSpan((b * Call.OutputSteps + Lengths[b] + Call.Extra) * n, (Call.Steps - Lengths[b]) * n).Fill(float.NaN);
            }
        }

        private int At(int n, int d) => (n / 16 * Call.Taps + d) * 16 + n % 16;

        public (double[] Y, double[] DX, double[] DTaps) Expected()
        {
            double[] y = new double[_dY.Length], dX = new double[X.Length], dTaps = new double[_taps.Length];
            int n = Call.Channels;
            for (int b = 0; b < Call.Batch; b++)
            {
                int length = Lengths[b], longer = length + Call.Extra;
                for (int c = 0; c < n; c++)
                {
                    var x = new double[length];
                    var dY = new double[longer];
                    for (int t = 0; t < length; t++)
                        x[t] = X[(b * Call.Steps + t) * n + c];
                    for (int t = 0; t < longer; t++)
                        dY[t] = _dY[(b * Call.OutputSteps + t) * n + c];
                    double[] k = [.. Enumerable.Range(0, Call.Taps).Select(d => (double)_taps[At(c, d)])];
                    (double[] output, double[] dInput, double[] dK) = AxonalReference.Run(x, k, dY);
                    for (int t = 0; t < longer; t++)
                        y[(b * Call.OutputSteps + t) * n + c] = output[t];
                    for (int t = 0; t < length; t++)
                        dX[(b * Call.Steps + t) * n + c] = dInput[t];
                    for (int d = 0; d < Call.Taps; d++)
                        dTaps[At(c, d)] += dK[d];
                }
            }
            return (y, dX, dTaps);
        }

        /// <summary>y, dX and dTaps.</summary>
        public float[] Run(Cpu cpu)
        {
            using var k = GuardedBuffer<float>.Of(_taps);
            using var x = GuardedBuffer<float>.Of(X);
            using var dY = GuardedBuffer<float>.Of(_dY);
            using var y = new GuardedBuffer<float>(_dY.Length);
            using var dX = new GuardedBuffer<float>(X.Length);
            using var dTaps = new GuardedBuffer<float>(_taps.Length);
            y.Span.Fill(float.NaN);
            dX.Span.Fill(float.NaN);
            AxonalTaps.Forward(cpu, x.Span, k.Span, y.Span, Call, Lengths);
            AxonalTaps.InputGradient(cpu, dY.Span, k.Span, dX.Span, Call, Lengths);
            AxonalTaps.TapGradient(cpu, x.Span, dY.Span, dTaps.Span, Call, Lengths);
            return [.. y.Span, .. dX.Span, .. dTaps.Span];
        }
    }
}
