using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A layer with delays that training interpolates and evaluation rounds: what <see cref="Delayed"/> and <see cref="AxonalDelay"/> have in common.</summary>
public abstract class DelayLayer : Module, IAnnealed, IDelays
{
    private protected DelayLayer()
    {
    }

    private protected abstract DelayPositions Positions { get; }

    /// <summary>P, one a delay, or null where delays are fixed; the delay is ⌊K/2⌋ − P steps.</summary>
    public Parameter? Position => Positions.Parameter;

    /// <summary>SIG, the width of the interpolation in training.</summary>
    public float Sigma => Positions.Sigma;

    /// <summary>Whether training spreads over triangles, and not over Gaussians.</summary>
    internal bool IsTriangle => Positions.IsTriangle;

    public bool LearnsDelays => Position is not null;

    /// <summary>Steps that the output is longer than the input.</summary>
    public int Extra => Positions.Extra;

    /// <summary>Delays in steps, as they are deployed, in the order of <see cref="Position"/>.</summary>
    public int[] Delays() => Positions.Rounded();

    public override IReadOnlyList<NamedTensor> Buffers => Positions.Buffers;

    void IAnnealed.Anneal(int epoch, int epochs) => Positions.Anneal(epoch, epochs);

    /// <summary>Throws unless a time step is a row of <paramref name="units"/>.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    private protected void CheckRow(Shape step, int units)
    {
        CheckUnits(step.Last, units);
        if (step.Rank != 1)
            throw new ArgumentException($"Layer {this} takes time steps of {units} units, not of the shape {step}.");
    }
}
