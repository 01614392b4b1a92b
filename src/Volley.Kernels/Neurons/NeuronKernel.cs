using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>A neuron model as the driver sees it: its name, the names of its fields in order, and the struct that holds its maths.</summary>
/// <remarks>A model derives once, sealed, and overrides <see cref="Accept"/> with one line: <c>visitor.Visit&lt;Lif&lt;L&gt;, L&gt;()</c>.</remarks>
public abstract class NeuronKernel(string name, string[] states, string[] parameters, bool spiking = true)
{
    /// <summary>The model's name in recipes and files.</summary>
    public string Name { get; } = name;

    /// <summary>State fields, in the struct's order.</summary>
    public IReadOnlyList<string> States { get; } = states;

    /// <summary>Parameter fields, in the struct's order, behind the states.</summary>
    public IReadOnlyList<string> Parameters { get; } = parameters;

    /// <summary>False for a neuron whose output is its membrane potential.</summary>
    public bool Spiking { get; } = spiking;

    /// <summary>Multiplications of one step of a neuron as its equations are written, the reset and the part of the spike in the adaptation included, each with the addition behind it.</summary>
    public int Multiplications
    {
        get
        {
            var counter = new StepCounter { Spiking = Spiking };
            Accept<Counted, StepCounter>(ref counter);
            return counter.Multiplications;
        }
    }

    /// <summary>Calls <paramref name="visitor"/> with this model's struct in lane <typeparamref name="L"/>.</summary>
    public abstract void Accept<L, TVisitor>(ref TVisitor visitor)
        where L : unmanaged, ILane<L>
        where TVisitor : struct, INeuronVisitor<L>;

    public override string ToString() => Name;

    private struct StepCounter : INeuronVisitor<Counted>
    {
        public required bool Spiking { get; init; }

        public int Multiplications { get; private set; }

        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, Counted>
        {
            bool spiking = Spiking;
            Multiplications = Counted.CountOf(() =>
            {
                TNeuron neuron = default;
                TNeuron.Charge(ref neuron, default);
                if (spiking)
                    TNeuron.Fire(ref neuron, default);
            });
        }
    }
}

/// <summary>Something to be done with the struct of a neuron model.</summary>
public interface INeuronVisitor<L> where L : unmanaged, ILane<L>
{
    void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L>;
}
