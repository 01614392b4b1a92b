using System.Runtime.InteropServices;
using Volley.Autograd;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>Looks at what a model does with test samples.</summary>
internal static class ActivityProbe
{
    private const int Samples = 4;

    public static RunActivity Of(Model model, Cpu cpu, IDataset part, Evaluation evaluation)
    {
        int classes = model.Classes;
        var confusion = new int[classes * classes];
        for (int i = 0; i < confusion.Length; i++)
            confusion[i] = evaluation.Confusion[i / classes, i % classes];
        return new RunActivity(
            part.Info.ClassNames, confusion,
            [.. evaluation.Rates.Layers.Select(layer => new LayerRates(layer.Layer, layer.Rates))],
            Rasters(model, cpu, part))
        { Cost = evaluation.Cost };
    }

    private static List<SampleSpikes> Rasters(Model model, Cpu cpu, IDataset part)
    {
        var rasters = new List<SampleSpikes>();
        using var arena = new Arena();
        var tape = new Tape(cpu, arena, training: false);
        using var loader = new Loader(part.Subset(FirstOfClasses(part)), new LoaderOptions { BatchSize = 1, Shuffle = false, Prefetch = false });
        foreach (Batch batch in loader.Epoch(0))
        {
            tape.Clear();
            arena.Reset();
            tape.Random = new Rng(0).Fork("raster").Fork(rasters.Count);
            Prediction prediction = model.Forward(tape, batch.Input);
            var layers = new List<LayerSpikes>();
            if (batch.Input is Spikes input)
                layers.Add(Copy(cpu, "input", input));
            layers.AddRange(tape.Observations.Select(observation => Copy(cpu, observation.Layer, observation.Spikes)));
            rasters.Add(new SampleSpikes(Title(part.Info.ClassNames, batch, prediction.Scores), layers));
        }
        return rasters;
    }

    private static string Title(IReadOnlyList<string> names, Batch batch, Tensor scores)
    {
        ReadOnlySpan<int> labels = batch.StepLabels.IsEmpty ? batch.Labels.Span : batch.StepLabels.Span;
        var predicted = new int[labels.Length];
        Metrics.ArgMax(scores.Data, predicted, predicted.Length, names.Count);
        if (batch.StepLabels.IsEmpty)
            return $"class {names[labels[0]]}, predicted {names[predicted[0]]}";
        (int all, int right) = (0, 0);
        for (int t = 0; t < labels.Length; t++)
        {
            all += labels[t] >= 0 ? 1 : 0;
            right += labels[t] == predicted[t] ? 1 : 0;
        }
        return $"{right} of {all} labelled steps right";
    }

    /// <summary>A row a step: every place and channel of an image is a neuron.</summary>
    private static LayerSpikes Copy(Cpu cpu, string name, Spikes spikes)
    {
        int neurons = spikes.Shape.Step.Count, steps = spikes.Shape[1];
        var bits = new ulong[steps * SpikeBits.WordsPerRow(neurons)];
        SpikeBits.Regroup(cpu, spikes.Bits, bits, steps, neurons, spikes.Shape.Last, neurons);
        return new(name, neurons, steps, MemoryMarshal.AsBytes(bits.AsSpan()).ToArray());
    }

    /// <summary>The first sample of each of the first classes.</summary>
    private static int[] FirstOfClasses(IDataset part)
    {
        var first = new SortedDictionary<int, int>();
        for (int i = 0; i < part.Count && first.Count < part.Info.Classes; i++)
            first.TryAdd(part.Label(i), i);
        return [.. first.Values.Take(Samples)];
    }
}
