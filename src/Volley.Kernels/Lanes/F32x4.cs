using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Volley.Kernels.Lanes;

/// <summary>4 floats in one 128-bit register.</summary>
public readonly unsafe struct F32x4(Vector128<float> value) : IVectorLane<F32x4>
{
    public readonly Vector128<float> Value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Of(float value) => new(Vector128.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Of(double value) => new(Vector128.Create((float)value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 operator +(F32x4 a, F32x4 b) => new(a.Value + b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 operator -(F32x4 a, F32x4 b) => new(a.Value - b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 operator *(F32x4 a, F32x4 b) => new(a.Value * b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 operator /(F32x4 a, F32x4 b) => new(a.Value / b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 operator -(F32x4 a) => new(-a.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 MulAdd(F32x4 a, F32x4 b, F32x4 c) => new(Vector128.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Min(F32x4 a, F32x4 b) => new(Vector128.Min(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Max(F32x4 a, F32x4 b) => new(Vector128.Max(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Accumulate(ref F32x4 sum, F32x4 a, F32x4 b) => Unsafe.AsRef(in sum.Value) = Vector128.FusedMultiplyAdd(a.Value, b.Value, sum.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Abs(F32x4 a) => new(Vector128.Abs(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Sqrt(F32x4 a) => new(Vector128.Sqrt(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Reciprocal(F32x4 a) => LaneMath.Reciprocal(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 ReciprocalGuess(F32x4 a) => new((Vector128.Create(0x7EF311C7) - a.Value.AsInt32()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Exp(F32x4 a) => LaneMath.Exp(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 IfGreater(F32x4 a, F32x4 b, F32x4 then, F32x4 otherwise) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(a.Value, b.Value), then.Value, otherwise.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 IfGreaterOrEqual(F32x4 a, F32x4 b, F32x4 then, F32x4 otherwise) => new(Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(a.Value, b.Value), then.Value, otherwise.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Detach(F32x4 a) => a;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Spike(F32x4 hard, F32x4 slope, F32x4 distance) => hard;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Load(float* source) => new(Vector128.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Spread(float* source) => new(Vector128.Create(*source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* destination, F32x4 value) => value.Value.Store(destination);

    public static F32x4 LoadPart(float* source, int count)
    {
        float* part = stackalloc float[4];
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(part, 4));
        return Load(part);
    }

    public static void StorePart(float* destination, F32x4 value, int count)
    {
        float* part = stackalloc float[4];
        Store(part, value);
        new ReadOnlySpan<float>(part, count).CopyTo(new Span<float>(destination, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint PositiveBits(F32x4 value) => (uint)Vector128.GreaterThan(value.Value, Vector128<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x4 FromBits(uint bits)
    {
        var own = Vector128.Create(1 << 0, 1 << 1, 1 << 2, 1 << 3);
        var set = Vector128.Equals(Vector128.Create((int)bits) & own, own);
        return new((set & Vector128.Create(1f).AsInt32()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Round(F32x4 value) => new(Vector128.Round(value.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 PowerOfTwo(F32x4 n) => new(((Vector128.ConvertToInt32(n.Value) + Vector128.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Exponent(F32x4 value) => new(Vector128.ConvertToSingle(((value.Value.AsInt32() >> 23) & Vector128.Create(0xFF)) - Vector128.Create(127)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x4 Mantissa(F32x4 value) => new(((value.Value.AsInt32() & Vector128.Create(0x7FFFFF)) | Vector128.Create(0x3F800000)).AsSingle());
}
