using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volley.Kernels.Lanes;

/// <summary>8 floats in one 256-bit register.</summary>
public readonly unsafe struct F32x8(Vector256<float> value) : IVectorLane<F32x8>
{
    public readonly Vector256<float> Value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Of(float value) => new(Vector256.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Of(double value) => new(Vector256.Create((float)value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 operator +(F32x8 a, F32x8 b) => new(a.Value + b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 operator -(F32x8 a, F32x8 b) => new(a.Value - b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 operator *(F32x8 a, F32x8 b) => new(a.Value * b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 operator /(F32x8 a, F32x8 b) => new(a.Value / b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 operator -(F32x8 a) => new(-a.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 MulAdd(F32x8 a, F32x8 b, F32x8 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Min(F32x8 a, F32x8 b) => new(Vector256.Min(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Max(F32x8 a, F32x8 b) => new(Vector256.Max(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Accumulate(ref F32x8 sum, F32x8 a, F32x8 b) => Unsafe.AsRef(in sum.Value) = Vector256.FusedMultiplyAdd(a.Value, b.Value, sum.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Abs(F32x8 a) => new(Vector256.Abs(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Sqrt(F32x8 a) => new(Vector256.Sqrt(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Reciprocal(F32x8 a) => LaneMath.Reciprocal(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 ReciprocalGuess(F32x8 a) => new((Vector256.Create(0x7EF311C7) - a.Value.AsInt32()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Exp(F32x8 a) => LaneMath.Exp(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 IfGreater(F32x8 a, F32x8 b, F32x8 then, F32x8 otherwise) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(a.Value, b.Value), then.Value, otherwise.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 IfGreaterOrEqual(F32x8 a, F32x8 b, F32x8 then, F32x8 otherwise) => new(Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(a.Value, b.Value), then.Value, otherwise.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Detach(F32x8 a) => a;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Spike(F32x8 hard, F32x8 slope, F32x8 distance) => hard;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Load(float* source) => new(Vector256.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Spread(float* source) => new(Vector256.Create(*source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* destination, F32x8 value) => value.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 LoadPart(float* source, int count) =>
        Avx.IsSupported ? new(Avx.MaskLoad(source, First(count))) : LoadCopy(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* destination, F32x8 value, int count)
    {
        if (Avx.IsSupported)
            Avx.MaskStore(destination, First(count), value.Value);
        else
            StoreCopy(destination, value, count);
    }

    /// <summary>Ones in the first <paramref name="count"/> elements: a masked access touches no memory behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    private static F32x8 LoadCopy(float* source, int count)
    {
        float* part = stackalloc float[8];
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(part, 8));
        return Load(part);
    }

    private static void StoreCopy(float* destination, F32x8 value, int count)
    {
        float* part = stackalloc float[8];
        Store(part, value);
        new ReadOnlySpan<float>(part, count).CopyTo(new Span<float>(destination, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint PositiveBits(F32x8 value) => (uint)Vector256.GreaterThan(value.Value, Vector256<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 FromBits(uint bits)
    {
        var own = Vector256.Create(1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7);
        var set = Vector256.Equals(Vector256.Create((int)bits) & own, own);
        return new((set & Vector256.Create(1f).AsInt32()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Round(F32x8 value) => new(Vector256.Round(value.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 PowerOfTwo(F32x8 n) => new(((Vector256.ConvertToInt32(n.Value) + Vector256.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Exponent(F32x8 value) => new(Vector256.ConvertToSingle(((value.Value.AsInt32() >> 23) & Vector256.Create(0xFF)) - Vector256.Create(127)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x8 Mantissa(F32x8 value) => new(((value.Value.AsInt32() & Vector256.Create(0x7FFFFF)) | Vector256.Create(0x3F800000)).AsSingle());
}
