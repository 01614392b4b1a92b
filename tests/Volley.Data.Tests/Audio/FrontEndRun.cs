using Volley.Data.Audio;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Data.Tests.Audio;

/// <summary>A front end over a whole recording, through its stream.</summary>
internal static class FrontEndRun
{
    public static List<float[]> Values(FrontEndRecipe recipe, float[] samples, int block = int.MaxValue) =>
        Run(recipe, samples, block, step => (float[])step.Values.Clone());

    public static List<ulong[]> Spikes(FrontEndRecipe recipe, float[] samples, int block = int.MaxValue) =>
        Run(recipe, samples, block, step => (ulong[])step.Bits.Clone());

    public static List<T> Run<T>(FrontEndRecipe recipe, float[] samples, int block, Func<StepSignal, T> read)
    {
        FrontEnd front = FrontEnds.Create(recipe);
        return Run(front.Open(samples.Length), Step(front), samples, block, read);
    }

    public static List<T> Run<T>(FrontEndStream stream, StepSignal step, float[] samples, int block, Func<StepSignal, T> read)
    {
        var steps = new List<T>();
        for (int start = 0; start < samples.Length;)
        {
            int length = Math.Min(block, samples.Length - start);
            ReadOnlySpan<float> rest = samples.AsSpan(start, length);
            while (rest.Length > 0)
            {
                rest = rest[stream.Accept(rest)..];
                while (stream.TryRead(step))
                    steps.Add(read(step));
            }
            start += length;
        }
        stream.Finish();
        while (stream.TryRead(step))
            steps.Add(read(step));
        return steps;
    }

    public static StepSignal Step(FrontEnd front) =>
        front.Kind == SampleKind.Spikes ? StepSignal.OfSpikes(front.Units) : StepSignal.OfValues(front.Units);
}
