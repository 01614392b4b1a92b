using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class SpikeGemmTests
{
    private static readonly int[] Awkward = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65];

    public static TheoryData<int, int, int, double, string> Shapes()
    {
        var shapes = new TheoryData<int, int, int, double, string>();
        string[] kinds = ["bits", "values", "ternary"];
        double[] densities = [0.1, 0.5, 0.02, 1, 0];
        int n = 0;
        foreach (int inputs in Awkward)
        {
            foreach (int outputs in Awkward)
                shapes.Add(Awkward[n * 7 % Awkward.Length], inputs, outputs, densities[n++ % densities.Length], kinds[n % kinds.Length]);
        }
        foreach (string kind in kinds)
        {
            shapes.Add(130, 140, 256, 0.05, kind);
            shapes.Add(1100, 300, 20, 0.05, kind);
            shapes.Add(70, 257, 401, 0.2, kind);
            shapes.Add(200, 513, 10, 0.01, kind);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheProductIsTheDenseChain(int rows, int inputs, int outputs, double density, string kind)
    {
        SpikeReference.Spikes x = SpikeReference.Random(rows, inputs, density, kind, rows + inputs + outputs);
        float[] dense = x.Expand(), w = SpikeReference.RandomFloats(inputs * outputs, 1), start = SpikeReference.RandomFloats(rows * outputs, 2);
        float[] bias = SpikeReference.RandomFloats(outputs, 3);
        foreach (bool accumulate in (bool[])[false, true])
        {
            float[] result = TestCpus.SameBits(cpu =>
            {
                using var guards = new Guards();
                Span<float> y = guards.Of<float>(start);
                if (!accumulate)
                    y.Fill(float.NaN);
                SpikeGemm.Multiply(cpu, guards.Of(x), guards.Of<float>(w), y, outputs, accumulate, guards.Of<float>(bias));
                return y.ToArray();
            });
            float[] from = accumulate ? start : new float[start.Length];
            float[] chain = SpikeReference.Chain(rows, inputs, outputs, (r, i) => dense[r * inputs + i], (i, o) => w[i * outputs + o], from);
            (double[] sum, double[] size) = SpikeReference.Multiply(rows, inputs, outputs, (r, i) => dense[r * inputs + i], (i, o) => w[i * outputs + o], from);
            for (int i = 0; i < result.Length; i++)
            {
                float b = bias[i % outputs];
                Assert.Equal(chain[i] + b, result[i]);
                Assert.InRange(result[i] - (sum[i] + b), -1e-6 * (size[i] + 1), 1e-6 * (size[i] + 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheWeightGradientIsTheDenseChain(int rows, int inputs, int outputs, double density, string kind)
    {
        SpikeReference.Spikes x = SpikeReference.Random(rows, inputs, density, kind, rows + inputs + outputs);
        float[] dense = x.Expand(), dY = SpikeReference.RandomFloats(rows * outputs, 1), start = SpikeReference.RandomFloats(inputs * outputs, 2);
        float[] result = TestCpus.SameBits(cpu =>
        {
            using var guards = new Guards();
            Span<float> dW = guards.Of<float>(start);
            SpikeGemm.WeightGradient(cpu, guards.Of(x), guards.Of<float>(dY), dW, outputs);
            return dW.ToArray();
        });
        Assert.Equal(SpikeReference.Chain(inputs, rows, outputs, (i, r) => dense[r * inputs + i], (r, o) => dY[r * outputs + o], start), result);
        (double[] sum, double[] size) = SpikeReference.Multiply(inputs, rows, outputs, (i, r) => dense[r * inputs + i], (r, o) => dY[r * outputs + o], start);
        for (int i = 0; i < result.Length; i++)
            Assert.InRange(result[i] - sum[i], -3e-6 * size[i], 3e-6 * size[i]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheInputGradientIsTheDenseChainOnTheSupport(int rows, int inputs, int outputs, double density, string kind)
    {
        Assert.NotNull(kind);
        SpikeReference.Spikes support = SpikeReference.Random(rows, inputs, density, "bits", rows + inputs + outputs);
        float[] on = (support with { Scale = 1 }).Expand(), dY = SpikeReference.RandomFloats(rows * outputs, 1), w = SpikeReference.RandomFloats(inputs * outputs, 2);
        float[] result = TestCpus.SameBits(cpu =>
        {
            using var guards = new Guards();
            Span<float> dX = guards.Of<float>(new float[rows * inputs]);
            dX.Fill(float.NaN);
            SpikeGemm.InputGradient(cpu, guards.Of<float>(dY), guards.Of<float>(w), guards.Of<ulong>(support.Bits), dX, rows, inputs, outputs);
            return dX.ToArray();
        });
        float[] zero = new float[rows * inputs];
        float[] chain = SpikeReference.Chain(rows, outputs, inputs, (r, o) => dY[r * outputs + o], (o, i) => w[i * outputs + o], zero);
        (double[] sum, double[] size) = SpikeReference.Multiply(rows, outputs, inputs, (r, o) => dY[r * outputs + o], (o, i) => w[i * outputs + o], zero);
        for (int i = 0; i < result.Length; i++)
        {
            Assert.Equal(on[i] == 0 ? 0 : chain[i], result[i]);
            if (on[i] != 0)
                Assert.InRange(result[i] - sum[i], -1e-6 * size[i], 1e-6 * size[i]);
        }
    }

    /// <summary>⟨C, X·W⟩ as a function of W is linear, so its gradient Xᵀ·C satisfies ⟨C, X·(W + D) − X·W⟩ = ⟨Xᵀ·C, D⟩.</summary>
    [Theory]
    [InlineData("bits")]
    [InlineData("values")]
    [InlineData("ternary")]
    public void TheWeightGradientIsTheAdjointOfTheProduct(string kind)
    {
        const int rows = 90, inputs = 70, outputs = 33;
        using var cpu = new Cpu();
        SpikeReference.Spikes x = SpikeReference.Random(rows, inputs, 0.1, kind, 5);
        float[] d = SpikeReference.RandomFloats(inputs * outputs, 1), c = SpikeReference.RandomFloats(rows * outputs, 2);
        var y = new float[rows * outputs];
        var dW = new float[inputs * outputs];
        SpikeGemm.Multiply(cpu, x.Matrix, d, y, outputs);
        SpikeGemm.WeightGradient(cpu, x.Matrix, c, dW, outputs);
        double left = 0, right = 0, size = 0;
        for (int i = 0; i < y.Length; i++)
            left += (double)c[i] * y[i];
        for (int i = 0; i < d.Length; i++)
        {
            right += (double)dW[i] * d[i];
            size += Math.Abs((double)dW[i] * d[i]);
        }
        Assert.InRange(left - right, -1e-6 * size, 1e-6 * size);
    }

    [Fact]
    public void TheSteadyStateAllocatesNothing()
    {
        const int rows = 200, inputs = 140, outputs = 20;
        using var cpu = new Cpu(2);
        SpikeReference.Spikes x = SpikeReference.Random(rows, inputs, 0.1, "values", 5);
        float[] w = new float[inputs * outputs], y = new float[rows * outputs], dX = new float[rows * inputs];
        void Step()
        {
            SpikeGemm.Multiply(cpu, x.Matrix, w, y, outputs);
            SpikeGemm.WeightGradient(cpu, x.Matrix, y, w, outputs);
            SpikeGemm.InputGradient(cpu, y, w, x.Bits, dX, rows, inputs, outputs);
        }
        for (int i = 0; i < 20; i++)
            Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void WrongLengthsAreNamed()
    {
        using var cpu = new Cpu();
        static SpikeMatrix X() => new(new ulong[6], 3, 70);
        Assert.Equal("bits", Assert.Throws<ArgumentException>(() => new SpikeMatrix(new ulong[5], 3, 70).Rows).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => new SpikeMatrix(new ulong[6], 3, 70, 1, new float[3]).Rows).ParamName);
        Assert.Equal("negative", Assert.Throws<ArgumentException>(() => new SpikeMatrix(new ulong[6], 3, 70, 1, default, new ulong[3]).Rows).ParamName);
        Assert.Equal("negative", Assert.Throws<ArgumentException>(() => new SpikeMatrix(new ulong[6], 3, 70, 1, new float[210], new ulong[6]).Rows).ParamName);
        Assert.Equal("w", Assert.Throws<ArgumentException>(() => SpikeGemm.Multiply(cpu, X(), new float[5], new float[6], 2)).ParamName);
        Assert.Equal("y", Assert.Throws<ArgumentException>(() => SpikeGemm.Multiply(cpu, X(), new float[140], new float[5], 2)).ParamName);
        Assert.Equal("bias", Assert.Throws<ArgumentException>(() => SpikeGemm.Multiply(cpu, X(), new float[140], new float[6], 2, false, new float[1])).ParamName);
        Assert.Equal("dY", Assert.Throws<ArgumentException>(() => SpikeGemm.WeightGradient(cpu, X(), new float[5], new float[140], 2)).ParamName);
        Assert.Equal("support", Assert.Throws<ArgumentException>(() => SpikeGemm.InputGradient(cpu, new float[6], new float[140], new ulong[5], new float[210], 3, 70, 2)).ParamName);
    }

    /// <summary>Guarded copies that live as long as a test's call.</summary>
    private sealed class Guards : IDisposable
    {
        private readonly List<IDisposable> _all = [];

        public Span<T> Of<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            if (values.IsEmpty)
                return default;
            GuardedBuffer<T> buffer = GuardedBuffer<T>.Of(values);
            _all.Add(buffer);
            return buffer.Span;
        }

        public SpikeMatrix Of(SpikeReference.Spikes x) =>
            new(Of<ulong>(x.Bits), x.Rows, x.Columns, x.Scale, Of<float>(x.Values), Of<ulong>(x.Negative));

        public void Dispose()
        {
            foreach (IDisposable buffer in _all)
                buffer.Dispose();
        }
    }
}
