using System.Globalization;

namespace Volley.Data;

/// <summary>What stands before the values of a <c>.npy</c> file: a Python dictionary with <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.</summary>
/// <param name="Type">Kind and size, such as <c>f4</c>.</param>
/// <param name="BigEndian">Whether the first byte of a value is the upper one.</param>
/// <param name="Fortran">Whether the first axis is contiguous, not the last.</param>
/// <param name="Shape">Sizes of the axes.</param>
internal sealed record NpyHeader(string Type, bool BigEndian, bool Fortran, long[] Shape)
{
    private const int MostAxes = 32;

    /// <summary>Reads the dictionary.</summary>
    /// <exception cref="FormatException">It is none, or one of arrays that are not read; the end of a sentence.</exception>
    public static NpyHeader Parse(string text) => new Parser(text).Parse();

    // Only what numpy.save writes: strings, True, False and tuples of whole numbers.
    private sealed class Parser(string text)
    {
        private int _at;

        public NpyHeader Parse()
        {
            string? type = null;
            bool? fortran = null;
            long[]? shape = null;
            Expect('{');
            while (!Take('}'))
            {
                string key = String();
                Expect(':');
                switch (key)
                {
                    case "descr":
                        if (Peek() == '[')
                            throw new FormatException("the values are records of several fields; save each field by itself");
                        type = String();
                        break;
                    case "fortran_order":
                        fortran = Bool();
                        break;
                    case "shape":
                        shape = Tuple();
                        break;
                    default:
                        throw Bad();
                }
                if (!Take(',') && Peek() != '}')
                    throw Bad();
            }
            if (Peek() != '\0' || type is null || fortran is null || shape is null)
                throw Bad();
            bool plain = type.Length >= 2 && type[0] is '<' or '>' or '|' or '=';
            return new NpyHeader(plain ? type[1..] : type, type[0] == '>', fortran.Value, shape);
        }

        private char Peek()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n' or '\t')
                _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private bool Take(char c)
        {
            bool found = Peek() == c;
            if (found)
                _at++;
            return found;
        }

        private void Expect(char c)
        {
            if (!Take(c))
                throw Bad();
        }

        private string String()
        {
            char quote = Peek();
            int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
            if (end <= _at + 1)
                throw Bad();
            string value = text[(_at + 1)..end];
            _at = end + 1;
            return value;
        }

        private bool Bool()
        {
            Peek();
            foreach ((string word, bool value) in new[] { ("True", true), ("False", false) })
            {
                if (text.AsSpan(_at).StartsWith(word))
                {
                    _at += word.Length;
                    return value;
                }
            }
            throw Bad();
        }

        private long[] Tuple()
        {
            var sizes = new List<long>();
            Expect('(');
            while (!Take(')'))
            {
                Peek();
                int end = _at;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;
                if (sizes.Count == MostAxes || !long.TryParse(text.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                    throw Bad();
                sizes.Add(size);
                // Python 2 wrote 3L.
                _at = end < text.Length && text[end] == 'L' ? end + 1 : end;
                if (!Take(',') && Peek() != ')')
                    throw Bad();
            }
            return [.. sizes];
        }

        private static FormatException Bad() => new("the header is not a dictionary of descr, fortran_order and shape");
    }
}
