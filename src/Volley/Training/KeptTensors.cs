using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Tensors with a copy of their values as they were at some point: running statistics before a step that may fail.</summary>
internal sealed class KeptTensors(IReadOnlyList<NamedTensor> tensors)
{
    private readonly Tensor[] _tensors = [.. tensors.Select(tensor => tensor.Value)];
    private readonly float[] _values = new float[tensors.Sum(tensor => tensor.Value.Shape.Count)];

    public void Keep()
    {
        Span<float> to = _values;
        foreach (Tensor tensor in _tensors)
        {
            tensor.Data.CopyTo(to);
            to = to[tensor.Shape.Count..];
        }
    }

    public void Restore()
    {
        ReadOnlySpan<float> from = _values;
        foreach (Tensor tensor in _tensors)
        {
            from[..tensor.Shape.Count].CopyTo(tensor.Data);
            from = from[tensor.Shape.Count..];
        }
    }
}
