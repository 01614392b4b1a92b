using System.Globalization;
using System.Numerics;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Nn.StateSpace;

namespace Volley.Cli.Runs;

/// <summary>Looks at what a model's neurons and synapses learned beside weights: delays, time constants, adaptation, thresholds.</summary>
internal static class LearnedProbe
{
    /// <summary>Longer time constants than a million steps are shown as that: a decay of exactly 1 has none.</summary>
    private const double LongestSteps = 1e6;

    private const int MostModes = 4096;

    /// <param name="before">The model as it was drawn.</param>
    /// <param name="after">The same model, trained.</param>
    /// <param name="timeStep">Δt in seconds.</param>
    public static IReadOnlyList<LearnedValues> Of(Model before, Model after, double timeStep)
    {
        var learned = new List<LearnedValues>();
        foreach ((Module first, Module last) in before.Modules.Zip(after.Modules))
        {
            if (first is IDelays { LearnsDelays: true } drawn && last is IDelays trained)
                learned.Add(new LearnedValues(last.ToString(), "delay", "ms", Milliseconds(drawn, timeStep), Milliseconds(trained, timeStep)));
            else if (first is DiagonalStateSpace fresh && last is DiagonalStateSpace space)
                learned.AddRange(Modes(fresh, space));
            else if (first is NeuronLayer { Parameters.Count: > 0 } initial && last is NeuronLayer neurons)
                learned.AddRange(Neurons(initial, neurons, timeStep));
        }
        return learned;
    }

    /// <summary>The time scales of every mode of every channel, as they are in steps: Δ scales A.</summary>
    private static IEnumerable<LearnedValues> Modes(DiagonalStateSpace before, DiagonalStateSpace after)
    {
        yield return new LearnedValues(after.ToString(), "step Δ", "", [.. before.StepSizes().Select(Short)], [.. after.StepSizes().Select(Short)]);
        yield return Of("time constant 1/(−Δ·Re A)", "steps", mode => -1 / mode.Real);
        yield return Of("frequency Δ·Im A/2π", "cycles a step", mode => Math.Abs(mode.Imaginary) / (2 * Math.PI));

        LearnedValues Of(string name, string unit, Func<Complex, double> value) => new(after.ToString(), name, unit, Spread(before.Modes(), value), Spread(after.Modes(), value));
    }

    /// <summary>All of them, or as many evenly chosen ones as a distribution needs.</summary>
    private static double[] Spread(Complex[] modes, Func<Complex, double> value)
    {
        int count = Math.Min(modes.Length, MostModes);
        return [.. Enumerable.Range(0, count).Select(i => Short(value(modes[(long)i * modes.Length / count])))];
    }

    private static double Short(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;

    private static IReadOnlyList<double> Milliseconds(IDelays layer, double timeStep) => [.. layer.Delays().Select(delay => Math.Round(delay * timeStep * 1e3, 3))];

    private static IEnumerable<LearnedValues> Neurons(NeuronLayer before, NeuronLayer after, double timeStep)
    {
        float[] first = before.KernelParameters(), last = after.KernelParameters();
        for (int p = 0; p < after.Kernel.Parameters.Count; p++)
        {
            string name = after.Kernel.Parameters[p];
            if (!after.Parameters.Any(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                continue;
            bool decay = IsDecay(after.Kernel.Name, name);
            double[] Values(float[] all) => [.. Enumerable.Range(0, after.Neurons).Select(i => decay ? TimeConstant(all[p * after.Neurons + i], timeStep) : all[p * after.Neurons + i])];
            yield return new LearnedValues(after.ToString(), decay ? $"time constant of {name.ToLowerInvariant()}" : name.ToLowerInvariant(), decay ? "ms" : "", Values(first), Values(last));
        }
    }

    /// <summary>The gates of a GLIF bear the same letters, but are no decays.</summary>
    private static bool IsDecay(string kernel, string name) => kernel != "glif" && (name is "Alpha" or "Beta" or "Decay" or "Rho");

    private static double TimeConstant(float decay, double timeStep) =>
        Math.Round(1e3 * timeStep * (decay <= 0 ? 0 : Math.Min(LongestSteps, -1 / Math.Log(Math.Min(decay, 1 - 1e-7)))), 3);
}
