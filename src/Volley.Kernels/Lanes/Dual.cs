namespace Volley.Kernels.Lanes;

/// <summary>A double and its directional derivative. Running a neuron in this lane gives J·t exactly, also through hard spikes:
/// a spike's value is 0 or 1, its derivative the surrogate's slope.</summary>
public readonly struct Dual(double value, double tangent) : ILane<Dual>
{
    public readonly double Value = value;
    public readonly double Tangent = tangent;

    public static Dual Of(float value) => new(value, 0);
    public static Dual Of(double value) => new(value, 0);
    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Tangent + b.Tangent);
    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Tangent - b.Tangent);
    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, a.Tangent * b.Value + a.Value * b.Tangent);
    public static Dual operator /(Dual a, Dual b) => new(a.Value / b.Value, (a.Tangent - a.Value / b.Value * b.Tangent) / b.Value);
    public static Dual operator -(Dual a) => new(-a.Value, -a.Tangent);
    public static Dual MulAdd(Dual a, Dual b, Dual c) => a * b + c;
    public static Dual Min(Dual a, Dual b) => a.Value <= b.Value ? a : b;
    public static Dual Max(Dual a, Dual b) => a.Value >= b.Value ? a : b;
    public static Dual Abs(Dual a) => a.Value < 0 ? -a : a;

    public static Dual Sqrt(Dual a)
    {
        double root = Math.Sqrt(a.Value);
        return new(root, a.Tangent / (2 * root));
    }

    public static Dual Reciprocal(Dual a) => Of(1) / a;

    public static Dual Exp(Dual a)
    {
        double e = Math.Exp(a.Value);
        return new(e, e * a.Tangent);
    }

    public static Dual IfGreater(Dual a, Dual b, Dual then, Dual otherwise) => a.Value > b.Value ? then : otherwise;
    public static Dual IfGreaterOrEqual(Dual a, Dual b, Dual then, Dual otherwise) => a.Value >= b.Value ? then : otherwise;
    public static Dual Detach(Dual a) => new(a.Value, 0);
    public static Dual Spike(Dual hard, Dual slope, Dual distance) => new(hard.Value, slope.Value * distance.Tangent);
}
