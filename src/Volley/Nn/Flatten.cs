using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>All elements of a time step in one row: [B, T, H, W, C] or [B, T, L, C] → [B, T, N], the channels of a place beside each other.</summary>
public sealed class Flatten : Module, ICausal
{
    public override string Kind => "flatten";

    public override Shape OutputShape(Shape step) => step.Count;

    public override Signal Forward(Tape tape, Signal input) => Axes.SeenAs(tape, input, input.Shape.Step.Count);

    Stage ICausal.OpenStage(StageInput input) => new FlattenStage(input);

    private sealed class FlattenStage(StageInput input)
        : Stage(input.Signal.IsSpikes ? StepSignal.OfSpikes(input.Signal.Units, input.Signal.Scale) : StepSignal.OfValues(input.Signal.Units))
    {
        public override void Step()
        {
            StepSignal signal = input.Signal;
            if (signal.IsSpikes)
                SpikeBits.Regroup(input.Cpu, signal.Bits, Output.Bits, 1, signal.Units, signal.Shape.Last, signal.Units);
            else
                signal.Values.CopyTo(Output.Values, 0);
        }
    }
}
