using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Autograd;

/// <summary>One pass through a network: where its tensors live, what it runs on, and, when it records, how to walk back.</summary>
/// <remarks>A node is recorded once a layer call, not once an operation; each brings its hand-written backward.</remarks>
public sealed class Tape
{
    private readonly List<Node> _nodes = [];
    private readonly List<Observation> _observations = [];

    // Gradients that were added to others: the memory of the next ones, so that a deep network does not need some for each of its layers.
    private readonly List<Tensor> _spare = [];
    private long _streams;

    /// <param name="cpu">What the kernels run on.</param>
    /// <param name="arena">Where tensors are made. The caller resets it between steps, and the tape with <see cref="Clear"/>.</param>
    /// <param name="training">True to record for backward, drop out, and use batch statistics.</param>
    public Tape(Cpu cpu, Arena arena, bool training)
    {
        (Cpu, Arena, Training) = (cpu, arena, training);
    }

    public Cpu Cpu { get; }

    public Arena Arena { get; }

    /// <summary>True: dropout drops, batch norm uses the batch's statistics, and layers record themselves.</summary>
    public bool Training { get; }

    /// <summary>The randomness of this pass; set it before each step. Each use takes the next stream of it.</summary>
    public Rng Random { get; set; } = new(0);

    /// <summary>Steps after which truncated backpropagation through time cuts the gradient; 0 for none.</summary>
    public int Truncate { get; init; }

    /// <summary>True to evaluate delays between two steps as training sees them; false, as they are deployed, to round them to whole steps.</summary>
    public bool InterpolatesDelays { get; init; }

    /// <summary>Called with the name and the output of every layer of a chain; null in normal runs.</summary>
    public Action<string, Signal>? Inspector { get; init; }

    /// <summary>Hears of the calls of layers: a monitor, or a counter of operations; null in normal runs, which pay nothing for it.</summary>
    public Action<LayerCall>? Watcher { get; init; }

    /// <summary>The spikes that layers fired in this pass, in order.</summary>
    public IReadOnlyList<Observation> Observations => _observations;

    /// <summary>A stream of random numbers that no other call of this pass gets.</summary>
    public Rng NextRandom() => Random.Fork(_streams++);

    public void Record(Node node)
    {
        if (Training)
            _nodes.Add(node);
    }

    /// <summary>Lets monitors, regularisers and metrics see what a layer fired.</summary>
    public void Observe(string layer, Spikes spikes) => _observations.Add(new Observation(layer, spikes));

    /// <summary>Walks back from <paramref name="loss"/>, a tensor of one element, and adds to the gradients of all parameters on the way.</summary>
    /// <exception cref="InvalidOperationException">The tape does not record, or the loss is not a single number.</exception>
    public void Backward(Tensor loss)
    {
        if (!Training)
            throw new InvalidOperationException("This tape was made for evaluation and recorded nothing to walk back.");
        if (loss.Shape.Count != 1)
            throw new InvalidOperationException($"Backward starts from one number, not from a tensor of shape {loss.Shape}.");
        GradientTarget target = Target(loss);
        target.Span[0] = 1;
        target.Commit();
        WalkBack();
    }

    /// <summary>Walks back from whatever gradients were set with <see cref="Target(Signal)"/>: a vector-Jacobian product.</summary>
    public void WalkBack()
    {
        for (int i = _nodes.Count - 1; i >= 0; i--)
            _nodes[i].Backward(this);
    }

    /// <summary>The signal as floats: itself, or spikes and scaled values written out into the arena. Gradients still belong to the signal.</summary>
    public Tensor Floats(Signal signal)
    {
        if (signal is Tensor tensor)
            return tensor;
        var written = Tensor.In(Arena, signal.Shape, signal.Lengths);
        if (signal is Scaled scaled)
            Normalize.ScaleShift(Cpu, scaled.Source.Data, scaled.Factors, scaled.Offsets, written.Data, scaled.Shape.Rows, scaled.Shape.Last);
        else
            SpikeBits.Expand(Cpu, ((Spikes)signal).Matrix, written.Data);
        return written;
    }

    /// <summary>The identity of this pass.</summary>
    internal object Pass { get; private set; } = new();

    /// <summary>Forgets the pass.</summary>
    public void Clear()
    {
        _nodes.Clear();
        _observations.Clear();
        _spare.Clear();
        Pass = new object();
        _streams = 0;
    }

    /// <summary>Where a node writes the gradient of one of its inputs. A kernel always writes; when another consumer was there first, the target
    /// is a tensor aside, which <see cref="GradientTarget.Commit"/> adds.</summary>
    public GradientTarget Target(Signal signal) => new(this, signal, Spare(signal.Shape) ?? Tensor.In(Arena, signal.Shape));

    /// <summary>As <see cref="Target(Signal)"/>, but written over <paramref name="spent"/>, a gradient of the same size that its node needs no more:
    /// for kernels whose output may be their input. Memory that was just read is still in the cache.</summary>
    public GradientTarget Target(Signal signal, Tensor spent)
    {
        // Two inputs may get the same gradient: adding the first to another must not give the memory of the second away.
        for (int i = _spare.Count - 1; i >= 0; i--)
        {
            if (_spare[i].SharesMemory(spent))
                _spare.RemoveAt(i);
        }
        return new GradientTarget(this, signal, spent.Reshaped(signal.Shape));
    }

    /// <summary>Takes memory that nobody reads again.</summary>
    internal void Recycle(Tensor gradient) => _spare.Add(gradient);

    private Tensor? Spare(Shape shape)
    {
        for (int i = _spare.Count - 1; i >= 0; i--)
        {
            if (_spare[i].Shape.Count != shape.Count)
                continue;
            Tensor spare = _spare[i].Reshaped(shape);
            _spare.RemoveAt(i);
            return spare;
        }
        return null;
    }
}

/// <summary>What a layer fired in one pass.</summary>
/// <param name="Layer">Path of the layer.</param>
/// <param name="Spikes">[B, T, N].</param>
public readonly record struct Observation(string Layer, Spikes Spikes);

/// <summary>A gradient that is being written.</summary>
public readonly struct GradientTarget
{
    private readonly Tape _tape;
    private readonly Signal _signal;
    private readonly Tensor _written;

    internal GradientTarget(Tape tape, Signal signal, Tensor written) => (_tape, _signal, _written) = (tape, signal, written);

    /// <summary>Write every element.</summary>
    public Span<float> Span => _written.Data;

    /// <summary>Makes what was written the gradient, or adds it to what is there. <see cref="Span"/> is of no use from then on.</summary>
    public void Commit()
    {
        if (_signal.Gradient is not { } gradient || _signal.GradientPass != _tape.Pass)
            (_signal.Gradient, _signal.GradientPass) = (_written, _tape.Pass);
        else
        {
            Elementwise.Add(_tape.Cpu, gradient.Data, _written.Data, gradient.Data);
            _tape.Recycle(_written);
        }
    }
}
