namespace Volley.Data;

/// <summary>Between the values of a frame and its pixels, bytes [Height, Width, Channels].</summary>
internal sealed class PixelCodec
{
    private readonly ImageLayout _image;
    private readonly float[] _table, _slopes, _offsets;   // [channels, 256]; [Inner · Channels], one a value of a line
    private readonly byte[] _line;

    public PixelCodec(ImageLayout image)
    {
        _image = image;
        ChannelScale scale = image.Pixels!;
        _table = ChannelScale.Table(scale, image.Channels);
        int line = image.Inner * image.Channels;
        (_slopes, _offsets, _line) = (new float[line], new float[line], new byte[line]);
        for (int i = 0; i < line; i++)
        {
            _slopes[i] = 255 * scale.Deviation[i % image.Channels];
            _offsets[i] = 255 * scale.Mean[i % image.Channels] + 0.5f;
        }
    }

    /// <summary>pixel = value · 255 deviation + 255 mean, to the nearest and within 0 … 255: values that came from pixels give the same pixels.</summary>
    public void Decode(ReadOnlySpan<float> values, Span<byte> pixels)
    {
        int line = _line.Length;
        for (int outer = 0; outer < _image.Outer; outer++)
        {
            Round(values.Slice(outer * line, line), _line);
            if (_image.Order == ImageOrder.Rows)
                _line.CopyTo(pixels[(outer * line)..]);
            else
                Column(outer, pixels, read: false);
        }
    }

    /// <summary>The values of pixels.</summary>
    public void Encode(Span<byte> pixels, Span<float> values)
    {
        int line = _line.Length;
        for (int outer = 0; outer < _image.Outer; outer++)
        {
            if (_image.Order == ImageOrder.Rows)
                pixels.Slice(outer * line, line).CopyTo(_line);
            else
                Column(outer, pixels, read: true);
            ChannelScale.Apply(_table, _image.Channels, _line, values.Slice(outer * line, line));
        }
    }

    private void Round(ReadOnlySpan<float> values, Span<byte> line)
    {
        for (int i = 0; i < line.Length; i++)
            line[i] = (byte)Math.Clamp(values[i] * _slopes[i] + _offsets[i], 0f, 255f);
    }

    // One column of the picture is one line of the sample.
    private void Column(int column, Span<byte> pixels, bool read)
    {
        int channels = _image.Channels, stride = _image.Width * channels, at = column * channels;
        for (int i = 0; i < _line.Length; i += channels, at += stride)
        {
            for (int c = 0; c < channels; c++)
            {
                if (read)
                    _line[i + c] = pixels[at + c];
                else
                    pixels[at + c] = _line[i + c];
            }
        }
    }
}
