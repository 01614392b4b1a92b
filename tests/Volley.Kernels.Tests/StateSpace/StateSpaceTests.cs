using Volley.Kernels.StateSpace;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.StateSpace;

/// <summary>Diagonal state-space kernels against sums in double, against finite differences, and against published numbers.</summary>
public sealed class StateSpaceTests
{
    private static readonly Cpu s_cpu = new();

    /// <summary>Two modes, A = −½ + iπn, Δ = 0.1, B = 1, C = (1, ½ − ¼i), D = 0.</summary>
    private static StateSpaceParameters Example() => new()
    {
        LogStep = new[] { MathF.Log(0.1f) },
        LogDecay = new[] { MathF.Log(0.5f), MathF.Log(0.5f) },
        Frequency = new[] { 0, MathF.PI },
        B = new float[] { 1, 0, 1, 0 },
        C = new[] { 1, 0, 0.5f, -0.25f },
        D = new float[] { 0 },
    };

    private static StateSpaceCall ExampleCall(Discretization rule, int steps) => new(1, steps, 1, 2, 1, false, rule);

    public static TheoryData<Discretization, double[], double[]> Published => new()
    {
        { Discretization.ZeroOrderHold, [.29858192, .28887565, .26978667, .24318799, .21153261, .17756206], [.29858192, -.30828819, -.15867368, .74379824, .72667692, .98403275] },
        { Discretization.Bilinear, [.29774827, .28828588, .26961923, .24352948, .21237129, .17879592], [.29774827, -.30721066, -.15807840, .74167877, .72497960, .98242405] },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void TheExampleHasItsPublishedKernelAndOutput(Discretization rule, double[] kernel, double[] output)
    {
        StateSpaceCall call = ExampleCall(rule, 6);
        StateSpaceParameters parameters = Example();
        var k = new float[6];
        StateSpaceConvolution.Kernels(parameters, k, call);
        Close.All(kernel, k, 0, 2e-7, "kernel");

        float[] u = [1, -2, 0.5f, 3, 0, 1], y = new float[6], scanned = new float[6], spectra = new float[call.SpectrumCount(default)], coefficients = new float[call.ScanCount];
        using var table = new TwiddleTable(6);
        StateSpaceConvolution.Forward(s_cpu, table, parameters, u, y, spectra, call);
        Close.All(output, y, 0, 5e-7, "convolution");
        StateSpaceScan.Coefficients(parameters, coefficients, call);
        StateSpaceScan.Forward(s_cpu, coefficients, u, scanned, default, call);
        Close.All(output, scanned, 0, 5e-7, "recurrence");
    }

    [Fact]
    public void TwoDirectionsAddUp()
    {
        // Ā = ½ exactly: k0 = (1, ½, ¼, …), k1 = 10·k0.
        var call = new StateSpaceCall(1, 4, 1, 1, 1, true, Discretization.ZeroOrderHold);
        float gain = (float)(0.5 * Math.Log(2) / 0.5);
        var parameters = new StateSpaceParameters
        {
            LogStep = new float[] { 0 },
            LogDecay = new[] { (float)Math.Log(Math.Log(2)) },
            Frequency = new float[] { 0 },
            B = new float[] { 1, 0 },
            C = new[] { gain, 0, 10 * gain, 0 },
            D = new float[] { 0 },
        };
        float[] u = [1, 2, 3, 4], y = new float[4], spectra = new float[call.SpectrumCount(default)];
        using var table = new TwiddleTable(4);
        StateSpaceConvolution.Forward(s_cpu, table, parameters, u, y, spectra, call);
        Close.All([46, 52.5, 44.25, 6.125], y, 1e-6, 0, "output");
    }

    public static TheoryData<int, int, int, bool> Sizes => new()
    {
        { 1, 1, 1, false }, { 2, 1, 3, true }, { 2, 7, 16, false }, { 1, 15, 17, true }, { 2, 16, 1, true }, { 3, 17, 33, false }, { 1, 63, 5, true }, { 2, 64, 16, true },
        { 1, 65, 18, false }, { 1, 100, 2, true }, { 9, 130, 3, false }, { 1, 257, 1, true }, { 1, 600, 4, true }, { 1, 1100, 2, false },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ForwardIsTheSumOverLags(int batch, int steps, int channels, bool bidirectional)
    {
        foreach (Discretization rule in Enum.GetValues<Discretization>())
        {
            foreach (int[]? lengths in (int[]?[])[null, [.. Enumerable.Range(0, batch).Select(b => Math.Max(b == 1 ? 0 : 1, steps - 3 * b - 1))]])
            {
                var problem = new StateSpaceProblem(new StateSpaceCall(batch, steps, channels, 3, Math.Min(2, channels), bidirectional, rule), lengths);
                double[] expected = problem.Reference.Forward(Numbers.ToDouble(problem.X), lengths);
                double scale = expected.Max(Math.Abs);
                TestCpus.ForEach(cpu => Close.All(expected, problem.Forward(cpu), 0, 2e-6 * scale, $"convolution, {rule}, {cpu.Width}"));
                if (!bidirectional)
                    TestCpus.ForEach(cpu => Close.All(expected, problem.Scan(cpu), 0, 5e-6 * scale, $"scan, {rule}, {cpu.Width}"));
            }
        }
    }

    [Theory]
    [InlineData(1024, 0.001)]
    [InlineData(16384, 0.0001)]
    public void LongSequencesStayAccurate(int steps, double smallest)
    {
        StateSpaceProblem problem = Long(steps, smallest);
        double[] u = Numbers.ToDouble(problem.X), recurrence = problem.Reference.Recurrence(0, u), kernel = problem.Reference.Kernel(0, 0, steps);
        // In double, the two ways to the same sum: a few outputs suffice.
        foreach (int t in (int[])[0, steps / 3, steps - 1])
        {
            double sum = problem.Reference.D[0] * u[t];
            for (int j = 0; j <= t; j++)
                sum += kernel[j] * u[t - j];
            Assert.Equal(recurrence[t], sum, 1e-10);
        }
        double scale = recurrence.Max(Math.Abs);
        Close.All(recurrence, problem.Forward(s_cpu), 0, 1e-6 * scale, "convolution");
        Close.All(recurrence, problem.Scan(s_cpu), 0, 5e-4 * scale, "scan");
    }

    /// <summary>One channel of 64 states, S4D-Inv.</summary>
    private static StateSpaceProblem Long(int steps, double step)
    {
        var problem = new StateSpaceProblem(new StateSpaceCall(1, steps, 1, 32, 1, false, Discretization.Bilinear));
        problem.Parameters.LogStep[0] = (float)Math.Log(step);
        problem.Parameters.LogDecay.Fill((float)Math.Log(0.5));
        for (int n = 0; n < 32; n++)
            problem.Parameters.Frequency[n] = (float)(64 / Math.PI * (64.0 / (2 * n + 1) - 1));
        return problem;
    }

    [Theory]
    [InlineData(2, 9, 3, 2, false)]
    [InlineData(2, 9, 3, 2, true)]
    [InlineData(9, 20, 2, 1, true)]
    [InlineData(1, 70, 2, 2, true)]
    [InlineData(2, 140, 1, 1, false)]
    public void GradientsAreThoseOfFiniteDifferences(int batch, int steps, int channels, int sets, bool bidirectional)
    {
        foreach (Discretization rule in Enum.GetValues<Discretization>())
        {
            foreach (int[]? lengths in (int[]?[])[null, [.. Enumerable.Range(0, batch).Select(b => Math.Max(1, steps - 5 * b))]])
            {
                var problem = new StateSpaceProblem(new StateSpaceCall(batch, steps, channels, 3, sets, bidirectional, rule), lengths);
                StateSpaceReference reference = problem.Reference;
                double[] x = Numbers.ToDouble(problem.X), dY = Numbers.ToDouble(problem.DY);
                float[][] actual = problem.Backward(s_cpu);

                for (int p = 0; p < 6; p++)
                {
                    (string name, double[] values) = reference.Parameters[p];
                    double[] expected = FiniteDifference.Gradient(at =>
                    {
                        at.CopyTo(values, 0);
                        return Loss(reference.Forward(x, lengths), dY);
                    }, [.. values], 1e-6);
                    double scale = expected.Max(Math.Abs);
                    Close.All(expected, [.. actual[1 + p].Select(g => g - 1)], 0, 2e-5 * (scale + 1), $"{name}, {rule}");
                    problem.Reference.Parameters[p].Values.CopyTo(values, 0);
                }
                // x enters linearly: the gradient at lag is the output of unit impulses.
                for (int i = 0; i < x.Length; i += Math.Max(1, x.Length / 7))
                {
                    var impulse = new double[x.Length];
                    impulse[i] = 1;
                    Assert.Equal(Loss(reference.Forward(impulse, lengths), dY), actual[0][i], 2e-5 * (1 + dY.Length));
                }
            }
        }
    }

    [Fact]
    public void ANormalisationIsReadThrough()
    {
        var problem = new StateSpaceProblem(new StateSpaceCall(2, 37, 19, 2, 19, true, Discretization.Bilinear), [37, 20]);
        float[] factors = Values.Normal(19, "factors"), offsets = Values.Normal(19, "offsets");
        var written = new StateSpaceProblem(problem.Call, problem.Lengths);
        for (int i = 0; i < written.X.Length; i++)
            written.X[i] = MathF.FusedMultiplyAdd(problem.X[i], factors[i % 19], offsets[i % 19]);
        TestCpus.ForEach(cpu =>
        {
            Assert.Equal(written.Forward(cpu), problem.Forward(cpu, factors, offsets));
            float[][] expected = written.Backward(cpu), actual = problem.Backward(cpu, factors, offsets);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i]);
        });
    }

    [Theory]
    [InlineData(5, 200, 37, false)]
    [InlineData(9, 70, 20, true)]
    public void BitsDependOnNeitherThreadsNorWidth(int batch, int steps, int channels, bool bidirectional)
    {
        var problem = new StateSpaceProblem(new StateSpaceCall(batch, steps, channels, 5, 3, bidirectional, Discretization.Bilinear), [.. Enumerable.Range(0, batch).Select(b => steps - 11 * b / 2)]);
        TestCpus.SameBits(cpu => problem.Forward(cpu));
        TestCpus.SameBits(cpu => [.. problem.Backward(cpu).SelectMany(g => g)]);
        if (!bidirectional)
            TestCpus.SameBits(problem.Scan);
    }

    [Theory]
    [InlineData(Discretization.Bilinear)]
    [InlineData(Discretization.ZeroOrderHold)]
    public void EveryModeIsStable(Discretization rule)
    {
        foreach (double step in (double[])[1e-6, 0.001, 0.1, 10])
        {
            foreach (double frequency in (double[])[0, 1, 1283.4255])
            {
                var reference = new StateSpaceReference(new StateSpaceCall(1, 1, 1, 1, 1, false, rule)) { LogStep = [Math.Log(step)], LogDecay = [Math.Log(0.5)], Frequency = [frequency] };
                Assert.True(reference.Discrete(0, 0).Step.Magnitude < 1);
            }
        }
        if (rule != Discretization.Bilinear)
            return;
        System.Numerics.Complex aliased = new StateSpaceReference(new StateSpaceCall(1, 1, 1, 1, 1, false, rule)) { LogStep = [Math.Log(0.1)], LogDecay = [Math.Log(0.5)], Frequency = [1283.4255] }.Discrete(0, 0).Step;
        Assert.Equal(-.99950, aliased.Real, 1e-5);
        Assert.Equal(.03116, aliased.Imaginary, 1e-5);
        Assert.Equal(.999988, aliased.Magnitude, 1e-6);
    }

    [Theory]
    [InlineData(Discretization.Bilinear)]
    [InlineData(Discretization.ZeroOrderHold)]
    public void KernelsOfFastAndAliasedModesDecay(Discretization rule)
    {
        const int Steps = 500;
        foreach (float step in (float[])[1e-6f, 0.001f, 0.1f, 10])
        {
            foreach (float frequency in (float[])[0, 1, 1283.4255f])
            {
                var problem = new StateSpaceProblem(new StateSpaceCall(1, Steps, 1, 1, 1, false, rule));
                problem.Parameters.LogStep[0] = MathF.Log(step);
                problem.Parameters.LogDecay[0] = MathF.Log(0.5f);
                problem.Parameters.Frequency[0] = frequency;
                var kernel = new float[Steps];
                StateSpaceConvolution.Kernels(problem.Parameters, kernel, problem.Call);
                double[] expected = problem.Reference.Kernel(0, 0, Steps);
                (System.Numerics.Complex _, System.Numerics.Complex input) = problem.Reference.Discrete(0, 0);
                double most = 2 * (new System.Numerics.Complex(problem.Reference.C[0], problem.Reference.C[1]) * input).Magnitude;
                Close.All(expected, kernel, 0, 1e-6 * most, $"step {step}, frequency {frequency}");
                Assert.All(kernel, k => Assert.True(Math.Abs(k) <= most * (1 + 1e-6)));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutASecondKernelNothingIsSeenBeforeItComes(bool bidirectional)
    {
        const int Steps = 300, Channels = 5, Changed = 170;
        var problem = new StateSpaceProblem(new StateSpaceCall(2, Steps, Channels, 3, Channels, bidirectional, Discretization.Bilinear));
        if (bidirectional)
            problem.Parameters.C[(Channels * 3 * 2)..].Clear();
        float[] before = problem.Forward(s_cpu);
        for (int b = 0; b < 2; b++)
            problem.X[(b * Steps + Changed) * Channels] += 10;
        float[] after = problem.Forward(s_cpu);
        float scale = after.Max(MathF.Abs);
        for (int i = 0; i < before.Length; i++)
        {
            int t = i / Channels % Steps;
            if (t < Changed || i % Channels != 0)
                Assert.Equal(before[i], after[i], 2e-6 * scale);
        }
        Assert.True(Math.Abs(before[Changed * Channels] - after[Changed * Channels]) > 1e-3 * scale);
    }

    [Fact]
    public void TheImpliedConjugatesGiveTheSameKernel()
    {
        var problem = new StateSpaceProblem(new StateSpaceCall(1, 20, 1, 4, 1, false, Discretization.Bilinear));
        double[] kernel = problem.Reference.Kernel(0, 0, 20);
        System.Numerics.Complex sum = default;
        for (int n = 0; n < 4; n++)
        {
            (System.Numerics.Complex step, System.Numerics.Complex input) = problem.Reference.Discrete(0, n);
            System.Numerics.Complex term = new System.Numerics.Complex(problem.Reference.C[2 * n], problem.Reference.C[2 * n + 1]) * input * System.Numerics.Complex.Pow(step, 7);
            sum += term + System.Numerics.Complex.Conjugate(term);
        }
        Assert.Equal(kernel[7], sum.Real, 1e-12);
        Assert.Equal(0, sum.Imaginary);
        var ours = new float[20];
        StateSpaceConvolution.Kernels(problem.Parameters, ours, problem.Call);
        Assert.Equal(sum.Real, ours[7], 1e-6);
    }

    [Fact]
    public void AScanThatIsCutGoesOn()
    {
        var call = new StateSpaceCall(2, 61, 18, 3, 18, false, Discretization.ZeroOrderHold);
        var problem = new StateSpaceProblem(call);
        float[] whole = problem.Scan(s_cpu), coefficients = new float[call.ScanCount], state = new float[2 * call.StateCount];
        StateSpaceScan.Coefficients(problem.Parameters, coefficients, call);
        for (int t = 0; t < 61;)
        {
            int count = Math.Min(t % 3 == 0 ? 1 : 19, 61 - t);
            StateSpaceCall part = call with { Steps = count };
            float[] x = [.. Slice(problem.X, t, count)], y = new float[x.Length];
            StateSpaceScan.Forward(s_cpu, coefficients, x, y, state, part);
            Assert.Equal([.. Slice(whole, t, count)], y);
            t += count;
        }

        IEnumerable<float> Slice(float[] values, int t, int count) =>
            Enumerable.Range(0, 2).SelectMany(b => values.Skip((b * 61 + t) * 18).Take(count * 18));
    }

    [Fact]
    public void SilenceBecomesZero()
    {
        var call = new StateSpaceCall(1, 4000, 1, 2, 1, false, Discretization.ZeroOrderHold);
        var problem = new StateSpaceProblem(call);
        problem.X.AsSpan(1).Clear();
        float[] state = new float[call.StateCount], coefficients = new float[call.ScanCount], y = new float[4000];
        StateSpaceScan.Coefficients(problem.Parameters, coefficients, call);
        StateSpaceScan.Forward(s_cpu, coefficients, problem.X, y, state, call);
        Assert.All(state[..^1], value => Assert.Equal(0, value));
    }

    [Fact]
    public void WrongSizesAreRefused()
    {
        StateSpaceCall call = ExampleCall(Discretization.Bilinear, 6);
        using var table = new TwiddleTable(5);
        var spectra = new float[call.SpectrumCount(default)];
        var six = new float[6];
        Assert.Contains("5 steps", Assert.Throws<ArgumentException>(() => StateSpaceConvolution.Forward(s_cpu, table, Example(), six, six, spectra, call)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StateSpaceScan.Coefficients(Example(), new float[3], call));
        Assert.Throws<ArgumentException>(() => StateSpaceScan.Coefficients(Example(), new float[call.ScanCount], call with { Bidirectional = true }));
    }

    private static double Loss(double[] y, double[] dY)
    {
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
            sum += y[i] * dY[i];
        return sum;
    }
}
