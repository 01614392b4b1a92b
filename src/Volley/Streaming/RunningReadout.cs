using Volley.Kernels;
using Volley.Nn;

namespace Volley.Streaming;

/// <summary>A readout that is up to date after every step, with the arithmetic of the readout over the whole sequence.</summary>
internal sealed class RunningReadout
{
    private readonly ReadoutKind _kind;
    private readonly StepSignal _output;
    private readonly float[] _sums, _scores, _row, _steps = new float[1];

    public RunningReadout(ReadoutKind kind, StepSignal output)
    {
        (_kind, _output) = (kind, output);
        (_sums, _scores, _row) = (new float[output.Units], new float[output.Units], new float[output.Units]);
    }

    public IEnumerable<Memory<float>> State => [_sums, _steps];

    public int Steps => (int)_steps[0];

    public ReadOnlySpan<float> Step()
    {
        ReadOnlySpan<float> y = _output.Floats(_row);
        bool first = _steps[0]++ == 0;
        switch (_kind)
        {
            case ReadoutKind.SumSoftmax:
                Readouts.SoftmaxRow(y, _scores);
                for (int c = 0; c < _sums.Length; c++)
                    _sums[c] += _scores[c];
                return _sums;
            case ReadoutKind.Max:
                for (int c = 0; c < _sums.Length; c++)
                    _sums[c] = first || y[c] > _sums[c] ? y[c] : _sums[c];
                return _sums;
            case ReadoutKind.Last:
                y.CopyTo(_sums);
                return _sums;
            default:
                for (int c = 0; c < _sums.Length; c++)
                    _sums[c] += y[c];
                if (_kind != ReadoutKind.Mean)
                    return _sums;
                for (int c = 0; c < _sums.Length; c++)
                    _scores[c] = _sums[c] / _steps[0];
                return _scores;
        }
    }
}
