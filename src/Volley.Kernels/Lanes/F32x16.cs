using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volley.Kernels.Lanes;

/// <summary>16 floats in one 512-bit register.</summary>
public readonly unsafe struct F32x16(Vector512<float> value) : IVectorLane<F32x16>
{
    public readonly Vector512<float> Value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Of(float value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Of(double value) => new(Vector512.Create((float)value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 operator +(F32x16 a, F32x16 b) => new(a.Value + b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 operator -(F32x16 a, F32x16 b) => new(a.Value - b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 operator *(F32x16 a, F32x16 b) => new(a.Value * b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 operator /(F32x16 a, F32x16 b) => new(a.Value / b.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 operator -(F32x16 a) => new(-a.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 MulAdd(F32x16 a, F32x16 b, F32x16 c) => new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Min(F32x16 a, F32x16 b) => new(Vector512.Min(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Max(F32x16 a, F32x16 b) => new(Vector512.Max(a.Value, b.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Accumulate(ref F32x16 sum, F32x16 a, F32x16 b) => Unsafe.AsRef(in sum.Value) = Vector512.FusedMultiplyAdd(a.Value, b.Value, sum.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Abs(F32x16 a) => new(Vector512.Abs(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Sqrt(F32x16 a) => new(Vector512.Sqrt(a.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Reciprocal(F32x16 a) => LaneMath.Reciprocal(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 ReciprocalGuess(F32x16 a) => new((Vector512.Create(0x7EF311C7) - a.Value.AsInt32()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Exp(F32x16 a) => LaneMath.Exp(a);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 IfGreater(F32x16 a, F32x16 b, F32x16 then, F32x16 otherwise) => new(Vector512.ConditionalSelect(Vector512.GreaterThan(a.Value, b.Value), then.Value, otherwise.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 IfGreaterOrEqual(F32x16 a, F32x16 b, F32x16 then, F32x16 otherwise) => new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a.Value, b.Value), then.Value, otherwise.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Detach(F32x16 a) => a;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Spike(F32x16 hard, F32x16 slope, F32x16 distance) => hard;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Load(float* source) => new(Vector512.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Spread(float* source) => new(Vector512.Create(*source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* destination, F32x16 value) => value.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 LoadPart(float* source, int count) =>
        Avx512F.IsSupported ? new(Avx512F.MaskLoad(source, First(count), Vector512<float>.Zero)) : LoadCopy(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* destination, F32x16 value, int count)
    {
        if (Avx512F.IsSupported)
            Avx512F.MaskStore(destination, First(count), value.Value);
        else
            StoreCopy(destination, value, count);
    }

    /// <summary>Ones in the first <paramref name="count"/> elements: a masked access touches no memory behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    private static F32x16 LoadCopy(float* source, int count)
    {
        float* part = stackalloc float[16];
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(part, 16));
        return Load(part);
    }

    private static void StoreCopy(float* destination, F32x16 value, int count)
    {
        float* part = stackalloc float[16];
        Store(part, value);
        new ReadOnlySpan<float>(part, count).CopyTo(new Span<float>(destination, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint PositiveBits(F32x16 value) => (uint)Vector512.GreaterThan(value.Value, Vector512<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 FromBits(uint bits)
    {
        var own = Vector512.Create(1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);
        var set = Vector512.Equals(Vector512.Create((int)bits) & own, own);
        return new((set & Vector512.Create(1f).AsInt32()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Round(F32x16 value) => new(Vector512.Round(value.Value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 PowerOfTwo(F32x16 n) => new(((Vector512.ConvertToInt32(n.Value) + Vector512.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Exponent(F32x16 value) => new(Vector512.ConvertToSingle(((value.Value.AsInt32() >> 23) & Vector512.Create(0xFF)) - Vector512.Create(127)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static F32x16 Mantissa(F32x16 value) => new(((value.Value.AsInt32() & Vector512.Create(0x7FFFFF)) | Vector512.Create(0x3F800000)).AsSingle());
}
