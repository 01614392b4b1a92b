using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Tests.Nn;

/// <summary>The gated spiking unit on the example of its specification (seeds.md 3.8, checks 8 and 9).</summary>
public sealed class GatedSpikingUnitTests
{
    private static readonly float[] s_weight = [.5f, -.02f, .1f, -.4f, .3f, .05f, .06f, -.5f, .2f];

    [Theory]
    [InlineData(1f)]
    [InlineData(1e-3f)]
    [InlineData(77f)]
    public void TheExampleComesOutWhateverItsScale(float scale)
    {
        // ε of the normalisation is all that knows the scale: p does not depend on it, and g is linear in it.
        double epsilon = 1e-5 / ((double)scale * scale);
        double[] product = [.66 * 1.1, -.32 * -.4, .2 * 1.3];
        double mean = product.Average(), inverse = 1 / Math.Sqrt(product.Average(x => (x - mean) * (x - mean)) + epsilon);
        foreach (bool training in (bool[])[true, false])
        {
            float[] y = Run(Unit(), [scale, -.1f * scale, .3f * scale], training);
            for (int i = 0; i < 3; i++)
                Assert.Equal(Gelu((product[i] - mean) * inverse), y[i], 2e-6);
            if (scale != 1)
                continue;
            double[] published = [1.267241, -.162605, -.144150];
            for (int i = 0; i < 3; i++)
                Assert.Equal(published[i], y[i], 2e-6);
        }
    }

    private static GatedSpikingUnit Unit()
    {
        var unit = new GatedSpikingUnit(3, new Rng(1));
        s_weight.CopyTo(unit.Parameters[0].Value.Data);
        new[] { .1f, .2f, -.1f }.CopyTo(unit.Parameters[1].Value.Data);
        return unit;
    }

    private static float[] Run(GatedSpikingUnit unit, float[] y, bool training)
    {
        using var cpu = new Cpu(1);
        using var arena = new Arena();
        return ((Tensor)unit.Forward(new Tape(cpu, arena, training), Tensor.Of(new Shape(1, 1, 3), y))).Data.ToArray();
    }

    /// <summary>x·Φ(x), Φ by Simpson's rule over the normal density.</summary>
    private static double Gelu(double x)
    {
        const int Pieces = 2000;
        double h = x / Pieces, sum = Density(0) + Density(x);
        for (int i = 1; i < Pieces; i++)
            sum += (i % 2 == 0 ? 2 : 4) * Density(i * h);
        return x * (0.5 + sum * h / 3);

        static double Density(double v) => Math.Exp(-v * v / 2) / Math.Sqrt(2 * Math.PI);
    }
}
