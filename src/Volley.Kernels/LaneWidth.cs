using System.Runtime.Intrinsics;

namespace Volley.Kernels;

/// <summary>How many floats the kernels work on at once.</summary>
public enum LaneWidth
{
    Scalar = 1,
    Vector128 = 4,
    Vector256 = 8,
    Vector512 = 16,
}

/// <summary>What this machine offers.</summary>
public static class LaneWidths
{
    /// <summary>The widest width that is hardware accelerated here.</summary>
    public static LaneWidth Widest =>
        Vector512.IsHardwareAccelerated ? LaneWidth.Vector512
        : Vector256.IsHardwareAccelerated ? LaneWidth.Vector256
        : Vector128.IsHardwareAccelerated ? LaneWidth.Vector128
        : LaneWidth.Scalar;

    /// <summary>Every width. Those without hardware support run too, slowly, and give the same bits.</summary>
    public static IReadOnlyList<LaneWidth> All { get; } = [LaneWidth.Scalar, LaneWidth.Vector128, LaneWidth.Vector256, LaneWidth.Vector512];
}
