using System.Runtime.InteropServices;
using Volley.Autograd;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Monitoring;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>Looks at what a model does with test samples.</summary>
internal static class ActivityProbe
{
    public static RunActivity Of(Model model, Cpu cpu, IDataset part, Evaluation evaluation)
    {
        int classes = model.Classes;
        var confusion = new int[classes * classes];
        for (int i = 0; i < confusion.Length; i++)
            confusion[i] = evaluation.Confusion[i / classes, i % classes];
        return new RunActivity(
            part.Info.ClassNames, confusion,
            [.. evaluation.Rates.Layers.Select(layer => new LayerRates(layer.Layer, layer.Rates))],
            Rasters(model, cpu, part, evaluation))
        { Cost = evaluation.Cost };
    }

    private static List<SampleSpikes> Rasters(Model model, Cpu cpu, IDataset part, Evaluation evaluation)
    {
        var rasters = new List<SampleSpikes>();
        var choice = new TraceChoice(evaluation.Rates, model.Classes);
        using var arena = new Arena();
        using var loader = new Loader(part.Subset(SampleChoice.Of(model, cpu, part, evaluation.Predictions)), new LoaderOptions { BatchSize = 1, Shuffle = false, Prefetch = false });
        foreach (Batch batch in loader.Epoch(0))
        {
            arena.Reset();
            var recorder = new Recorder(new LayerMonitor { Quantities = [Quantity.Membrane, Quantity.Distance] });
            var tape = new Tape(cpu, arena, training: false) { Random = new Rng(0).Fork("raster").Fork(rasters.Count), Watcher = recorder.Watch };
            Prediction prediction = model.Forward(tape, batch.Input);
            var layers = new List<LayerSpikes>();
            if (batch.Input is Spikes input)
                layers.Add(Copy(cpu, "input", input));
            layers.AddRange(tape.Observations.Select(observation => Copy(cpu, observation.Layer, observation.Spikes)));
            int[] predicted = Predicted(batch, prediction.Scores, model.Classes);
            rasters.Add(new SampleSpikes(Title(part.Info.ClassNames, batch, predicted), layers)
            {
                Traces = choice.Of(recorder.Finish(tape), layers, part.Info.ClassNames, batch.StepLabels.IsEmpty ? [batch.Labels.Span[0], predicted[0]] : []),
            });
        }
        return rasters;
    }

    private static int[] Predicted(Batch batch, Tensor scores, int classes)
    {
        var predicted = new int[batch.StepLabels.IsEmpty ? batch.Labels.Length : batch.StepLabels.Length];
        Metrics.ArgMax(scores.Data, predicted, predicted.Length, classes);
        return predicted;
    }

    private static string Title(IReadOnlyList<string> names, Batch batch, int[] predicted)
    {
        ReadOnlySpan<int> labels = batch.StepLabels.IsEmpty ? batch.Labels.Span : batch.StepLabels.Span;
        if (batch.StepLabels.IsEmpty)
            return labels[0] == predicted[0] ? $"class {names[labels[0]]}, recognised" : $"class {names[labels[0]]}, taken for {names[predicted[0]]}";
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
}
