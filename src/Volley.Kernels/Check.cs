using System.Diagnostics.CodeAnalysis;

namespace Volley.Kernels;

/// <summary>Length checks of kernel arguments: once, at the public entry.</summary>
internal static class Check
{
    public static void Length<T>(ReadOnlySpan<T> span, long expected, string name)
    {
        if (span.Length != expected)
            Fail(name, span.Length, $"{expected}");
    }

    public static void Length<T>(Span<T> span, long expected, string name) => Length((ReadOnlySpan<T>)span, expected, name);

    /// <exception cref="ArgumentException"><paramref name="length"/> is not <paramref name="rows"/> · <paramref name="columns"/>.</exception>
    public static void Length(int length, long rows, long columns, string name)
    {
        if (length != rows * columns)
            Fail(name, length, $"{rows} x {columns} = {rows * columns}");
    }

    public static void LengthOrEmpty<T>(ReadOnlySpan<T> span, long expected, string name)
    {
        if (!span.IsEmpty && span.Length != expected)
            Fail(name, span.Length, $"{expected} (or 0)");
    }

    public static void LengthOrEmpty<T>(Span<T> span, long expected, string name) => LengthOrEmpty((ReadOnlySpan<T>)span, expected, name);

    [DoesNotReturn]
    private static void Fail(string name, int length, string expected) =>
        throw new ArgumentException($"{name} has {length} elements; {expected} were expected.", name);
}
