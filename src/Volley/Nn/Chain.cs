using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Modules one after another.</summary>
public sealed class Chain : Module, ICausal
{
    private readonly Module[] _modules;

    public Chain(params ReadOnlySpan<Module> modules)
    {
        _modules = modules.ToArray();
        Children = [.. _modules.Select((module, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), module))];
    }

    public override string Kind => "chain";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    public override Signal Forward(Tape tape, Signal input)
    {
        foreach (Module module in _modules)
        {
            input = module.Forward(tape, input);
            tape.Inspector?.Invoke(module.ToString(), input);
        }
        return input;
    }

    public override Shape OutputShape(Shape step)
    {
        foreach (Module module in _modules)
            step = module.OutputShape(step);
        return step;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        var stages = new Stage[_modules.Length];
        StepSignal signal = input.Signal;
        for (int i = 0; i < _modules.Length; i++)
        {
            stages[i] = Stage.Open(_modules[i], input with { Signal = signal });
            signal = stages[i].Output;
        }
        return new ChainStage(stages, input.Signal, signal);
    }

    private sealed class ChainStage(Stage[] stages, StepSignal input, StepSignal output) : Stage(output)
    {
        public override bool Drains => stages.Length > 0;

        public override void Step()
        {
            StepSignal signal = input;
            foreach (Stage stage in stages)
            {
                stage.Advance(signal);
                signal = stage.Output;
            }
        }

        public override IEnumerable<Memory<float>> State => stages.SelectMany(stage => stage.State);

        public override IEnumerable<StepSignal> Fired => stages.SelectMany(stage => stage.Fired);
    }
}
