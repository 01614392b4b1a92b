using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Training.Costs;

namespace Volley.Tests.Training;

/// <summary>The cost of one batch.</summary>
internal static class Costs
{
    public static CostReport Of(Cpu cpu, Model model, Signal input, bool interpolateDelays = false)
    {
        using var arena = new Arena();
        var counter = new CostCounter(model);
        var tape = new Tape(cpu, arena, training: false) { Watcher = counter.Watch, InterpolatesDelays = interpolateDelays };
        model.Forward(tape, input);
        counter.Add(tape, input.Shape[0]);
        return counter.Report();
    }

    /// <summary>Of a module by itself.</summary>
    public static CostReport Of(Cpu cpu, Module module, Signal input, bool interpolateDelays = false) =>
        Of(cpu, ModelOf(module, input.Shape.Step), input, interpolateDelays);

    /// <summary>A model that is only that module; what it puts out is flattened.</summary>
    public static Model ModelOf(Module module, Shape step)
    {
        Module root = module.OutputShape(step).Rank == 1 ? module : new Chain(module, new Flatten());
        return new Model("one", root, step, root.OutputShape(step).Last, ReadoutKind.Mean);
    }
}
