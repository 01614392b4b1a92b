namespace Volley.Data;

/// <summary>The lines of a text file that nobody vouches for, as bytes (UTF-8, with or without its mark; line ends of any system).</summary>
internal sealed class TextLines : IDisposable
{
    private const int MostLineBytes = 1 << 26;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[1 << 16];
    private int _start, _end;
    private bool _ended;
    private int _lineStart, _lineLength;

    public TextLines(string path)
    {
        Path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            Fill();
            ReadOnlySpan<byte> start = _buffer.AsSpan(0, _end);
            if (start.StartsWith(new byte[] { 0xFF, 0xFE }) || start.StartsWith(new byte[] { 0xFE, 0xFF }))
                throw new InvalidDataException($"'{path}', line 1: the text is UTF-16; save it as UTF-8.");
            if (start.StartsWith("\uFEFF"u8))
                _start = 3;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>Of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The line that was read last, without its end. Valid until the next is read.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>Reads the next line; false at the end of the file.</summary>
    public bool Next()
    {
        int seen = 0, at;
        while ((at = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n')) < 0 && !_ended)
        {
            seen = _end - _start;
            if (seen > MostLineBytes)
                throw Bad(Number + 1, $"the line has more than {MostLineBytes} bytes");
            Fill();
        }
        int length = at < 0 ? _end - _start : seen + at;
        if (at < 0 && length == 0)
            return false;
        (_lineStart, _lineLength) = (_start, length);
        _start += at < 0 ? length : length + 1;
        if (Line.EndsWith("\r"u8))
            _lineLength--;
        Number++;
        return true;
    }

    /// <summary>Reads the next line that is neither blank nor a comment (#).</summary>
    public bool NextContent()
    {
        while (Next())
        {
            ReadOnlySpan<byte> text = Line.Trim(" \t\r"u8);
            if (text.Length > 0 && text[0] != '#')
                return true;
        }
        return false;
    }

    public InvalidDataException Bad(string what) => Bad(Number, what);

    public InvalidDataException Bad(int line, string what) => new($"'{Path}', line {line}: {what}.");

    public void Dispose() => _file.Dispose();

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        int read = _file.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
    }
}
