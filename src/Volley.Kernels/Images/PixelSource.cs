using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

/// <summary>Pixels of images one after another, floats or spikes, that are read as floats.</summary>
internal readonly unsafe struct PixelSource
{
    private readonly float* _floats;
    private readonly SpikePointers _spikes;
    private readonly int _channels;

    public PixelSource(float* floats, int channels)
    {
        _floats = floats;
        _channels = channels;
    }

    public PixelSource(SpikePointers spikes)
    {
        _spikes = spikes;
        _channels = spikes.Columns;
    }

    /// <summary>Writes <paramref name="channels"/> channels of <paramref name="count"/> pixels from <paramref name="pixel"/> on, each
    /// <paramref name="spacing"/> floats behind the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write<L>(nint pixel, int count, int firstChannel, int channels, float* to, nint spacing) where L : struct, IVectorLane<L>
    {
        if (_floats is not null && channels == _channels && spacing == channels)
        {
            Padding.Copy<L>(_floats + pixel * _channels, 0, to, 0, 1, count * channels);
            return;
        }
        for (int i = 0; i < count; i++, to += spacing)
        {
            if (_floats is not null)
                Padding.Copy<L>(_floats + (pixel + i) * _channels + firstChannel, 0, to, 0, 1, channels);
            else if (_spikes.HasSizes)
                WriteSizes(pixel + i, firstChannel, channels, to);
            else
                WriteBits<L>(_spikes.Bits + (pixel + i) * _spikes.Stride, firstChannel, channels, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteBits<L>(ulong* row, int first, int channels, float* to) where L : struct, IVectorLane<L>
    {
        var scale = L.Of(_spikes.Scale);
        int c = 0;
        for (; c + L.Count <= channels; c += L.Count)
            L.Store(to + c, L.FromBits(BitsAt(row, first + c, L.Count)) * scale);
        for (; c < channels; c++)
            to[c] = (row[(first + c) >> 6] >> ((first + c) & 63) & 1) != 0 ? _spikes.Scale : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint BitsAt(ulong* row, int at, int count)
    {
        int shift = at & 63;
        ulong bits = row[at >> 6] >> shift;
        if (shift + count > 64)
            bits |= row[(at >> 6) + 1] << (64 - shift);
        return (uint)(bits & ((1ul << count) - 1));
    }

    private void WriteSizes(nint pixel, int first, int channels, float* to)
    {
        new Span<float>(to, channels).Clear();
        int words = (first + channels + 63) / 64;
        for (int k = first / 64; k < words; k++)
        {
            for (ulong word = _spikes.Bits[pixel * _spikes.Stride + k]; word != 0; word &= word - 1)
            {
                int c = k * 64 + BitOperations.TrailingZeroCount(word) - first;
                if ((uint)c < (uint)channels)
                    to[c] = _spikes.Size(pixel, c + first);
            }
        }
    }
}
