using System.Runtime.CompilerServices;

namespace Volley.Kernels.Lanes;

/// <summary>One double: the lane of references.</summary>
public readonly struct F64(double value) : ILane<F64>
{
    public readonly double Value = value;

    public static F64 Of(float value) => new(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F64 Of(double value) => new(value);
    public static F64 operator +(F64 a, F64 b) => new(a.Value + b.Value);
    public static F64 operator -(F64 a, F64 b) => new(a.Value - b.Value);
    public static F64 operator *(F64 a, F64 b) => new(a.Value * b.Value);
    public static F64 operator /(F64 a, F64 b) => new(a.Value / b.Value);
    public static F64 operator -(F64 a) => new(-a.Value);
    public static F64 MulAdd(F64 a, F64 b, F64 c) => new(Math.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    public static F64 Min(F64 a, F64 b) => new(Math.Min(a.Value, b.Value));
    public static F64 Max(F64 a, F64 b) => new(Math.Max(a.Value, b.Value));
    public static F64 Abs(F64 a) => new(Math.Abs(a.Value));
    public static F64 Sqrt(F64 a) => new(Math.Sqrt(a.Value));
    public static F64 Reciprocal(F64 a) => new(1 / a.Value);
    public static F64 Exp(F64 a) => new(Math.Exp(a.Value));
    public static F64 IfGreater(F64 a, F64 b, F64 then, F64 otherwise) => a.Value > b.Value ? then : otherwise;
    public static F64 IfGreaterOrEqual(F64 a, F64 b, F64 then, F64 otherwise) => a.Value >= b.Value ? then : otherwise;
    public static F64 Detach(F64 a) => a;
    public static F64 Spike(F64 hard, F64 slope, F64 distance) => hard;
}
