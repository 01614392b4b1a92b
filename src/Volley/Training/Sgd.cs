using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's convention: b ← μ·b + g, w ← w − rate·b.</summary>
public sealed class Sgd : Optimizer
{
    private readonly float _momentum, _decay;
    private readonly bool _nesterov;
    private readonly Tensor[]? _buffers;

    public Sgd(IEnumerable<NamedParameter> parameters, float momentum = 0.9f, float weightDecay = 0, bool nesterov = false) : base(parameters)
    {
        (_momentum, _decay, _nesterov) = (momentum, weightDecay, nesterov);
        _buffers = momentum > 0 ? Moments("momentum") : null;
    }

    /// <remarks>Plain descent has no momentum that a schedule could move.</remarks>
    protected override void Update(Cpu cpu, int index, Parameter parameter, float rate, float? momentum) =>
        Optimizers.Sgd(cpu, parameter.Value.Data, parameter.Gradient.Data, _buffers is null ? default : _buffers[index].Data, rate,
            _buffers is null ? 0 : momentum ?? _momentum, parameter.Decays ? _decay : 0, _nesterov, firstStep: Steps == 1);
}
