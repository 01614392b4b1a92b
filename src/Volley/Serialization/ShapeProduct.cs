namespace Volley.Serialization;

internal static class ShapeProduct
{
    /// <summary>The number of elements of a shape; false where an extent is negative or the product does not fit a long.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        bool empty = false;
        foreach (long extent in shape)
        {
            if (extent < 0)
                return false;
            // An empty axis makes the product 0 wherever it stands, so it must not hide or cause an overflow of the others.
            empty |= extent == 0;
            if (extent != 0 && count > long.MaxValue / extent)
                count = long.MaxValue;
            else if (extent != 0)
                count *= extent;
        }
        if (empty)
            count = 0;
        return count != long.MaxValue;
    }
}
