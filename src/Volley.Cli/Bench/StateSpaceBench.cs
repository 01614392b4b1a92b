using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.StateSpace;
using Volley.Tensors;
using Gelu = Volley.Nn.Gelu;

namespace Volley.Cli.Bench;

/// <summary>State-space layers whole (SSM, activation, mixing), forward and backward, one direction; and their kernels: B=16, H=128, N=64.</summary>
/// <remarks>Floors count the mixing product and the transforms over time at the machine's peak (4·H² and, for each of five transforms, 5·log₂ L operations a channel-step), and the
/// bytes of input, output and their gradients.</remarks>
internal sealed class StateSpaceBench : IBenchGroup
{
    private const int Batch = 16, Units = 128, States = 64;
    private static readonly int[] s_steps = [784, 1024, 4096];

    public string Name => "ssm";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        var options = new StateSpaceOptions { States = States };
        // The time of a step must not grow with the length: one sample, so that memory does not limit it.
        foreach (int steps in (int[])[1024, 4096, 16384, 65536])
            yield return Layer(cpu, "ssm/binary-s4d/long", S4D.Binary(Units, options, new Rng(1)), steps, batch: 1);
        foreach (int steps in s_steps)
        {
            yield return Layer(cpu, "ssm/s4d/forward+backward", S4D.WithGelu(Units, options, new Rng(1)), steps);
            yield return Layer(cpu, "ssm/binary-s4d/forward+backward", S4D.Binary(Units, options, new Rng(1)), steps);
            yield return Layer(cpu, "ssm/gsu/forward+backward", S4D.Gated(Units, options, new Rng(1)), steps);
            yield return Layer(cpu, "ssm/core/forward+backward", DiagonalStateSpace.Create(Units, options, new Rng(1)), steps);
            yield return Layer(cpu, "ssm/gelu/forward+backward", new Gelu(), steps);
            yield return Layer(cpu, "ssm/glu/forward+backward", new GatedLinear(Units, Units, new Rng(1)), steps);
            yield return Scan(cpu, options, steps);
        }
    }

    private static BenchCase Layer(Cpu cpu, string name, Module layer, int steps, int batch = Batch)
    {
        var input = Tensor.Zeros(new Shape(batch, steps, Units));
        new Rng(3).FillNormal(cpu, input.Data, 0, 1);
        input.NeedsGradient = true;
        var arena = new Arena();
        var tape = new Tape(cpu, arena, training: true);
        var cotangent = Tensor.Zeros(input.Shape);
        new Rng(4).FillNormal(cpu, cotangent.Data, 0, 1);
        double tokens = (double)batch * steps, bytes = 16.0 * tokens * Units;
        double transforms = layer is S4D or DiagonalStateSpace ? 5 * 5 * Math.Log2(steps) * tokens * Units : 0;
        double mixing = layer is S4D or GatedLinear ? 3 * 4.0 * tokens * Units * Units : 0;
        return new BenchCase(name, $"B={batch},H={Units},N={States},L={steps}", () =>
        {
            tape.Clear();
            arena.Reset();
            Signal output = layer.Forward(tape, input);
            GradientTarget target = tape.Target(output);
            cotangent.Data.CopyTo(target.Span);
            target.Commit();
            tape.WalkBack();
        }, new Work(mixing + transforms, bytes, bytes))
        {
            // The input lies outside the arena; the copy of the cotangent is the benchmark's.
            MemoryBytes = () => 4 * (long)tokens * Units + arena.UsedBytes,
        };
    }

    /// <summary>Evaluation of a causal layer: the recurrence, 7 multiply-adds a mode.</summary>
    private static BenchCase Scan(Cpu cpu, StateSpaceOptions options, int steps)
    {
        var layer = DiagonalStateSpace.Create(Units, options, new Rng(1));
        var input = Tensor.Zeros(new Shape(Batch, steps, Units));
        new Rng(3).FillNormal(cpu, input.Data, 0, 1);
        var arena = new Arena();
        var tape = new Tape(cpu, arena, training: false);
        double work = (double)Batch * steps * Units;
        return new BenchCase("ssm/core/scan", $"B={Batch},H={Units},N={States},L={steps}", () =>
        {
            tape.Clear();
            arena.Reset();
            layer.Forward(tape, input);
        }, new Work(2 * 6.0 * (States / 2) * work, 8 * work, 8 * work));
    }
}
