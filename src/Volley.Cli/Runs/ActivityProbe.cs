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
            Rasters(model, cpu, part));
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
            var predicted = new int[1];
            Metrics.ArgMax(prediction.Scores.Data, predicted, 1, model.Classes);
            var layers = new List<LayerSpikes>();
            if (batch.Input is Spikes input)
                layers.Add(Copy(cpu, "input", input));
            layers.AddRange(tape.Observations.Select(observation => Copy(cpu, observation.Layer, observation.Spikes)));
            IReadOnlyList<string> names = part.Info.ClassNames;
            rasters.Add(new SampleSpikes($"class {names[batch.Labels.Span[0]]}, predicted {names[predicted[0]]}", layers));
        }
        return rasters;
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
