using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Bench;

/// <summary>A training step of the sequential-CIFAR network: 128 pictures read column by column, 32 steps.</summary>
internal sealed class ScifarBench : IBenchGroup
{
    private const int Batch = 128, Steps = 32, Classes = 10;

    public string Name => "scifar";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        foreach (int width in (int[])[32, 128])
        {
            yield return Case(cpu, "psn", new PsnRecipe(), width, Steps);
            yield return Case(cpu, "sliding-psn", new SlidingPsnRecipe(Steps, SlidingInit.Uniform), width, (Steps + 1) / 2.0);
            yield return Case(cpu, "lif", new LifRecipe(DetachReset: true), width, 0);
        }
    }

    /// <param name="seen">Steps that a neuron sees at a step, each through a multiply-add and, backwards, two.</param>
    private static BenchCase Case(Cpu cpu, string name, NeuronRecipe neuron, int width, double seen)
    {
        Model model = RecipeBuilder.Model(new SequentialCifarRecipe(neuron, width), new Shape(32, 3), Classes, new Rng(1), Steps);
        var input = Tensor.Zeros(new Shape(Batch, Steps, 32, 3));
        new Rng(2).FillUniform(cpu, input.Data, -2, 2);
        var batch = new Batch(input, Enumerable.Range(0, Batch).Select(i => i % Classes).ToArray());
        var trainer = new Trainer(model, new Sgd(model.Parameters, 0.9f, 0), cpu, new TrainerOptions { Epochs = 1, Rate = 1e-3f });
        // Rows of 32 and 16 places, a kernel of 3 with padding that is not multiplied. The first layer sees the picture: dense forward and back to its weights, no gradient of the input.
        // Behind it the gradients of the inputs are dense; products with spikes cost what their density asks for and count nothing.
        double first = 2.0 * 3 * Pairs(32) * width, conv = 2.0 * width * width * (2 * Pairs(32) + 3 * Pairs(16)), dense = 2.0 * (16.0 * width * width + 2 * width * Classes);
        // Beside them each activation x is written, read by statistics and by neurons, and so is its gradient, in both directions.
        double activations = Batch * Steps * (3 * 32.0 + 3 * 16 + 2) * width, bytes = 4 * 8 * activations;
        double products = Batch * Steps * (2 * first + conv + dense) + 6 * seen * activations;
        return new BenchCase($"scifar/{name}", $"width={width},B={Batch},T={Steps}", () => trainer.Step(batch, int.MaxValue), new Work(products, bytes, bytes, Sequential: true))
        {
            Samples = Batch,
            Seconds = 3,
        };
    }

    /// <summary>Pairs of a place and a neighbour that a kernel of 3 sees.</summary>
    private static double Pairs(int places) => 3 * places - 2;
}
