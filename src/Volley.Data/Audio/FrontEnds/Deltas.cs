namespace Volley.Data.Audio;

/// <summary>Appends the slope of each channel, the regression over five frames: d[t] = (2 x[t+2] + x[t+1] − x[t−1] − 2 x[t−2]) / 10, with the first and last
/// frame repeated beyond the ends. Frames leave two later than they come.</summary>
internal sealed class Deltas(FrameSource source) : FrameSource(2 * source.Channels)
{
    private const int Reach = 2, Length = 2 * Reach + 1;

    private readonly int _channels = source.Channels;

    // The frames t − 2 … t + 2 around the next to leave, frame n at n mod 5.
    private readonly double[] _frames = new double[Length * source.Channels];
    private readonly bool[] _silent = new bool[Length];
    private long _come, _gone;

    public override bool Ended => source.Ended && _gone == _come;

    public override bool TryNext(Span<double> frame, out bool silence)
    {
        silence = false;
        while (_come < _gone + Reach + 1 && source.TryNext(At(_come), out _silent[_come % Length]))
            _come++;
        if (_gone == _come || _come < _gone + Reach + 1 && !source.Ended)
            return false;
        Span<double> slope = frame[_channels..];
        At(_gone).CopyTo(frame);
        ReadOnlySpan<double> before2 = Held(_gone - 2), before = Held(_gone - 1), after = Held(_gone + 1), after2 = Held(_gone + 2);
        for (int c = 0; c < slope.Length; c++)
            slope[c] = (2 * (after2[c] - before2[c]) + (after[c] - before[c])) / 10;
        silence = _silent[_gone++ % Length];
        return true;
    }

    private Span<double> At(long t) => _frames.AsSpan((int)(t % Length) * _channels, _channels);

    private ReadOnlySpan<double> Held(long t) => At(Math.Clamp(t, 0, _come - 1));

    public override void Clear()
    {
        (_come, _gone) = (0, 0);
        source.Clear();
    }
}
