using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>What layers with delays have in common: positions P, learned or fixed, and the width of the interpolation; the delay is ⌊K/2⌋ − P steps.</summary>
internal sealed class DelayPositions
{
    private readonly DelayOptions _options;
    private readonly Tensor _sigma;

    /// <param name="shape">One position each.</param>
    /// <param name="random">Draws them.</param>
    public DelayPositions(DelayOptions options, Shape shape, Rng random)
    {
        _options = options;
        Values = DelayOptions.Draw(options, shape, random);
        Parameter = options.Learned
            ? new Parameter("position", Values) { Decays = false, Box = (-options.Taps / 2, options.Taps / 2), RateScale = options.RateScale, Group = DelayOptions.Group }
            : null;
        _sigma = Tensor.Zeros(new Shape(1));
        _sigma.Data[0] = options.SigmaAt(0, 0);
        Buffers = Parameter is null ? [new NamedTensor("sigma", _sigma), new NamedTensor("position", Values)] : [new NamedTensor("sigma", _sigma)];
    }

    /// <summary>P.</summary>
    public Tensor Values { get; }

    /// <summary>P where it is learned, else null.</summary>
    public Parameter? Parameter { get; }

    /// <summary>SIG; and P where it is not learned.</summary>
    public IReadOnlyList<NamedTensor> Buffers { get; }

    public float Sigma => _sigma.Data[0];

    public bool IsTriangle => _options.Shape == TapInterpolation.Triangle;

    /// <summary>Steps that the output is longer than the input.</summary>
    public int Extra => _options.Extra;

    public void Anneal(int epoch, int epochs) => _sigma.Data[0] = _options.SigmaAt(epoch, epochs);

    /// <summary>Delays in whole steps, as they are deployed.</summary>
    public void Round(Span<int> delays) => DelayShift.Round(Values.Data, delays, _options.Taps);

    /// <inheritdoc cref="Round"/>
    public int[] Rounded()
    {
        var delays = new int[Values.Shape.Count];
        Round(delays);
        return delays;
    }

    /// <summary>The lengths of samples that are longer by the delays' room.</summary>
    public int[]? Longer(int[]? lengths) => lengths is null ? null : Array.ConvertAll(lengths, length => length + Extra);
}
