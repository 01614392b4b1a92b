using Volley.Recipes;

namespace Volley.Data;

/// <summary>Bytes of text as symbols. There are 256 or 128 of them, so that a step is whole words of bits.</summary>
internal static class TextSymbols
{
    /// <summary>How many there are.</summary>
    public static int Count(TextAlphabet alphabet) => alphabet == TextAlphabet.Ascii ? 128 : 256;

    /// <summary>The symbols of a text: its first bytes. An empty text is one space, as a sample has a step at least.</summary>
    public static byte[] Of(ReadOnlySpan<byte> text, TextOptions options)
    {
        if (text.IsEmpty)
            return [(byte)' '];
        byte[] symbols = text[..Math.Min(text.Length, options.MaxLength)].ToArray();
        if (options.Alphabet == TextAlphabet.Ascii)
        {
            foreach (ref byte symbol in symbols.AsSpan())
                symbol = Math.Min(symbol, (byte)127);
        }
        return symbols;
    }

    public static TextOptions Checked(TextOptions? options)
    {
        options ??= new TextOptions();
        Check.Positive(options.MaxLength, nameof(options.MaxLength));
        return options;
    }
}
