using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace CustomNeuron;

/// <summary>Is Backward the adjoint of Charge and Fire? ⟨c, J·t⟩ by dual numbers against ⟨Jᵀ·c, t⟩ by Backward, at random points: exact, also through the spike.</summary>
internal static class GradientCheck
{
    /// <summary>The worst relative error; rounding leaves about 1e-15.</summary>
    public static double Worst(int points)
    {
        var random = new Random(1);
        double worst = 0;
        for (int i = 0; i < points; i++)
            worst = Math.Max(worst, Error(random));
        return worst;
    }

    #region check
    private static double Error(Random random)
    {
        double Draw() => 2 * random.NextDouble() - 1;
        (double X, double Y, double C, double S, double Threshold, double Input) p = (Draw(), Draw(), Draw(), Draw(), Draw() / 2, Draw());
        (double X, double Y, double C, double S, double Threshold, double Input) t = (Draw(), Draw(), Draw(), Draw(), Draw(), Draw());
        (double X, double Y, double Spike) c = (Draw(), Draw(), Draw());
        var surrogate = new ATan(5);

        var dual = new Resonator<Dual> { X = new(p.X, t.X), Y = new(p.Y, t.Y), C = new(p.C, t.C), S = new(p.S, t.S), Threshold = new(p.Threshold, t.Threshold) };
        Dual distance = Resonator<Dual>.Charge(ref dual, new Dual(p.Input, t.Input));
        Dual spike = Dual.Spike(Dual.Of(distance.Value > 0 ? 1 : 0), surrogate.Slope(distance), distance);
        Resonator<Dual>.Fire(ref dual, spike);
        double forward = c.X * dual.X.Tangent + c.Y * dual.Y.Tangent + c.Spike * spike.Tangent;

        var before = new Resonator<F64> { X = new(p.X), Y = new(p.Y), C = new(p.C), S = new(p.S), Threshold = new(p.Threshold) };
        var d = new Resonator<F64> { X = new(c.X), Y = new(c.Y) };
        F64 slope = surrogate.Slope(new F64(distance.Value));
        F64 dInput = Resonator<F64>.Backward(before, new F64(p.Input), new F64(spike.Value), slope, ref d, new F64(c.Spike));
        double backward = d.X.Value * t.X + d.Y.Value * t.Y + d.C.Value * t.C + d.S.Value * t.S + d.Threshold.Value * t.Threshold + dInput.Value * t.Input;
        return Math.Abs(forward - backward) / Math.Max(1, Math.Abs(forward));
    }
    #endregion
}
