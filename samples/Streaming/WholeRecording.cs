using System.Numerics;
using Volley.Autograd;
using Volley.Data;
using Volley.Data.Audio;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Samples.Streaming;

/// <summary>What <c>volley eval</c> does with a recording: all of its time steps at once.</summary>
internal static class WholeRecording
{
    public static (float[] Scores, long Spikes) Evaluate(Model model, string path)
    {
        using var cpu = new Cpu();
        using var arena = new Arena();
        using var loader = new Loader(AsDataset(model, path));
        var tape = new Tape(cpu, arena, training: false);
        Prediction prediction = model.Forward(tape, loader.Epoch(0).Single().Input);
        long spikes = 0;
        foreach (Observation observation in tape.Observations)
        {
            foreach (ulong word in observation.Spikes.Bits)
                spikes += BitOperations.PopCount(word);
        }
        return (prediction.Scores.Data.ToArray(), spikes);
    }

    private static InMemoryDataset AsDataset(Model model, string path)
    {
        using var wav = WavReader.Open(path);
        var samples = new float[wav.Frames!.Value];
        wav.Read(samples);
        FrontEnd input = AudioInput.Of(model, wav.Rate);
        FrontEndStream stream = input.Open(samples.Length);
        bool spikes = input.Kind == SampleKind.Spikes;
        StepSignal step = spikes ? StepSignal.OfSpikes(input.Units) : StepSignal.OfValues(input.Units);
        var values = new List<float>();
        var bits = new List<ulong>();
        void Take()
        {
            while (stream.TryRead(step))
            {
                values.AddRange(step.Values);
                bits.AddRange(step.Bits);
            }
        }

        for (int start = 0; start < samples.Length; Take())
            start += stream.Accept(samples.AsSpan(start));
        stream.Finish();
        Take();
        return spikes
            ? InMemoryDataset.FromBits("recording", [[.. bits]], [0], input.Units, model.Classes)
            : InMemoryDataset.FromValues("recording", [[.. values]], [0], input.Units, model.Classes);
    }
}
