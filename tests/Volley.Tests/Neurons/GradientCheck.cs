using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Testing.Reference;
using Xunit.Sdk;

namespace Volley.Tests.Neurons;

/// <summary>The exact gradient check: ⟨c, J·t⟩, with J·t from dual lanes, against ⟨Jᵀ·c, t⟩, with Jᵀ·c from the model's own Backward.</summary>
/// <remarks>Exact also through hard spikes: in dual lanes a spike's derivative is the surrogate's slope, and Detach drops a derivative.</remarks>
internal static class GradientCheck
{
    private const int Steps = 24;

    public static readonly ISurrogate[] Surrogates =
        [new ATan(), new FastSigmoid(), new Sigmoid(), new Boxcar(), new Triangle(), new SlayerExponential(), new MultiGaussian()];

    /// <summary>Fails where the relative error exceeds 1e-12, or if the neuron never or always fired; returns the worst error.</summary>
    public static double Run(NeuronKernel kernel, int trials = 60)
    {
        var random = new Random(7);
        double worst = 0;
        int spikes = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            ISurrogate surrogate = kernel.Spiking ? Surrogates[trial % Surrogates.Length] : new Identity();
            (double error, int fired) = Trial(kernel, surrogate, trial % 2 == 0, random);
            worst = Math.Max(worst, error);
            spikes += fired;
        }
        if (kernel.Spiking && (spikes < trials * Steps / 50 || spikes > trials * Steps * 49 / 50))
            throw new XunitException($"{kernel}: {spikes} spikes in {trials * Steps} steps check too little.");
        if (!(worst <= 1e-12))
            throw new XunitException($"{kernel}: the gradient is off by {worst:E2}.");
        return worst;
    }

    private static (double Error, int Spikes) Trial(NeuronKernel kernel, ISurrogate surrogate, bool firesAtThreshold, Random random)
    {
        double[] x = Uniform(Steps, -2, 4), initial = Uniform(kernel.States.Count, 0, 1), parameters = Uniform(kernel.Parameters.Count, 0.3, 0.9);
        double[] tX = Uniform(Steps, -1, 1), tInitial = Uniform(initial.Length, -1, 1), tParameters = Uniform(parameters.Length, -1, 1);
        double[] cOutputs = Uniform(Steps, -1, 1), cFinal = Uniform(initial.Length, -1, 1);

        ReferenceNeuronDriver.Trace<Dual> forward = ReferenceNeuronDriver.Forward(kernel, Duals(x, tX), Duals(initial, tInitial), Duals(parameters, tParameters), surrogate, firesAtThreshold);
        double left = 0, scale = 0;
        for (int t = 0; t < Steps; t++)
            Add(cOutputs[t] * forward.Outputs[t].Tangent);
        for (int s = 0; s < initial.Length; s++)
            Add(cFinal[s] * forward.States[^1][s].Tangent);

        ReferenceNeuronDriver.Gradients backward = ReferenceNeuronDriver.Backward(kernel, x, initial, parameters, surrogate, cOutputs, cFinal, firesAtThreshold);
        double right = Dot(backward.DX, tX) + Dot(backward.DState, tInitial) + Dot(backward.DParameters, tParameters);
        return (Math.Abs(left - right) / Math.Max(scale, 1e-3), kernel.Spiking ? forward.Outputs.Count(z => z.Value > 0) : 0);

        void Add(double term)
        {
            left += term;
            scale += Math.Abs(term);
        }

        double[] Uniform(int count, double low, double high) => [.. Enumerable.Range(0, count).Select(_ => low + (high - low) * random.NextDouble())];
    }

    private static Dual[] Duals(double[] values, double[] tangents) => [.. values.Zip(tangents, (v, t) => new Dual(v, t))];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
