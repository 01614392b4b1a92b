namespace Volley.Nn;

/// <summary>A module that makes what passes through it late.</summary>
public interface IDelays
{
    /// <summary>Whether the delays are learned: evaluation then rounds them to whole steps, unless asked for what training sees.</summary>
    bool LearnsDelays { get; }

    /// <summary>Steps that the output is longer than the input.</summary>
    int Extra { get; }

    /// <summary>Delays in steps, as they are deployed.</summary>
    int[] Delays();
}
