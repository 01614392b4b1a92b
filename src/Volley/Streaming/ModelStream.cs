using Volley.Kernels;
using Volley.Nn;

namespace Volley.Streaming;

/// <summary>A model that takes one time step after another and has its scores ready after each: the same spikes and scores as evaluation
/// over the whole sequence, bit for bit.</summary>
/// <remarks>Everything is allocated when the stream is opened; steps allocate nothing. The state is a value: <see cref="SaveState"/>, <see cref="LoadState"/>.</remarks>
public sealed class ModelStream
{
    private readonly Stage _root;
    private readonly RunningReadout _readout;
    private readonly Memory<float>[] _state;

    /// <param name="model">The model; it must be causal.</param>
    /// <param name="cpu">What the kernels run on; one thread is fastest for one step at a time.</param>
    /// <param name="spikes">True if the input is spikes, false for values.</param>
    /// <exception cref="NotSupportedException">A layer needs later input; the message names it and the alternative.</exception>
    public ModelStream(Model model, Cpu cpu, bool spikes)
    {
        Input = spikes ? StepSignal.OfSpikes(model.InputShape) : StepSignal.OfValues(model.InputShape);
        _root = Stage.Open(model.Root, new StageInput(cpu, Input));
        _readout = new RunningReadout(model.Readout, _root.Output);
        _state = [.. _root.State, .. _readout.State];
        Fired = [.. _root.Fired];
    }

    /// <summary>Write the next time step here: values, or the bits of the units that fire.</summary>
    public StepSignal Input { get; }

    /// <summary>The output of the last step.</summary>
    public StepSignal Output => _root.Output;

    /// <summary>Steps taken since the start.</summary>
    public long Steps => _readout.Steps;

    /// <summary>What each layer of neurons fired in the last step, in the order in which evaluation observes them.</summary>
    public IReadOnlyList<StepSignal> Fired { get; }

    /// <summary>Takes the time step that is in <see cref="Input"/> and returns the scores of the classes so far, valid until the next step.</summary>
    public ReadOnlySpan<float> Step()
    {
        Input.Live = true;
        _root.Advance(Input);
        return _readout.Step();
    }

    /// <summary>Takes one step behind the end of the sequence, for what learned delays still hold: their layers make a sequence longer.</summary>
    /// <param name="scores">The scores including that step, valid until the next one.</param>
    /// <returns>False, and no scores, when nothing is on its way any more; a network without delays has nothing from the start.</returns>
    public bool Drain(out ReadOnlySpan<float> scores)
    {
        Input.Silence();
        _root.Advance(Input);
        scores = Output.Live ? _readout.Step() : default;
        return Output.Live;
    }

    /// <summary>Floats in a saved state.</summary>
    public int StateLength => _state.Sum(part => part.Length);

    /// <summary>Copies the state out.</summary>
    public void SaveState(Span<float> state)
    {
        foreach (Memory<float> part in _state)
        {
            part.Span.CopyTo(state);
            state = state[part.Length..];
        }
    }

    /// <summary>Goes on from a state that was saved.</summary>
    public void LoadState(ReadOnlySpan<float> state)
    {
        foreach (Memory<float> part in _state)
        {
            state[..part.Length].CopyTo(part.Span);
            state = state[part.Length..];
        }
    }

    /// <summary>Goes back to the state before the first step.</summary>
    public void Clear()
    {
        foreach (Memory<float> part in _state)
            part.Span.Clear();
    }
}
