using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Changes parameters by their gradients, then projects them into their boxes.</summary>
public abstract class Optimizer
{
    private readonly List<NamedTensor> _state = [];

    protected Optimizer(IEnumerable<NamedParameter> parameters) => Parameters = [.. parameters];

    /// <summary>What is optimised.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Moments, in a fixed order with unique names: with <see cref="Steps"/> they are all that a checkpoint needs.</summary>
    public IReadOnlyList<NamedTensor> State => _state;

    /// <summary>Steps taken.</summary>
    public long Steps { get; internal set; }

    /// <summary>Takes one step.</summary>
    /// <param name="rate">The learning rate; each parameter multiplies it by its own scale.</param>
    /// <param name="momentum">Overrides the first momentum coefficient for this step (a one-cycle schedule moves it); null keeps it.</param>
    /// <param name="groups">Learning rates of groups of parameters, instead of <paramref name="rate"/>, its scale and <paramref name="momentum"/>; null for none.</param>
    public void Step(Cpu cpu, float rate, float? momentum = null, IReadOnlyDictionary<string, float>? groups = null)
    {
        Steps++;
        for (int i = 0; i < Parameters.Count; i++)
        {
            Parameter parameter = Parameters[i].Parameter;
            if (groups is not null && parameter.Group is { } group && groups.TryGetValue(group, out float own))
                Update(cpu, i, parameter, own, null);
            else
                Update(cpu, i, parameter, rate * parameter.RateScale, momentum);
            if (parameter.Box is { } box)
                Optimizers.Clamp(cpu, parameter.Value.Data, box.Min, box.Max);
        }
    }

    /// <summary>Clears all gradients.</summary>
    public void ClearGradients()
    {
        foreach (NamedParameter parameter in Parameters)
            parameter.Parameter.Gradient.Data.Clear();
    }

    protected abstract void Update(Cpu cpu, int index, Parameter parameter, float rate, float? momentum);

    /// <summary>One tensor of zeros for each parameter.</summary>
    protected Tensor[] Moments(string name)
    {
        var moments = new Tensor[Parameters.Count];
        for (int i = 0; i < moments.Length; i++)
        {
            moments[i] = Tensor.Zeros(Parameters[i].Parameter.Value.Shape);
            _state.Add(new NamedTensor($"{Parameters[i].Path}.{name}", moments[i]));
        }
        return moments;
    }
}
