using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>How weights are drawn before training. A name says which paper or library it comes from.</summary>
public abstract record Initializer
{
    /// <summary>Weights and biases U(−1/√inputs, 1/√inputs): the default of PyTorch's linear layers.</summary>
    public static Initializer FanIn { get; } = new FanInInitializer();

    /// <summary>Weights U(−√(6/inputs), √(6/inputs)), biases 0: He et al. 2015, for rectifiers.</summary>
    public static Initializer KaimingUniform { get; } = new KaimingInitializer();

    /// <summary>Weights U(−√(6/(inputs + outputs)), …), biases 0: Glorot and Bengio 2010.</summary>
    public static Initializer XavierUniform { get; } = new XavierInitializer();

    /// <summary>Orthonormal rows or columns, biases 0: Saxe et al. 2014; sparch and SE-adLIF use it for recurrent weights.</summary>
    public static Initializer Orthogonal { get; } = new OrthogonalInitializer();

    /// <summary>Weights N(0, 1), biases 0: the default of PyTorch's embeddings.</summary>
    public static Initializer Normal { get; } = new NormalInitializer();

    /// <summary>Weights N(0, 2/(taps · outputs)), biases U(−1/√inputs, 1/√inputs): He et al. 2015 by what goes out, as VGGs and ResNets in PyTorch are drawn.</summary>
    public static Initializer KaimingNormalFanOut { get; } = new KaimingFanOutInitializer();

    /// <summary>The weights [taps, inputs, outputs] of a convolution whose kernel has <paramref name="taps"/> places, as [taps · inputs, outputs].</summary>
    public Tensor Kernel(int taps, int inputs, int outputs, Rng random)
    {
        var weight = Tensor.Zeros(new Shape(taps * inputs, outputs));
        FillKernel(weight.Data, taps, inputs, outputs, random);
        return weight;
    }

    /// <summary>The weights [inputs, outputs].</summary>
    public Tensor Matrix(int inputs, int outputs, Rng random)
    {
        var weight = Tensor.Zeros(new Shape(inputs, outputs));
        FillMatrix(weight.Data, inputs, outputs, random);
        return weight;
    }

    /// <summary>The biases [outputs].</summary>
    public Tensor Bias(int inputs, int outputs, Rng random)
    {
        var bias = Tensor.Zeros(new Shape(outputs));
        FillBias(bias.Data, inputs, random);
        return bias;
    }

    protected abstract void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random);

    /// <summary>As <see cref="FillMatrix"/> for weights [taps · inputs, outputs].</summary>
    protected virtual void FillKernel(Span<float> weight, int taps, int inputs, int outputs, Rng random) => FillMatrix(weight, taps * inputs, outputs, random);

    protected virtual void FillBias(Span<float> bias, int inputs, Rng random) => bias.Clear();

    private static void Uniform(Span<float> values, double bound, Rng random)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((2 * (double)random.Uniform(i) - 1) * bound);
    }

    private sealed record FanInInitializer : Initializer
    {
        protected override void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random) => Uniform(weight, 1 / Math.Sqrt(inputs), random);

        protected override void FillBias(Span<float> bias, int inputs, Rng random) => Uniform(bias, 1 / Math.Sqrt(inputs), random);
    }

    private sealed record KaimingInitializer : Initializer
    {
        protected override void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random) => Uniform(weight, Math.Sqrt(6.0 / inputs), random);
    }

    private sealed record KaimingFanOutInitializer : Initializer
    {
        protected override void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random) => FillKernel(weight, 1, inputs, outputs, random);

        protected override void FillKernel(Span<float> weight, int taps, int inputs, int outputs, Rng random)
        {
            double deviation = Math.Sqrt(2.0 / ((double)taps * outputs));
            for (int i = 0; i < weight.Length; i++)
                weight[i] = (float)(deviation * random.Normal(i));
        }

        protected override void FillBias(Span<float> bias, int inputs, Rng random) => Uniform(bias, 1 / Math.Sqrt(inputs), random);
    }

    private sealed record XavierInitializer : Initializer
    {
        protected override void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random) => Uniform(weight, Math.Sqrt(6.0 / (inputs + outputs)), random);
    }

    private sealed record NormalInitializer : Initializer
    {
        protected override void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random)
        {
            for (int i = 0; i < weight.Length; i++)
                weight[i] = random.Normal(i);
        }
    }

    private sealed record OrthogonalInitializer : Initializer
    {
        protected override void FillMatrix(Span<float> weight, int inputs, int outputs, Rng random)
        {
            // Modified Gram-Schmidt in double on the shorter side; a normal sample has full rank.
            bool tall = inputs >= outputs;
            int vectors = tall ? outputs : inputs, size = tall ? inputs : outputs;
            var q = new double[vectors][];
            for (int v = 0; v < vectors; v++)
            {
                var vector = q[v] = new double[size];
                for (int i = 0; i < size; i++)
                    vector[i] = random.Normal((long)v * size + i);
                for (int pass = 0; pass < 2; pass++)
                {
                    for (int u = 0; u < v; u++)
                    {
                        double dot = 0;
                        for (int i = 0; i < size; i++)
                            dot += q[u][i] * vector[i];
                        for (int i = 0; i < size; i++)
                            vector[i] -= dot * q[u][i];
                    }
                }
                double norm = 0;
                foreach (double value in vector)
                    norm += value * value;
                norm = Math.Sqrt(norm);
                for (int i = 0; i < size; i++)
                    vector[i] /= norm;
            }
            for (int i = 0; i < inputs; i++)
            {
                for (int o = 0; o < outputs; o++)
                    weight[i * outputs + o] = (float)(tall ? q[o][i] : q[i][o]);
            }
        }
    }
}
