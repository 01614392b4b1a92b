using System.Numerics;

namespace Volley.Data;

/// <summary>What augmentations do to values. Elementwise without fused operations, so that every vector width gives the same bits.</summary>
internal static class FloatRows
{
    /// <summary>x ← x + value.</summary>
    public static void Add(Span<float> x, float value)
    {
        var values = new Vector<float>(value);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(x[i..]) + values).CopyTo(x[i..]);
        for (; i < x.Length; i++)
            x[i] += value;
    }

    /// <summary>x ← x + y.</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y)
    {
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(x[i..]) + new Vector<float>(y[i..])).CopyTo(x[i..]);
        for (; i < x.Length; i++)
            x[i] += y[i];
    }

    /// <summary>result = a + weight · (b − a).</summary>
    public static void Mix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float weight, Span<float> result)
    {
        var weights = new Vector<float>(weight);
        int i = 0;
        for (; i <= result.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var left = new Vector<float>(a[i..]);
            (left + weights * (new Vector<float>(b[i..]) - left)).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] = a[i] + weight * (b[i] - a[i]);
    }

    /// <summary>result = a + weight · (b − a), a weight an element.</summary>
    public static void Mix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> weight, Span<float> result)
    {
        int i = 0;
        for (; i <= result.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var left = new Vector<float>(a[i..]);
            (left + new Vector<float>(weight[i..]) * (new Vector<float>(b[i..]) - left)).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] = a[i] + weight[i] * (b[i] - a[i]);
    }

    /// <summary>The smallest element; +0 where that is a zero.</summary>
    public static float Least(ReadOnlySpan<float> x)
    {
        float least = x[0];
        int i = 0;
        if (x.Length >= Vector<float>.Count)
        {
            var leasts = new Vector<float>(x);
            for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
                leasts = Vector.Min(leasts, new Vector<float>(x[i..]));
            for (int lane = 0; lane < Vector<float>.Count; lane++)
                least = MathF.Min(least, leasts[lane]);
        }
        for (; i < x.Length; i++)
            least = MathF.Min(least, x[i]);
        return least + 0f;
    }
}
