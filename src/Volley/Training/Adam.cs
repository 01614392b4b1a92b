using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Adam (Kingma and Ba 2015); weight decay is added to the gradient, or, decoupled, taken from the weight (AdamW, Loshchilov and Hutter 2019).</summary>
public sealed class Adam : Optimizer
{
    private readonly float _beta1, _beta2, _epsilon, _decay;
    private readonly bool _decoupled;
    private readonly Tensor[] _first, _second;

    public Adam(IEnumerable<NamedParameter> parameters, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0, bool decoupled = false)
        : base(parameters)
    {
        (_beta1, _beta2, _epsilon, _decay, _decoupled) = (beta1, beta2, epsilon, weightDecay, decoupled);
        _first = Moments("first");
        _second = Moments("second");
    }

    protected override void Update(Cpu cpu, int index, Parameter parameter, float rate, float? momentum)
    {
        Span<float> value = parameter.Value.Data, gradient = parameter.Gradient.Data, first = _first[index].Data, second = _second[index].Data;
        float decay = parameter.Decays ? _decay : 0, beta1 = momentum ?? _beta1;
        if (_decoupled)
            Optimizers.AdamW(cpu, value, gradient, first, second, Steps, rate, beta1, _beta2, _epsilon, decay);
        else
            Optimizers.Adam(cpu, value, gradient, first, second, Steps, rate, beta1, _beta2, _epsilon, decay);
    }
}
