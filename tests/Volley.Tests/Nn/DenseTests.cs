using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Tests.Neurons;

namespace Volley.Tests.Nn;

public sealed class DenseTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    /// <summary>Which way the product is done is a matter of speed alone.</summary>
    [Theory]
    [InlineData("Spikes", 0.02, 20)]
    [InlineData("Spikes", 0.02, 80)]
    [InlineData("Spikes", 0.6, 80)]
    [InlineData("CountedSpikes", 0.1, 80)]
    [InlineData("SignedSpikes", 0.1, 20)]
    public void SpikesGiveTheBitsOfTheSameNumbers(string kind, double density, int outputs)
    {
        LayerInput spikes = LayerInput.Random(Enum.Parse<InputKind>(kind), 4, 30, 70, density, [30, 11, 30, 2]);
        Assert.Equal(density < 0.3, SpikeGemm.PrefersEvents(density, outputs));
        LayerRun events = LayerRun.Of(_cpu, LayerCase.Dense(70, outputs), spikes);
        LayerRun floats = LayerRun.Of(_cpu, LayerCase.Dense(70, outputs), spikes with { Kind = InputKind.Floats });
        SameBits.Check(floats.Output, events.Output, "output");
        SameBits.Check(floats.DInput, events.DInput, "gradient of the input");
        for (int p = 0; p < 2; p++)
            SameBits.Check(floats.DParameters[p].Values, events.DParameters[p].Values, $"gradient of {floats.DParameters[p].Path}");
    }

    /// <summary>Where the surrogate is 0 the gradient of the spikes is not computed; no gradient of a parameter may tell.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GradientsThatTheSurrogateWouldDropMayBeLeftOut(bool recurrent)
    {
        LayerInput input = LayerInput.Random(InputKind.Floats, 4, 30, 64, lengths: [30, 12, 30, 29]);
        LayerRun[] runs = [.. ((ISurrogate[])[new Boxcar(0.02f), new BoxcarWithoutSupport(0.02f)]).Select(surrogate =>
        {
            NeuronLayer neurons = new CAdLifLayer(64, new Rng(1), firing: new Firing(surrogate));
            Module middle = recurrent ? new Recurrent(neurons, LayerCase.Dense(64, 64)) : neurons;
            return LayerRun.Of(_cpu, new Chain(LayerCase.Dense(64, 64, scale: 4), middle, LayerCase.Dense(64, 200)), input);
        })];
        SameBits.Check(runs[1].DInput, runs[0].DInput, "gradient of the input");
        Assert.Contains(runs[0].DInput, d => d != 0);
        for (int p = 0; p < runs[0].DParameters.Count; p++)
            SameBits.Check(runs[1].DParameters[p].Values, runs[0].DParameters[p].Values, $"gradient of {runs[0].DParameters[p].Path}");
    }

    /// <summary>A boxcar that says nothing of where it is 0.</summary>
    private readonly record struct BoxcarWithoutSupport(float HalfWidth) : ISurrogate
    {
        public float Support => float.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Slope<L>(L x) where L : unmanaged, ILane<L> => new Boxcar(HalfWidth).Slope(x);

        unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
    }
}
