using System.Runtime.InteropServices;
using Volley.Kernels;
using Volley.Nn;

namespace Volley.Streaming;

/// <summary>A readout that is up to date after every step, with the arithmetic of the readout over the whole sequence.</summary>
internal sealed class RunningReadout
{
    private readonly ReadoutKind _kind;
    private readonly StepSignal _output;
    private readonly float[] _sums, _scores, _row;

    // A count of steps in the room of two floats: a float alone would stand still at 2²⁴ steps, under five hours at 1 kHz.
    private readonly float[] _steps = new float[2];

    public RunningReadout(ReadoutKind kind, StepSignal output)
    {
        (_kind, _output) = (kind, output);
        (_sums, _scores, _row) = (new float[output.Units], new float[output.Units], new float[output.Units]);
    }

    public IEnumerable<Memory<float>> State => [_sums, _steps];

    public long Steps => StepCount;

    private ref long StepCount => ref MemoryMarshal.Cast<float, long>(_steps.AsSpan())[0];

    public ReadOnlySpan<float> Step()
    {
        ReadOnlySpan<float> y = _output.Floats(_row);
        bool first = StepCount++ == 0;
        switch (_kind)
        {
            case ReadoutKind.SumSoftmax:
                Readouts.SoftmaxRow(y, _scores);
                for (int c = 0; c < _sums.Length; c++)
                    _sums[c] += _scores[c];
                return _sums;
            case ReadoutKind.Max:
                for (int c = 0; c < _sums.Length; c++)
                    _sums[c] = first ? y[c] : MathF.Max(_sums[c], y[c]);
                return _sums;
            case ReadoutKind.Last or ReadoutKind.EachStep:
                y.CopyTo(_sums);
                return _sums;
            default:
                for (int c = 0; c < _sums.Length; c++)
                    _sums[c] += y[c];
                if (_kind != ReadoutKind.Mean)
                    return _sums;
                for (int c = 0; c < _sums.Length; c++)
                    _scores[c] = _sums[c] / StepCount;
                return _scores;
        }
    }
}
