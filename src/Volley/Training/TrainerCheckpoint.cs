using System.Text.Json;
using Volley.Nn;
using Volley.Serialization;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>A trainer as a <see cref="Checkpoint"/> and back, bit for bit.</summary>
public static class TrainerCheckpoint
{
    /// <summary>Everything the run needs to go on.</summary>
    public static Checkpoint Save(Trainer trainer)
    {
        var arrays = new List<SafeTensor>();
        foreach (NamedTensor tensor in Snapshot.Tensors(trainer.Model))
            arrays.Add(SafeTensor.Of("model." + tensor.Name, tensor.Value.Data));
        foreach (NamedTensor tensor in trainer.Optimizer.State)
            arrays.Add(SafeTensor.Of("optimizer." + tensor.Name, tensor.Value.Data));
        if (trainer.State.Best is { } best)
        {
            foreach ((string name, float[] values) in best.Values)
                arrays.Add(SafeTensor.Of("best." + name, (ReadOnlySpan<float>)values));
        }
        string state = JsonSerializer.Serialize(new Stored(trainer.State, trainer.Optimizer.Steps), StoredJson.Default.Stored);
        return new Checkpoint(state, arrays);
    }

    /// <summary>Puts a trainer where the checkpoint was taken, or, if it does not fit, changes nothing.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of another model, optimiser or version.</exception>
    public static void Load(Trainer trainer, Checkpoint checkpoint)
    {
        Stored stored = Read(checkpoint.State);
        var moments = new List<(Tensor To, float[] Values)>();
        foreach (NamedTensor tensor in trainer.Optimizer.State)
        {
            float[] values = checkpoint.Get("optimizer." + tensor.Name).ToSingles();
            if (values.Length != tensor.Value.Shape.Count)
                throw new InvalidDataException($"The checkpoint's optimizer.{tensor.Name} has {values.Length} values; the run needs {tensor.Value.Shape.Count}.");
            moments.Add((tensor.Value, values));
        }
        Snapshot best = Section(checkpoint, "best.");
        Section(checkpoint, "model.").CopyTo(trainer.Model);
        foreach ((Tensor to, float[] values) in moments)
            values.CopyTo(to.Data);
        trainer.Optimizer.Steps = stored.Steps;
        trainer.State = stored.State;
        trainer.State.Best = best.Values.Count == 0 ? null : best;
    }

    private static Stored Read(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, StoredJson.Default.Stored) is { State: { Epoch: >= 0, Batch: >= 0, GradientNorms: not null, GradientSteps: >= 0 }, Steps: >= 0 } stored)
                return stored;
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"The checkpoint's training state cannot be read: {failure.Message}", failure);
        }
        throw new InvalidDataException("The checkpoint has no training state; it belongs to another kind of run or version.");
    }

    private static Snapshot Section(Checkpoint checkpoint, string prefix) => Snapshot.Of(checkpoint.Arrays
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value.ToSingles()));
}

/// <summary>The JSON part of a checkpoint.</summary>
internal sealed record Stored(TrainerState State, long Steps);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[System.Text.Json.Serialization.JsonSerializable(typeof(Stored))]
internal sealed partial class StoredJson : System.Text.Json.Serialization.JsonSerializerContext;
