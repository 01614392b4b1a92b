using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Volley.Kernels.Lanes;

/// <summary>One 64-bit word.</summary>
internal readonly unsafe struct W1(ulong value) : IWordLane<W1>
{
    private readonly ulong _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W1 Of(ulong value) => new(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W1 From(ulong first) => new(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W1 Xor(W1 a, W1 b, W1 c) => new(a._value ^ b._value ^ c._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W1 MultiplyLow(W1 a, W1 b) => new((ulong)(uint)a._value * (uint)b._value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W1 High(W1 a) => new(a._value >> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W1 Join(W1 low, W1 high) => new((uint)low._value | high._value << 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(ulong* destination, W1 value) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessBits(W1 value, ushort limit)
    {
        ulong v = value._value;
        return ((ushort)v < limit ? 1u : 0) | ((ushort)(v >> 16) < limit ? 2u : 0) | ((ushort)(v >> 32) < limit ? 4u : 0) | ((ushort)(v >> 48) < limit ? 8u : 0);
    }
}

/// <summary>2 words in one 128-bit register.</summary>
internal readonly unsafe struct W2(Vector128<ulong> value) : IWordLane<W2>
{
    private readonly Vector128<ulong> _value = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W2 Of(ulong value) => new(Vector128.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W2 From(ulong first) => new(Vector128.Create(first) + Vector128.Create(0UL, 1UL));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W2 Xor(W2 a, W2 b, W2 c) => new(Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a._value, b._value, c._value, 0x96) : a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W2 MultiplyLow(W2 a, W2 b)
    {
        if (Sse2.IsSupported)
            return new(Sse2.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));
        if (AdvSimd.IsSupported)
            return new(AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a._value), AdvSimd.ExtractNarrowingLower(b._value)));
        var low = Vector128.Create(0xFFFFFFFFUL);
        return new((a._value & low) * (b._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W2 High(W2 a) => new(a._value >> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W2 Join(W2 low, W2 high) => new((low._value & Vector128.Create(0xFFFFFFFFUL)) | high._value << 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(ulong* destination, W2 value) => value._value.Store(destination);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint LessBits(W2 value, ushort limit) => (uint)Vector128.LessThan(value._value.AsUInt16(), Vector128.Create(limit)).ExtractMostSignificantBits();
}

/// <summary>4 words in one 256-bit register.</summary>
internal readonly unsafe struct W4(Vector256<ulong> value) : IWordLane<W4>
{
    private readonly Vector256<ulong> _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W4 Of(ulong value) => new(Vector256.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W4 From(ulong first) => new(Vector256.Create(first) + Vector256.Create(0UL, 1UL, 2UL, 3UL));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W4 Xor(W4 a, W4 b, W4 c) => new(Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a._value, b._value, c._value, 0x96) : a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W4 MultiplyLow(W4 a, W4 b)
    {
        if (Avx2.IsSupported)
            return new(Avx2.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));
        var low = Vector256.Create(0xFFFFFFFFUL);
        return new((a._value & low) * (b._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W4 High(W4 a) => new(a._value >> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W4 Join(W4 low, W4 high) => new((low._value & Vector256.Create(0xFFFFFFFFUL)) | high._value << 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(ulong* destination, W4 value) => value._value.Store(destination);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint LessBits(W4 value, ushort limit) => (uint)Vector256.LessThan(value._value.AsUInt16(), Vector256.Create(limit)).ExtractMostSignificantBits();
}

/// <summary>8 words in one 512-bit register.</summary>
internal readonly unsafe struct W8(Vector512<ulong> value) : IWordLane<W8>
{
    private readonly Vector512<ulong> _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W8 Of(ulong value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W8 From(ulong first) => new(Vector512.Create(first) + Vector512.Create(0UL, 1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W8 Xor(W8 a, W8 b, W8 c) => new(Avx512F.IsSupported ? Avx512F.TernaryLogic(a._value, b._value, c._value, 0x96) : a._value ^ b._value ^ c._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W8 MultiplyLow(W8 a, W8 b)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));
        var low = Vector512.Create(0xFFFFFFFFUL);
        return new((a._value & low) * (b._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W8 High(W8 a) => new(a._value >> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static W8 Join(W8 low, W8 high) => new((low._value & Vector512.Create(0xFFFFFFFFUL)) | high._value << 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(ulong* destination, W8 value) => value._value.Store(destination);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static uint LessBits(W8 value, ushort limit) => (uint)Vector512.LessThan(value._value.AsUInt16(), Vector512.Create(limit)).ExtractMostSignificantBits();
}
