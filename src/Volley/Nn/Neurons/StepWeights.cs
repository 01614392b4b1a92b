using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn.Neurons;

/// <summary>A matrix over time [T, T]: row t holds the weights of step t.</summary>
internal static class StepWeights
{
    // 1 GiB of weights.
    private const int MostSteps = 16_384;

    /// <summary>U(−1/√T, 1/√T).</summary>
    public static Tensor Draw(int steps, Rng random)
    {
        if (steps is < 1 or > MostSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"A weight for every pair of steps is there for 1 to {MostSteps} steps; SlidingPsnLayer takes any number.");
        return Initializer.FanIn.Matrix(steps, steps, random.Fork("weight"));
    }

    /// <summary>Throws unless the sequence has as many steps as there are weights for.</summary>
    public static void Check(Module layer, int actual, int expected)
    {
        if (actual != expected)
            throw new ArgumentException($"Layer {layer} has weights for sequences of {expected} steps and got one of {actual}; SlidingPsnLayer takes any number.");
    }
}
