using System.Runtime.CompilerServices;

namespace Volley.Kernels.Lanes;

/// <summary>One float.</summary>
public readonly unsafe struct F32(float value) : IVectorLane<F32>
{
    public readonly float Value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Of(float value) => new(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Of(double value) => new((float)value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 operator +(F32 a, F32 b) => new(a.Value + b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 operator -(F32 a, F32 b) => new(a.Value - b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 operator *(F32 a, F32 b) => new(a.Value * b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 operator /(F32 a, F32 b) => new(a.Value / b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 operator -(F32 a) => new(-a.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 MulAdd(F32 a, F32 b, F32 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Min(F32 a, F32 b) => new(MathF.Min(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Max(F32 a, F32 b) => new(MathF.Max(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Accumulate(ref F32 sum, F32 a, F32 b) => Unsafe.AsRef(in sum.Value) = MathF.FusedMultiplyAdd(a.Value, b.Value, sum.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Abs(F32 a) => new(MathF.Abs(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Sqrt(F32 a) => new(MathF.Sqrt(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Reciprocal(F32 a) => LaneMath.Reciprocal(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 ReciprocalGuess(F32 a) => new(BitConverter.Int32BitsToSingle(0x7EF311C7 - BitConverter.SingleToInt32Bits(a.Value)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Exp(F32 a) => LaneMath.Exp(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 IfGreater(F32 a, F32 b, F32 then, F32 otherwise) => a.Value > b.Value ? then : otherwise;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 IfGreaterOrEqual(F32 a, F32 b, F32 then, F32 otherwise) => a.Value >= b.Value ? then : otherwise;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Detach(F32 a) => a;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Spike(F32 hard, F32 slope, F32 distance) => hard;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Load(float* source) => new(*source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Spread(float* source) => new(*source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* destination, F32 value) => *destination = value.Value;
    public static F32 LoadPart(float* source, int count) => default;
    public static void StorePart(float* destination, F32 value, int count) { }
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint PositiveBits(F32 value) => value.Value > 0 ? 1u : 0u;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 FromBits(uint bits) => new(bits & 1);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Round(F32 value) => new(MathF.Round(value.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 PowerOfTwo(F32 n) => new(BitConverter.Int32BitsToSingle(((int)n.Value + 127) << 23));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Exponent(F32 value) => new(((BitConverter.SingleToInt32Bits(value.Value) >> 23) & 0xFF) - 127);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32 Mantissa(F32 value) => new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(value.Value) & 0x7FFFFF) | 0x3F800000));
}
