using Volley.Training.Costs;

namespace Volley.Cli.Views;

/// <summary>What a sample costs, layer by layer.</summary>
internal static class CostTable
{
    public static void Write(TextWriter output, CostReport cost, double peakMemoryMb)
    {
        output.WriteLine($"  cost of a sample, on average over {Text.Whole(cost.Samples)} (NeuroBench's definitions; docs/cost.md):");
        var table = new TextTable("layer", ">parameters", ">zero weights", ">silent", ">ACs", ">MACs", ">dense", ">membrane updates", ">neuron MACs");
        foreach (LayerCost layer in cost.Layers)
            table.Add(Row(layer.Layer, layer.Parameters, layer.ConnectionSparsity, layer.ActivationSparsity, [layer.EffectiveAcs, layer.EffectiveMacs, layer.Dense, layer.MembraneUpdates, layer.NeuronMacs]));
        table.Add(Row("all", cost.Parameters, cost.ConnectionSparsity, cost.ActivationSparsity, [cost.EffectiveAcs, cost.EffectiveMacs, cost.Dense, cost.MembraneUpdates, cost.NeuronMacs]));
        table.Write(output, "  ");
        output.WriteLine();
        output.WriteLine($"  footprint {Text.Whole(cost.FootprintBytes)} bytes as float32; this process took {Text.Number(peakMemoryMb, "0")} MB at most");
        output.WriteLine($"  energy of the arithmetic alone: {Energy(cost.Energy.Int8Nanojoules)} (8-bit integers) to {Energy(cost.Energy.Float32Nanojoules)} (32-bit floats) a sample in 45 nm (Horowitz 2014);");
        output.WriteLine("  memory is left out: measured energy was up to some 700 times as much, and above about 6 % of neurons firing a step a quantised network without spikes took less (docs/cost.md)");
    }

    private static string[] Row(string name, long parameters, double? connections, double? activations, double[] counts) =>
        [name, Text.Whole(parameters), Part(connections), Part(activations), .. counts.Select(count => count == 0 ? "" : Text.Whole((long)Math.Round(count)))];

    private static string Part(double? fraction) => fraction is null ? "" : Text.Percent(fraction);

    private static string Energy(double nanojoules) => nanojoules < 1000 ? $"{Text.Number(nanojoules, "0.0")} nJ" : $"{Text.Number(nanojoules / 1000, "0.00")} µJ";
}
