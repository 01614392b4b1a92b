using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A module whose output at time t depends on nothing after t, so that it can run step by step as a stream.</summary>
/// <remarks>The stream computes with the same kernels in the same order as evaluation over the whole sequence, so its spikes are the same bit for bit.</remarks>
public interface ICausal
{
    /// <summary>Makes a stage with a state of its own. Everything it needs is allocated here; its steps allocate nothing.</summary>
    Stage OpenStage(StageInput input);
}

/// <summary>What a stage is opened on.</summary>
/// <param name="Cpu">What its kernels run on.</param>
/// <param name="Signal">The signal it reads at every step.</param>
public sealed record StageInput(Cpu Cpu, StepSignal Signal);

/// <summary>One time step of a signal: floats or spike bits, rewritten at every step.</summary>
public sealed class StepSignal
{
    private StepSignal(Shape shape, float[] values, ulong[] bits, float scale) => (Shape, Values, Bits, Scale) = (shape, values, bits, scale);

    /// <summary>Values of that shape: [N], [L, C] or [H, W, C].</summary>
    public static StepSignal OfValues(Shape shape) => new(shape, new float[shape.Count], [], 1);

    /// <summary>Spikes of that shape: [N], [L, C] or [H, W, C].</summary>
    public static StepSignal OfSpikes(Shape shape, float scale = 1) => new(shape, [], new ulong[shape.Rows * SpikeBits.WordsPerRow(shape.Last)], scale);

    /// <summary>The axes of the step.</summary>
    public Shape Shape { get; }

    /// <summary>Elements of the step.</summary>
    public int Units => Shape.Count;

    /// <summary>True where the signal is <see cref="Bits"/>, false where it is <see cref="Values"/>.</summary>
    public bool IsSpikes => Bits.Length > 0;

    /// <summary>Row-major.</summary>
    public float[] Values { get; }

    /// <summary>A row of the last axis after another, each padded to 64 bits.</summary>
    public ulong[] Bits { get; }

    /// <summary>What a set bit counts.</summary>
    public float Scale { get; }

    /// <summary>False behind the end of a sequence: there is no step, only what delays still hold. All elements are then 0.</summary>
    public bool Live { get; set; } = true;

    internal void Silence()
    {
        Live = false;
        Array.Clear(Values);
        Array.Clear(Bits);
    }
}

/// <summary>A module in a stream: reads its input signal, writes its output signal, keeps its state.</summary>
public abstract class Stage(StepSignal output)
{
    /// <summary>What the last <see cref="Step"/> wrote.</summary>
    public StepSignal Output { get; } = output;

    /// <summary>Takes one time step. Allocates nothing.</summary>
    public abstract void Step();

    /// <summary>Whether the stage has steps to take when its input has ended, and says itself whether its output is <see cref="StepSignal.Live"/>.</summary>
    public virtual bool Drains => false;

    /// <summary>Takes the step that <paramref name="input"/>, the signal it was opened on, holds: none where the input has ended, unless the stage <see cref="Drains"/>.</summary>
    internal void Advance(StepSignal input)
    {
        if (!input.Live && !Drains)
        {
            Output.Silence();
            return;
        }
        Output.Live = true;
        Step();
    }

    /// <summary>The state: copy it out to save it, copy it in to go on from there, clear it to start anew.</summary>
    public virtual IEnumerable<Memory<float>> State => [];

    /// <summary>What layers of neurons in this stage fired in the last step, in the order in which a tape observes them.</summary>
    public virtual IEnumerable<StepSignal> Fired => [];

    /// <summary>Opens <paramref name="module"/> as a stage.</summary>
    /// <exception cref="NotSupportedException">The module is not causal; the message names it and the alternative.</exception>
    public static Stage Open(Module module, StageInput input) => module is ICausal causal
        ? causal.OpenStage(input)
        : throw new NotSupportedException($"Layer {module} cannot run as a stream: its output at one time depends on later input.{(module as INonCausal)?.Alternative}");
}

/// <summary>A module that cannot stream and knows what can instead.</summary>
public interface INonCausal
{
    /// <summary>A sentence that begins with a space, such as " Use a sliding PSN instead.".</summary>
    string Alternative { get; }
}
