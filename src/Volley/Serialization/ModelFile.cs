using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Tensors;

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
        if (model.InputDescription is { } input)
            metadata[InputDescription.Key] = input;
        new SafeTensorsFile(metadata, Snapshot.Tensors(model).Select(tensor => SafeTensor.Of(tensor.Name, tensor.Value.Data, Sizes(tensor.Value.Shape)))).Write(path);
    }

    /// <summary>Loads parameters and running statistics into a model of the same architecture.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another model, which is then left as it was.</exception>
    public static void Load(Model model, string path) => Load(model, SafeTensorsFile.Read(path), path);

    private static void Load(Model model, SafeTensorsFile file, string path)
    {
        try
        {
            foreach (NamedTensor tensor in Snapshot.Tensors(model))
            {
                // The same number of values is not enough: other tools keep weights [outputs, inputs].
                if (file.Tensors.TryGetValue(tensor.Name, out SafeTensor? stored) && !stored.Shape.SequenceEqual(Sizes(tensor.Value.Shape)))
                    throw new InvalidDataException($"The tensor {tensor.Name} is {stored} in the file; the model {model.Name} needs the shape {tensor.Value.Shape}.");
            }
            Snapshot.Of(file.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value.ToSingles())).CopyTo(model);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"{path}: {failure.Message}", failure);
        }
    }

    private static long[] Sizes(Shape shape)
    {
        var sizes = new long[shape.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i];
        return sizes;
    }

    /// <summary>Rebuilds the model that a file describes and holds.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or describes no model that this version knows.</exception>
    public static Model Open(string path)
    {
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        ModelDescription description = ModelDescription.From(file, path);
        Model model = Build(description, path);
        Load(model, file, path);
        if (file.Metadata.TryGetValue(InputDescription.Key, out string? input))
            model.Input = ReadInput(input, model, path);
        return model;
    }

    private static InputDescription ReadInput(string json, Model model, string path)
    {
        try
        {
            var input = InputDescription.Parse(json, InputDescription.Key);
            return input.Problem(model.Units, model.Classes) is { } problem
                ? throw new InvalidDataException($"'{path}': {InputDescription.Key}: the document does not fit the model: {problem}.")
                : input;
        }
        catch (RecipeException failure)
        {
            throw new InvalidDataException($"'{path}' describes no input that this version knows: {failure.Message}", failure);
        }
    }

    private static Model Build(ModelDescription description, string path)
    {
        try
        {
            return RecipeBuilder.Model(description.Model, description.InputShape, description.Classes, new Rng(0), description.Steps);
        }
        catch (ArgumentException failure)
        {
            throw new InvalidDataException($"'{path}' describes a model whose layers do not fit each other: {failure.Message}", failure);
        }
    }
}
