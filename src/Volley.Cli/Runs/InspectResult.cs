namespace Volley.Cli.Runs;

/// <summary>A network in figures; the last object of <c>inspect</c>.</summary>
/// <param name="Model">Sizes and neurons.</param>
/// <param name="Inputs">Input units.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Layers">Layers with parameters or neurons.</param>
/// <param name="Parameters">Learned values.</param>
/// <param name="RunningStatistics">Values that are kept but not learned by gradient.</param>
/// <param name="Neurons">Spiking neurons.</param>
/// <param name="Synapses">Weights in matrices.</param>
/// <param name="StateFloats">Numbers that a stream keeps from step to step; null where the network cannot stream.</param>
/// <param name="Recipe">The recipe; null for a model alone.</param>
/// <param name="Dataset">The data set; null for a model alone.</param>
/// <param name="Assumed">What is assumed of data that nobody has read yet, such as "10 classes"; null where nothing is.</param>
internal sealed record InspectResult(
    string Model, int Inputs, int Classes, int Layers, long Parameters, long RunningStatistics, long Neurons, long Synapses, int? StateFloats, string? Recipe, string? Dataset, string? Assumed);
