using System.Numerics;
using Volley.Kernels;
using Volley.Kernels.StateSpace;
using Volley.Nn.StateSpace;

namespace Volley.Tests.Nn;

public sealed class StateSpaceTimeScaleTests
{
    /// <summary>Held inputs: the kernel of a channel is 2·Re Σ C·(e^ΔA − 1)/A·e^(ΔA·t), so that its modes can be read off the kernel itself.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ModesAreThoseOfTheKernels(int sets)
    {
        const int channels = 5, steps = 7;
        var layer = DiagonalStateSpace.Create(channels, new StateSpaceOptions { States = 6, Sets = sets, Discretization = Discretization.ZeroOrderHold }, new Rng(3));
        Random random = new(4);
        foreach (var parameter in layer.Parameters.Where(p => p.Name is "logDecay" or "frequency" or "b"))
        {
            foreach (ref float value in parameter.Value.Data)
                value += (float)random.NextDouble();
        }
        Complex[] modes = layer.Modes();
        double[] sizes = layer.StepSizes();
        Assert.Equal((channels * 3, channels), (modes.Length, sizes.Length));
        float[] kernels = layer.Kernels(steps);
        ReadOnlySpan<float> b = layer.Parameters.Single(p => p.Name == "b").Value.Data, c = layer.Parameters.Single(p => p.Name == "c").Value.Data;
        for (int h = 0; h < channels; h++)
        {
            for (int t = 0; t < steps; t++)
            {
                Complex sum = 0;
                for (int n = 0; n < 3; n++)
                {
                    int set = (h % (sets == 0 ? channels : sets) * 3) + n, own = (h * 3) + n;
                    Complex mode = modes[own], a = mode / sizes[h];
                    sum += new Complex(c[2 * own], c[(2 * own) + 1]) * new Complex(b[2 * set], b[(2 * set) + 1]) * (Complex.Exp(mode) - 1) / a * Complex.Exp(mode * t);
                }
                Assert.Equal(2 * sum.Real, kernels[(h * steps) + t], 1e-5);
            }
        }
    }
}
