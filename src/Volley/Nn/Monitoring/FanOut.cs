using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>How many weights a nonzero input of some synapses meets: what turns spikes into synaptic operations.</summary>
/// <remarks>Where what is late is lost behind the end of a sample, there is a row for each number of steps that are left; the last serves all larger ones.</remarks>
public sealed class FanOut
{
    private readonly int[] _effective, _dense;

    /// <param name="inputs">Inputs of a row: all elements of a step, or the channels that all places of a step share.</param>
    /// <param name="effective">Weights that are not 0 [rows, inputs].</param>
    /// <param name="dense">All weights [rows, inputs].</param>
    /// <param name="extra">Steps that the output is longer than the input.</param>
    internal FanOut(int inputs, int[] effective, int[] dense, int extra = 0)
    {
        (Inputs, _effective, _dense, Extra) = (inputs, effective, dense, extra);
        Rows = effective.Length / inputs;
        Same = [.. Enumerable.Range(0, Rows).Select(row => Effective(row).ContainsAnyExcept(Effective(row)[0]) ? -1 : Effective(row)[0])];
        DenseSums = [.. Enumerable.Range(0, Rows).Select(row => _dense.AsSpan(row * inputs, inputs).ToArray().Sum(weights => (long)weights))];
    }

    /// <summary>That of a matrix [inputs, outputs]: the row of an input is what it meets.</summary>
    public static FanOut Of(Tensor weight) => FanOuts.OfRows(weight.Data, weight.Shape.Last);

    internal int Inputs { get; }

    internal int Rows { get; }

    internal int Extra { get; }

    /// <summary>Weights in all, and those that are 0; both 0 where these are no learned weights of their own.</summary>
    internal (long All, long Zero) Weights { get; init; }

    /// <summary>What all inputs of a row have; −1 where they differ.</summary>
    internal int[] Same { get; }

    /// <summary>All weights that the inputs of a row meet.</summary>
    internal long[] DenseSums { get; }

    internal ReadOnlySpan<int> Effective(int row) => _effective.AsSpan(row * Inputs, Inputs);

    /// <summary>The row of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="length">Steps of the sample.</param>
    internal int RowOf(int step, int length) => Math.Min(Rows - 1, length + Extra - 1 - step);
}
