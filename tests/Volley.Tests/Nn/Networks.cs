using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Dropout = Volley.Nn.Dropout;

namespace Volley.Tests.Nn;

/// <summary>Small whole networks, the same ones each time.</summary>
internal static class Networks
{
    public const int Units = 6, Classes = 4;

    public static IReadOnlyDictionary<string, Func<Module>> All { get; } = new Dictionary<string, Func<Module>>
    {
        ["lif"] = () => new Chain(Dense(Units, 8), new BatchNorm(8), Lif(8), Dense(8, Classes), Integrator()),
        ["cadlif"] = () => new Chain(Dense(Units, 8), new BatchNorm(8, momentum: 0.05f), CAdLif(8), Dense(8, Classes), Integrator()),
        ["cadlif, deep"] = () => new Chain(Dense(Units, 7), new BatchNorm(7), CAdLif(7), Dense(7, 6), new LayerNorm(6), Lif(6), Dense(6, Classes, bias: true), Integrator()),
        ["recurrent"] = () => new Chain(Dense(Units, 7), new BatchNorm(7), new Recurrent(CAdLif(7), Dense(7, 7, scale: 1)), Dense(7, Classes), Integrator()),
        ["residual"] = () => new Chain(Dense(Units, 6), new BatchNorm(6), Lif(6), new Residual(new Chain(Dense(6, 6), new BatchNorm(6), CAdLif(6))), Dense(6, Classes), Integrator()),
        ["spiking output"] = () => new Chain(Dense(Units, 8), new BatchNorm(8), CAdLif(8), Dense(8, Classes), new BatchNorm(Classes), Lif(Classes)),
        ["linear output"] = () => new Chain(Dense(Units, 8), new LayerNorm(8), CAdLif(8), Dense(8, Classes, bias: true)),
    };

    /// <summary>With everything that draws and everything that knows of the batch.</summary>
    public static Module Busy(int units = Units, int width = 9, bool randomState = true) => new Chain(
        Dense(units, width), new BatchNorm(width),
        new CAdLifLayer(width, new Rng(3), firing: new Firing(new Boxcar(), RandomInitialState: randomState)), new Dropout(0.25f),
        Dense(width, width), new BatchNorm(width), new Recurrent(CAdLif(width), Dense(width, width, scale: 1)), new Dropout(0.25f),
        Dense(width, Classes, bias: true), Integrator());

    public static Model Model(string name, ReadoutKind readout = ReadoutKind.SumSoftmax) => new(name, All[name](), Units, Classes, readout);

    private static Dense Dense(int inputs, int outputs, bool bias = false, float scale = 3) => LayerCase.Dense(inputs, outputs, bias, scale);

    private static NeuronLayer Lif(int n) => new LifLayer(n, new Rng(2), Coefficient.LearnedDecay(1.2f, 4), decayInput: false);

    private static NeuronLayer CAdLif(int n) => new CAdLifLayer(n, new Rng(3), Coefficient.Boxed(0.36f, 0.7f), threshold: 0.5f, firing: new Firing(new ATan(1)));

    private static NeuronLayer Integrator() => new LeakyIntegratorLayer(Classes, new Rng(4), Coefficient.Boxed(0.82f, 0.96f));
}
