using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Testing.Reference;

namespace Volley.Tests.Neurons;

/// <summary>Each model against its equations as the papers write them, as a plain loop over doubles: spikes kept, no clever states.</summary>
public class NeuronEquationTests
{
    private const int Steps = 60;
    private static readonly double[] s_x = Inputs();

    private static double[] Inputs()
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, Steps).Select(_ => random.NextDouble() * 6 - 2)];
    }

    /// <summary>Runs the model from zeros and compares what it puts out, and its distance to the threshold, with those of the equations.</summary>
    private static void Check(NeuronKernel kernel, double[] parameters, Func<double, (double Output, double Distance)> equations)
    {
        ReferenceNeuronDriver.Trace<F64> trace = ReferenceNeuronDriver.Forward(kernel, ReferenceNeuronDriver.Lanes(s_x), new F64[kernel.States.Count],
            ReferenceNeuronDriver.Lanes(parameters), new Boxcar());
        for (int t = 0; t < Steps; t++)
        {
            (double output, double distance) = equations(s_x[t]);
            Assert.Equal(distance, trace.Distances[t].Value, 1e-12);
            Assert.Equal(output, trace.Outputs[t].Value, 1e-12);
        }
        if (kernel.Spiking)
            Assert.InRange(trace.Outputs.Count(z => z.Value > 0), 2, Steps - 2);
    }

    private static double Fires(double distance) => distance > 0 ? 1 : 0;

    private static double AfterReset(Reset reset, double u, double z, double threshold) => reset switch
    {
        Reset.Subtract => u - threshold * z,
        Reset.ToZero => z > 0 ? 0 : u,
        _ => u,
    };

    [Theory]
    [InlineData(Reset.Subtract)]
    [InlineData(Reset.ToZero)]
    [InlineData(Reset.None)]
    public void Lif(Reset reset)
    {
        double v = 0;
        Check(new LifKernel(reset), [0.8, 0.3, 0.7], x =>
        {
            double u = 0.8 * v + 0.3 * x, z = Fires(u - 0.7);
            v = AfterReset(reset, u, z, 0.7);
            return (z, u - 0.7);
        });
    }

    [Theory]
    [InlineData(Reset.Subtract)]
    [InlineData(Reset.ToZero)]
    public void IntegrateAndFire(Reset reset)
    {
        double v = 0;
        Check(new IntegrateAndFireKernel(reset), [0.3, 0.7], x =>
        {
            double u = v + 0.3 * x, z = Fires(u - 0.7);
            v = AfterReset(reset, u, z, 0.7);
            return (z, u - 0.7);
        });
    }

    [Theory]
    [InlineData(Reset.Subtract)]
    [InlineData(Reset.ToZero)]
    [InlineData(Reset.None)]
    public void CubaLif(Reset reset)
    {
        double i = 0, v = 0;
        Check(new CubaLifKernel(reset), [0.6, 0.8, 0.5, 0.4, 0.7], x =>
        {
            i = 0.6 * i + 0.5 * x;
            double u = 0.8 * v + 0.4 * i, z = Fires(u - 0.7);
            v = AfterReset(reset, u, z, 0.7);
            return (z, u - 0.7);
        });
    }

    [Theory]
    [InlineData(Reset.Subtract)]
    [InlineData(Reset.ToZero)]
    public void Alif(Reset reset)
    {
        double v = 0, a = 0;
        Check(new AlifKernel(reset), [0.8, 0.3, 0.5, 0.9, 0.2], x =>
        {
            double u = 0.8 * v + 0.3 * x, threshold = 0.5 + 0.2 * a, z = Fires(u - threshold);
            v = AfterReset(reset, u, z, threshold);
            a = 0.9 * a + z;
            return (z, u - threshold);
        });
    }

    // Jiang and Zhang 2023; as SpikingJelly documents its KLIFNode with scale_reset off.
    [Theory]
    [InlineData(Reset.Subtract)]
    [InlineData(Reset.ToZero)]
    [InlineData(Reset.None)]
    public void Klif(Reset reset)
    {
        double v = 0;
        Check(new KlifKernel(reset), [0.8, 0.3, 1.2, 0.7], x =>
        {
            double f = Math.Max(0, 1.2 * (0.8 * v + 0.3 * x)), z = Fires(f - 0.7);
            v = AfterReset(reset, f, z, 0.7);
            return (z, f - 0.7);
        });
    }

    // Yao et al. 2022, with the potential before the reset and the spike of the step before, as the paper has it.
    [Theory]
    [InlineData(0.6, 0.3, 0.7)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 0)]
    public void Glif(double alpha, double beta, double gamma)
    {
        const double Tau = 0.4, Leak = 0.1, Conductance = 0.6, ResetTo = 0.8, Threshold = 0.7;
        double u = 0, o = 0;
        Check(new GlifKernel(), [alpha, beta, gamma, Tau, Leak, Conductance, ResetTo, Threshold], x =>
        {
            double decayed = (1 - alpha * (1 - Tau)) * u * (1 - gamma * o) - (1 - alpha) * Leak;
            u = decayed + x * (1 - beta * (1 - Conductance)) - (1 - gamma) * ResetTo * o;
            o = Fires(u - Threshold);
            return (o, u - Threshold);
        });
    }

    // seeds.md 2.1, "AdLIF as in the baseline toolkit".
    [Fact]
    public void AdLif()
    {
        double u = 0, w = 0, s = 0;
        Check(new AdLifKernel(), [0.6, 0.9, 0.1, 0.3, 0.6], x =>
        {
            w = 0.9 * w + 0.1 * u + 0.3 * s;
            u = 0.6 * (u - 0.6 * s) + (1 - 0.6) * (x - w);
            s = Fires(u - 0.6);
            return (s, u - 0.6);
        });
    }

    // seeds.md 2.1, "SE-adLIF".
    [Fact]
    public void SeAdLif()
    {
        double u = 0, w = 0;
        Check(new SeAdLifKernel(), [0.6, 0.9, 0.3, 0.5, 3, 0.6], x =>
        {
            double v = 0.6 * u + (1 - 0.6) * (x - w), z = Fires(v - 0.6);
            u = v * (1 - z);
            w = 0.9 * w + (1 - 0.9) * 3 * (0.3 * u + 0.5 * z);
            return (z, v - 0.6);
        });
    }

    // seeds.md 2.1, "EF variant: uses u[t-1], z[t-1] in w".
    [Fact]
    public void EfAdLif()
    {
        double u = 0, w = 0, z = 0;
        Check(new EfAdLifKernel(), [0.6, 0.9, 0.3, 0.5, 3, 0.6], x =>
        {
            double v = 0.6 * u + (1 - 0.6) * (x - w), fired = Fires(v - 0.6);
            w = 0.9 * w + (1 - 0.9) * 3 * (0.3 * u + 0.5 * z);
            (u, z) = (v * (1 - fired), fired);
            return (z, v - 0.6);
        });
    }

    [Fact]
    public void LeakyIntegrator()
    {
        double u = 0;
        Check(new LeakyIntegratorKernel(), [0.9, 0.1], x =>
        {
            u = 0.9 * u + 0.1 * x;
            return (u, u);
        });
    }
}
