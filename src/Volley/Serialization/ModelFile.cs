using Volley.Nn;

namespace Volley.Serialization;

/// <summary>A model's parameters and running statistics in a safetensors file, with the model's own description.</summary>
public static class ModelFile
{
    /// <summary>The metadata entry that holds <see cref="Model.Description"/>.</summary>
    public const string DescriptionKey = "volley.model";

    /// <summary>Replaces the file as a whole. The same model gives the same bytes.</summary>
    public static void Save(Model model, string path)
    {
        var metadata = new Dictionary<string, string>();
        if (model.Description is { } description)
            metadata[DescriptionKey] = description;
        new SafeTensorsFile(metadata, Snapshot.Tensors(model).Select(tensor =>
        {
            var shape = new long[tensor.Value.Shape.Rank];
            for (int i = 0; i < shape.Length; i++)
                shape[i] = tensor.Value.Shape[i];
            return SafeTensor.Of(tensor.Name, tensor.Value.Data, shape);
        })).Write(path);
    }

    /// <summary>Loads parameters and running statistics into a model of the same architecture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another model.</exception>
    public static void Load(Model model, string path)
    {
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        try
        {
            Snapshot.Of(file.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value.ToSingles())).CopyTo(model);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>The description a file carries, or null.</summary>
    public static string? Description(string path) => SafeTensorsFile.Read(path).Metadata.GetValueOrDefault(DescriptionKey);
}
