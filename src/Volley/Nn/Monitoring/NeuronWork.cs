namespace Volley.Nn.Monitoring;

/// <summary>Multiply-adds on potentials and states, for one sample: no synapses, so that NeuroBench has no rule for them.</summary>
/// <param name="Steps">Step after step, as a stream takes them; where the layer cannot stream, the whole sequence at once.</param>
/// <param name="Sequence">The whole sequence at once, written out: each output a sum over inputs. The form of training, without the transforms that shorten it.</param>
internal readonly record struct NeuronWork(long Steps, long Sequence);

/// <summary>A call that works on potentials or states.</summary>
internal interface INeuronCosts
{
    /// <summary>Membrane updates of the whole batch as NeuroBench counts them: every neuron in the first step, then those whose potential is another one after the
    /// step than before. 0 where nothing is kept from step to step.</summary>
    long MembraneUpdates();

    /// <summary>What a sample of <paramref name="steps"/> steps takes.</summary>
    NeuronWork Work(int steps);
}
