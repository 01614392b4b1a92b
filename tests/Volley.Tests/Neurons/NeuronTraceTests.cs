using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Testing.Reference;

namespace Volley.Tests.Neurons;

/// <summary>Traces computed elsewhere: seeds.md 2.7, checks 1 to 3.</summary>
public class NeuronTraceTests
{
    private static ReferenceNeuronDriver.Trace<F64> Reference(NeuronKernel kernel, double input, int steps, double[] parameters) =>
        ReferenceNeuronDriver.Forward(kernel, ReferenceNeuronDriver.Lanes([.. Enumerable.Repeat(input, steps)]),
            new F64[kernel.States.Count], ReferenceNeuronDriver.Lanes(parameters), new Boxcar());

    /// <summary>The driver's spikes, and its states before each step, [T][S].</summary>
    private static (float[] Spikes, float[][] States) Driver(NeuronKernel kernel, double input, int steps, double[] parameters)
    {
        int states = kernel.States.Count;
        var problem = new NeuronProblem
        {
            Kernel = kernel,
            Call = new NeuronCall(1, steps, 1, Segment: 1),
            X = [.. Enumerable.Repeat((float)input, steps)],
            Parameters = [.. parameters.Select(p => (float)p)],
            Initial = new float[states],
            DOutput = new float[steps],
            DFinal = new float[states],
        };
        using var cpu = new Cpu();
        NeuronResult result = NeuronResult.OfDriver(cpu, problem);
        return (result.Signal(problem), [.. result.Saved.Chunk(states), result.Final]);
    }

    private static void Close(double[] expected, IEnumerable<double> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    [Fact]
    public void CAdLifFollowsItsTrace()
    {
        double[] parameters = [0.5, 0.97, 0.5, 1, 1];
        double[] u = [1.5, 0.875, 0.87, 0.682025, 0.455121, 0.269465, 0.153014, 0.100986];
        double[] w = [0, 1.75, 2.135, 2.50595, 2.771784, 2.916191, 2.963437, 2.951041];
        double[] s = [1, 0, 0, 0, 0, 0, 0, 0];

        ReferenceNeuronDriver.Trace<F64> trace = Reference(new CAdLifKernel(), 3, 8, parameters);
        Close(u, trace.Distances.Select(d => d.Value + 1), 6e-7);
        Close(w, trace.States.Select(state => state[1].Value), 6e-7);
        Assert.Equal(s, trace.Outputs.Select(z => z.Value));

        (float[] spikes, float[][] states) = Driver(new CAdLifKernel(), 3, 8, parameters);
        Assert.Equal(s, spikes.Select(z => (double)z));
        Close(w, states.Select(state => (double)state[1]), 2e-6);
        Close([.. u.Zip(s, (a, z) => a - z)], states.Skip(1).Select(state => (double)state[0]), 2e-6);
    }

    [Fact]
    public void WithoutAdaptationCAdLifIsLif()
    {
        double[] u = [1.5, 1.75, 1.875, 1.9375, 1.96875];
        ReferenceNeuronDriver.Trace<F64> trace = Reference(new CAdLifKernel(), 3, 5, [0.5, 0.97, 0, 0, 1]);
        Assert.Equal(u, trace.Distances.Select(d => d.Value + 1));
        Assert.All(trace.Outputs, z => Assert.Equal(1, z.Value));

        ReferenceNeuronDriver.Trace<F64> lif = Reference(new LifKernel(), 3, 5, [0.5, 0.5, 1]);
        Assert.Equal(u, lif.Distances.Select(d => d.Value + 1));
    }

    [Fact]
    public void SeAdLifFollowsItsTrace()
    {
        double[] parameters = [Math.Exp(-1 / 5.0), Math.Exp(-1 / 60.0), 0.5, 1, 120, 1];
        double[] v = [1.087615, 0.728081, 1.199242, 0.251613, 0.426202, 0.506864, 0.497153, 0.416449];
        double[] w = [1.983426, 2.67269, 4.61194, 4.785239, 5.128815, 5.546707, 5.948061, 6.262746];
        double[] z = [1, 0, 1, 0, 0, 0, 0, 0];

        ReferenceNeuronDriver.Trace<F64> trace = Reference(new SeAdLifKernel(), 6, 8, parameters);
        Close(v, trace.Distances.Select(d => d.Value + 1), 6e-7);
        Close(w, trace.States.Skip(1).Select(state => state[1].Value), 6e-7);
        Assert.Equal(z, trace.Outputs.Select(spike => spike.Value));

        (float[] spikes, float[][] states) = Driver(new SeAdLifKernel(), 6, 8, parameters);
        Assert.Equal(z, spikes.Select(spike => (double)spike));
        Close(w, states.Skip(1).Select(state => (double)state[1]), 5e-6);
    }
}
