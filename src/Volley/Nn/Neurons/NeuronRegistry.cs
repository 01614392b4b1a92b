using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Every neuron model. A model that is in this list is held to the conformance tests; a test sees to it that all are.</summary>
public static class NeuronRegistry
{
    /// <summary>Every model, in every variant of its reset.</summary>
    public static IReadOnlyList<NeuronKernel> All { get; } =
    [
        .. Variants((reset, detach) => new IntegrateAndFireKernel(reset, detach)),
        .. Variants((reset, detach) => new LifKernel(reset, detach)),
        .. Variants((reset, detach) => new CubaLifKernel(reset, detach)),
        .. Variants((reset, detach) => new AlifKernel(reset, detach)),
        .. Variants((reset, detach) => new KlifKernel(reset, detach)),
        new GlifKernel(),
        new AdLifKernel(),
        new CAdLifKernel(),
        new SeAdLifKernel(),
        new EfAdLifKernel(),
        new LeakyIntegratorKernel(),
    ];

    private static NeuronKernel[] Variants(Func<Reset, bool, NeuronKernel> make) =>
        [make(Reset.Subtract, false), make(Reset.Subtract, true), make(Reset.ToZero, false), make(Reset.ToZero, true), make(Reset.None, false)];
}
