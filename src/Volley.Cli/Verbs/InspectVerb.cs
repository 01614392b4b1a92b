using System.CommandLine;
using System.Text.Json.Nodes;
using Volley.Autograd;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Streaming;
using Volley.Tensors;

namespace Volley.Cli.Verbs;

/// <summary><c>volley inspect RECIPE|RUN|MODEL</c>: what a network is made of; needs no data.</summary>
internal sealed class InspectVerb
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _target = new("RECIPE|RUN|MODEL") { Description = "A recipe's name or file, a run folder, or a model.safetensors" };
    private readonly Option<bool> _json = CommonOptions.Json();

    private InspectVerb(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var verb = new InspectVerb(terminal);
        var command = new Command("inspect", "Shows layers, parameters and sizes; needs no data") { verb._target, verb._json };
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        (Model model, Recipe? recipe, string? assumed) = Open(parsed.GetValue(_target)!);
        InspectResult totals = Totals(model, recipe, assumed);
        if (parsed.GetValue(_json))
            WriteJson(model, totals);
        else
            WriteTable(model, recipe, totals);
        return ExitCode.Done;
    }

    private static (Model Model, Recipe? Recipe, string? Assumed) Open(string what)
    {
        if (File.Exists(what) && !what.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return (ModelFile.Open(what), null, null);
        Recipe recipe = RecipeLibrary.Find(what);
        var run = new RunFolder(what);
        return Directory.Exists(what) && File.Exists(run.Model)
            ? (ModelFile.Open(run.Model), recipe, null)
            : (RunSetup.BuildModel(recipe, DataRecipes.Describe(recipe.Data), recipe.Seeds[0]), recipe, DataRecipes.Assumed(recipe.Data));
    }

    private static InspectResult Totals(Model model, Recipe? recipe, string? assumed) => new(
        RunPlan.Describe(model), model.Units, model.Classes, Leaves(model).Count(), model.ParameterCount,
        model.Buffers.Sum(buffer => (long)buffer.Value.Shape.Count),
        SpikingNeurons(model),
        model.Modules.Where(m => m is not ParallelNeuronLayer).SelectMany(m => m.Parameters).Where(p => p.Value.Shape.Rank > 1 && p.Group is null).Sum(p => (long)p.Value.Shape.Count),
        StateFloats(model), recipe?.Name, recipe is null ? null : DataRecipes.Describe(recipe.Data).Name, assumed);

    /// <summary>Modules that hold something themselves.</summary>
    private static IEnumerable<Module> Leaves(Model model) => model.Modules.Where(m => m.Children.Count == 0);

    /// <summary>Those that fire in a pass over an empty sample: a layer of parallel neurons does not know by itself how many it has.</summary>
    private static long SpikingNeurons(Model model)
    {
        int steps = model.Modules.OfType<ParallelNeuronLayer>().Max(layer => layer.Steps) ?? 1;
        using var cpu = new Cpu(1);
        using var arena = new Arena();
        var tape = new Tape(cpu, arena, training: false);
        model.Forward(tape, Tensor.Zeros(Shape.Sequence(1, steps, model.InputShape)));
        return tape.Observations.Sum(observation => (long)observation.Spikes.Shape.Step.Count);
    }

    private static int? StateFloats(Model model)
    {
        using var cpu = new Cpu(1);
        try
        {
            return new ModelStream(model, cpu, spikes: false).StateLength;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Shapes(Module module) => module.Parameters.Select(p => $"{p.Name} {p.Value.Shape}");

    private static long Count(Module module) => module.Parameters.Sum(p => (long)p.Value.Shape.Count);

    private void WriteJson(Model model, InspectResult totals)
    {
        if (InputLine.Of(model) is { } input)
            _terminal.Out.WriteLine(new JsonObject { ["event"] = "input", ["takes"] = input }.ToJsonString(RunJson.Relaxed));
        foreach (Module module in Leaves(model))
        {
            _terminal.Out.WriteLine(new JsonObject
            {
                ["event"] = "layer",
                ["path"] = module.Path,
                ["kind"] = module.Kind,
                ["parameters"] = Count(module),
                ["shapes"] = new JsonArray([.. Shapes(module).Select(shape => (JsonNode)shape)]),
            }.ToJsonString(RunJson.Relaxed));
        }
        new JsonView(_terminal.Out).Write("totals", totals);
    }

    private void WriteTable(Model model, Recipe? recipe, InspectResult totals)
    {
        TextWriter output = _terminal.Out;
        output.WriteLine(recipe is null ? totals.Model : $"{recipe.Name}: {totals.Model}");
        if (recipe?.Description is { Length: > 0 } description)
            output.WriteLine(description);
        if (totals.Assumed is { } assumed)
            output.WriteLine($"Nobody has read the data yet: {assumed} are assumed.");
        output.WriteLine();
        var table = new TextTable("layer", "kind", ">parameters", "shapes");
        foreach (Module module in Leaves(model))
            table.Add(module.Path, module.Kind, Text.Whole(Count(module)), string.Join(", ", Shapes(module)));
        table.Write(output, "  ");
        output.WriteLine();
        output.WriteLine($"  {totals.Inputs} inputs, {Text.Whole(totals.Neurons)} spiking neurons, {totals.Classes} classes; readout {model.Readout}");
        if (InputLine.Of(model) is { } input)
            output.WriteLine($"  takes {input}");
        output.WriteLine($"  {Text.Whole(totals.Parameters)} parameters, of them {Text.Whole(totals.Synapses)} synapses; {Text.Whole(totals.RunningStatistics)} running statistics");
        output.WriteLine(totals.StateFloats is { } state
            ? $"  runs step by step with a state of {Text.Whole(state)} numbers"
            : "  cannot run step by step: a layer needs later input or a random initial state");
    }
}
