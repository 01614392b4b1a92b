namespace Volley.Nn;

/// <summary>A copy of everything in a model that training changes: parameters and running statistics.</summary>
public sealed class Snapshot
{
    private Snapshot(IReadOnlyDictionary<string, float[]> values) => Values = values;

    /// <summary>Values by path.</summary>
    public IReadOnlyDictionary<string, float[]> Values { get; }

    public static Snapshot Of(Model model) => new(Tensors(model).ToDictionary(entry => entry.Name, entry => entry.Value.Data.ToArray()));

    internal static Snapshot Of(IReadOnlyDictionary<string, float[]> values) => new(values);

    /// <summary>Puts the values back, or, if one does not fit, changes nothing.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another size: the snapshot is of another model.</exception>
    public void CopyTo(Model model)
    {
        foreach (NamedTensor tensor in Tensors(model))
        {
            if (!Values.TryGetValue(tensor.Name, out float[]? values))
                throw new InvalidDataException($"The file has no tensor {tensor.Name}, which the model {model.Name} needs.");
            if (values.Length != tensor.Value.Shape.Count)
                throw new InvalidDataException($"The tensor {tensor.Name} has {values.Length} values in the file; the model {model.Name} needs {tensor.Value.Shape.Count}.");
        }
        foreach (NamedTensor tensor in Tensors(model))
            Values[tensor.Name].CopyTo(tensor.Value.Data);
    }

    /// <summary>Parameters, then running statistics, with their paths.</summary>
    internal static IEnumerable<NamedTensor> Tensors(Model model) =>
        model.Parameters.Select(p => new NamedTensor(p.Path, p.Parameter.Value)).Concat(model.Buffers);
}
