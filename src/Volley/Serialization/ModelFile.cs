using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Serialization;

/// <summary>A model's parameters and running statistics in a safetensors file, with the model's own description.</summary>
public static class ModelFile
{
    /// <summary>Replaces the file as a whole. The same model gives the same bytes.</summary>
    public static void Save(Model model, string path)
    {
        var metadata = new Dictionary<string, string>();
        if (model.Description is { } description)
            metadata[ModelDescription.Key] = description;
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

    /// <summary>Rebuilds the model that a file describes and holds.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or describes no model that this version knows.</exception>
    public static Model Open(string path)
    {
        ModelDescription description = ModelDescription.From(SafeTensorsFile.Read(path), path);
        Model model = Build(description, path);
        Load(model, path);
        return model;
    }

    private static Model Build(ModelDescription description, string path)
    {
        try
        {
            return RecipeBuilder.Model(description.Model, description.Inputs, description.Classes, new Rng(0));
        }
        catch (ArgumentException failure)
        {
            throw new InvalidDataException($"'{path}' describes a model that cannot be built: {failure.Message}", failure);
        }
    }
}
