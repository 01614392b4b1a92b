using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>A neuron model at one time step. The struct's fields are its state, then its parameters, all of type <typeparamref name="L"/>,
/// so the adjoint of a neuron is again a struct of the same type.</summary>
/// <remarks>
/// One step is <c>x = Charge(input)</c>, <c>z = Θ(x)</c>, <c>Fire(z)</c>. The driver owns time, batch, vector width, the spike and its surrogate.
/// The maths uses nothing but lane operations. Mark all three methods AggressiveInlining.
/// </remarks>
public interface INeuron<TSelf, L>
    where TSelf : unmanaged, INeuron<TSelf, L>
    where L : unmanaged, ILane<L>
{
    /// <summary>How many of the fields, from the first, are state: 1 to 4. A constant, so that loops over them unroll.</summary>
    static abstract int StateCount { get; }

    /// <summary>Moves the state up to the threshold test and returns the distance to the threshold (u − θ); a non-spiking neuron returns its output.</summary>
    static abstract L Charge(ref TSelf n, L input);

    /// <summary>What the spike (0 or 1) does to the state: reset, adaptation.</summary>
    static abstract void Fire(ref TSelf n, L spike);

    /// <summary>The adjoint of one step. <paramref name="d"/> arrives with the gradient of the new state and leaves with that of the old one;
    /// its parameter fields accumulate.</summary>
    /// <param name="before">The neuron as it was before the step.</param>
    /// <param name="input">The step's input.</param>
    /// <param name="spike">The spike it fired, 0 or 1.</param>
    /// <param name="slope">The surrogate's slope at the distance of this step.</param>
    /// <param name="d">The adjoint.</param>
    /// <param name="dSpike">The gradient of the spike (of the output, for a non-spiking neuron) from outside the neuron.</param>
    /// <returns>The gradient of the input.</returns>
    static abstract L Backward(in TSelf before, L input, L spike, L slope, ref TSelf d, L dSpike);
}
