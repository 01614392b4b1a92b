using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Testing.Reference;

/// <summary>One neuron and one sample, step by step, in <see cref="F64"/> or <see cref="Dual"/> lanes; every state is kept.</summary>
public static unsafe class ReferenceNeuronDriver
{
    private const double Tiny = 1e-30;

    /// <summary>What a neuron did: its spikes (or outputs), its distances to the threshold, and its state before each step and after the last.</summary>
    public sealed record Trace<L>(L[] Outputs, L[] Distances, L[][] States);

    /// <summary>Gradients of inputs, parameters and initial state.</summary>
    public sealed record Gradients(double[] DX, double[] DParameters, double[] DState);

    /// <summary>Runs the neuron over the inputs <paramref name="x"/>. In dual lanes a spike's derivative is the surrogate's slope.</summary>
    public static Trace<L> Forward<L>(NeuronKernel kernel, L[] x, L[] initial, L[] parameters, ISurrogate surrogate, bool firesAtThreshold = false)
        where L : unmanaged, ILane<L>
    {
        var visitor = new ForwardVisitor<L> { Kernel = kernel, X = x, Initial = initial, Parameters = parameters, Surrogate = surrogate, AtThreshold = firesAtThreshold };
        kernel.Accept<L, ForwardVisitor<L>>(ref visitor);
        return visitor.Result!;
    }

    /// <summary>Walks back over what <see cref="Forward"/> did, with the model's own Backward.</summary>
    /// <param name="dOutputs">Gradient of each spike or output.</param>
    /// <param name="dFinal">Gradient of the state after the last step.</param>
    /// <param name="truncate">No gradient crosses a multiple of this many steps; 0 for none.</param>
    public static Gradients Backward(NeuronKernel kernel, double[] x, double[] initial, double[] parameters, ISurrogate surrogate,
        double[] dOutputs, double[] dFinal, bool firesAtThreshold = false, int truncate = 0)
    {
        F64[] lanes = Lanes(x), lanesInitial = Lanes(initial), lanesParameters = Lanes(parameters);
        var visitor = new BackwardVisitor
        {
            Kernel = kernel,
            X = lanes,
            Parameters = lanesParameters,
            Surrogate = surrogate,
            Forward = Forward(kernel, lanes, lanesInitial, lanesParameters, surrogate, firesAtThreshold),
            DOutputs = dOutputs,
            DFinal = dFinal,
            Truncate = truncate,
        };
        kernel.Accept<F64, BackwardVisitor>(ref visitor);
        return visitor.Result!;
    }

    /// <summary>Doubles as lanes.</summary>
    public static F64[] Lanes(double[] values) => [.. values.Select(v => new F64(v))];

    /// <summary>0 for what is tiny, but with its derivative: a potential that was reset to 0 has one.</summary>
    private static L Flushed<L>(L value) where L : unmanaged, ILane<L> => L.IfGreater(L.Of(Tiny), L.Abs(value), value - L.Detach(value), value);

    private static void CheckFields<TNeuron, L>(NeuronKernel kernel)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, ILane<L>
    {
        if (TNeuron.StateCount != kernel.States.Count || sizeof(TNeuron) != (kernel.States.Count + kernel.Parameters.Count) * sizeof(L))
            throw new InvalidOperationException($"{kernel}: the fields of its struct are not the states and parameters it names.");
    }

    private struct ForwardVisitor<L> : INeuronVisitor<L> where L : unmanaged, ILane<L>
    {
        public NeuronKernel Kernel;
        public L[] X, Initial, Parameters;
        public ISurrogate Surrogate;
        public bool AtThreshold;
        public Trace<L>? Result;

        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L>
        {
            CheckFields<TNeuron, L>(Kernel);
            TNeuron n = default;
            L* fields = (L*)&n;
            Initial.CopyTo(new Span<L>(fields, Initial.Length));
            Parameters.CopyTo(new Span<L>(fields + Initial.Length, Parameters.Length));
            var outputs = new L[X.Length];
            var distances = new L[X.Length];
            var states = new L[X.Length + 1][];
            for (int t = 0; t < X.Length; t++)
            {
                states[t] = new Span<L>(fields, Initial.Length).ToArray();
                L distance = distances[t] = TNeuron.Charge(ref n, X[t]);
                L spike = L.Of(0);
                if (Kernel.Spiking)
                {
                    L hard = AtThreshold
                        ? L.IfGreaterOrEqual(distance, L.Of(0), L.Of(1), L.Of(0))
                        : L.IfGreater(distance, L.Of(0), L.Of(1), L.Of(0));
                    spike = L.Spike(hard, Surrogate.Slope(distance), distance);
                }
                TNeuron.Fire(ref n, spike);
                for (int s = 0; s < Initial.Length; s++)
                    fields[s] = Flushed(fields[s]);
                outputs[t] = Kernel.Spiking ? spike : distance;
            }
            states[^1] = new Span<L>(fields, Initial.Length).ToArray();
            Result = new Trace<L>(outputs, distances, states);
        }
    }

    private struct BackwardVisitor : INeuronVisitor<F64>
    {
        public NeuronKernel Kernel;
        public F64[] X, Parameters;
        public ISurrogate Surrogate;
        public Trace<F64> Forward;
        public double[] DOutputs, DFinal;
        public int Truncate;
        public Gradients? Result;

        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, F64>
        {
            int states = DFinal.Length;
            TNeuron n = default, d = default;
            F64* fields = (F64*)&n, dFields = (F64*)&d;
            Parameters.CopyTo(new Span<F64>(fields + states, Parameters.Length));
            Lanes(DFinal).CopyTo(new Span<F64>(dFields, states));
            var dX = new double[X.Length];
            for (int t = X.Length - 1; t >= 0; t--)
            {
                Forward.States[t].CopyTo(new Span<F64>(fields, states));
                F64 spike = Kernel.Spiking ? Forward.Outputs[t] : default, slope = Surrogate.Slope(Forward.Distances[t]);
                dX[t] = TNeuron.Backward(in n, X[t], spike, slope, ref d, new F64(DOutputs[t])).Value;
                for (int s = 0; s < states; s++)
                    dFields[s] = Truncate > 0 && t % Truncate == 0 ? default : Flushed(dFields[s]);
            }
            Result = new Gradients(dX, Doubles(dFields + states, Parameters.Length), Doubles(dFields, states));
        }

        private static double[] Doubles(F64* values, int count)
        {
            var doubles = new double[count];
            for (int i = 0; i < count; i++)
                doubles[i] = values[i].Value;
            return doubles;
        }
    }
}
