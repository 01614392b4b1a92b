namespace Volley.Data;

/// <summary>The symbols of ListOps: the digits 0 … 9 are themselves, then four operators that open a list, its end, and the round brackets.</summary>
internal static class ListOpsSymbols
{
    public const byte Min = 10, Max = 11, Median = 12, SumMod = 13, End = 14, Open = 15, Close = 16;

    /// <summary>How many there are without the round brackets.</summary>
    public const int Plain = 15;

    /// <summary>How many there are.</summary>
    public const int All = 17;

    private static readonly string[] Names = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[MIN", "[MAX", "[MED", "[SM", "]", "(", ")"];

    /// <summary>The symbol of a word; −1 for none. LRA's own tokenizer writes X for the end of a list.</summary>
    public static int Of(ReadOnlySpan<byte> word)
    {
        if (word.Length == 1)
        {
            return word[0] switch
            {
                >= (byte)'0' and <= (byte)'9' => word[0] - '0',
                (byte)']' or (byte)'X' => End,
                (byte)'(' => Open,
                (byte)')' => Close,
                _ => -1,
            };
        }
        return word.SequenceEqual("[MIN"u8) ? Min : word.SequenceEqual("[MAX"u8) ? Max : word.SequenceEqual("[MED"u8) ? Median : word.SequenceEqual("[SM"u8) ? SumMod : -1;
    }

    /// <summary>An expression as text.</summary>
    public static string Text(ReadOnlySpan<byte> expression) => string.Join(' ', expression.ToArray().Select(symbol => Names[symbol]));
}
