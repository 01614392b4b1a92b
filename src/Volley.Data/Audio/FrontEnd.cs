using Volley.Nn;

namespace Volley.Data.Audio;

/// <summary>Turns a recording into time steps: currents (<see cref="SampleKind.Values"/>) or spikes.</summary>
/// <remarks>There is one way through it: a stream is opened, takes samples in blocks of any size, and gives a step as soon as it can. A whole
/// recording is a stream that is given all of it, so that training, evaluation and a device see the same bits.</remarks>
public abstract class FrontEnd
{
    /// <summary>Samples a second that it expects.</summary>
    public abstract int Rate { get; }

    /// <summary>Currents or spikes.</summary>
    public abstract SampleKind Kind { get; }

    /// <summary>Channels of a time step.</summary>
    public abstract int Units { get; }

    /// <summary>Δt, seconds.</summary>
    public abstract double TimeStep { get; }

    /// <summary>Whether a step depends on nothing later than itself. Where it does (normalisation over the recording), a stream has its steps
    /// ready only after <see cref="FrontEndStream.Finish"/>.</summary>
    public abstract bool Causal { get; }

    /// <summary>Steps of a recording, at least 1.</summary>
    /// <param name="samples">Its length at <see cref="Rate"/>, at least 1.</param>
    public abstract int Steps(long samples);

    /// <summary>A new stream at the start of a recording.</summary>
    /// <param name="mostSamples">The longest recording it will be given; what is not <see cref="Causal"/> keeps all of one.</param>
    public abstract FrontEndStream Open(long mostSamples);
}

/// <summary>A recording on its way through a <see cref="FrontEnd"/>, one after another. Everything is allocated when it is opened.</summary>
/// <remarks>
/// <code>
/// while (block.Length > 0)
/// {
///     block = block[stream.Accept(block)..];
///     while (stream.TryRead(model.Input))
///         scores = model.Step();
/// }
/// stream.Finish();                       // the recording ends: then once more
/// while (stream.TryRead(model.Input))
///     scores = model.Step();
/// </code></remarks>
public abstract class FrontEndStream
{
    /// <summary>Takes samples, in −1 … 1 for a full-scale recording, until the next step is complete.</summary>
    /// <returns>How many it took; fewer than all where a step must be read first.</returns>
    public abstract int Accept(ReadOnlySpan<float> samples);

    /// <summary>The recording ends here.</summary>
    public abstract void Finish();

    /// <summary>Writes the next step where one is ready.</summary>
    /// <param name="step">Of the front end's units and kind.</param>
    public abstract bool TryRead(StepSignal step);

    /// <summary>Goes back to the start of a recording.</summary>
    public abstract void Clear();
}
