namespace Volley.Data.Audio;

/// <summary>A stage that must have seen the whole recording before its first frame: it keeps them all.</summary>
internal abstract class WholeRecording : FrameSource
{
    private readonly FrameSource _source;
    private readonly double[] _kept;
    private readonly bool[] _silent;
    private int _count, _given;
    private bool _measured;

    /// <exception cref="ArgumentException">So many frames cannot be kept.</exception>
    protected WholeRecording(FrameSource source, int mostFrames) : base(source.Channels)
    {
        if ((long)mostFrames * source.Channels > Array.MaxLength)
            throw new ArgumentException($"{mostFrames} steps of {source.Channels} channels cannot be kept for normalisation over the recording; at most {Array.MaxLength / source.Channels} can.", nameof(mostFrames));
        _source = source;
        _kept = new double[mostFrames * source.Channels];
        _silent = new bool[mostFrames];
    }

    public override bool Ended => _source.Ended && _given == _count;

    /// <summary>The frames kept.</summary>
    protected int Count => _count;

    protected Span<double> Frame(int t) => _kept.AsSpan(t * Channels, Channels);

    protected bool IsSilence(int t) => _silent[t];

    /// <summary>All frames are there; none has been given.</summary>
    protected abstract void Measure();

    /// <summary>Turns a kept frame into what is given.</summary>
    protected abstract void Convert(Span<double> frame, bool silence);

    public override bool TryNext(Span<double> frame, out bool silence)
    {
        silence = false;
        if (!_measured)
        {
            while (_count < _silent.Length && _source.TryNext(Frame(_count), out _silent[_count]))
                _count++;
            if (!_source.Ended)
                return false;
            Measure();
            _measured = true;
        }
        if (_given == _count)
            return false;
        Frame(_given).CopyTo(frame);
        silence = _silent[_given++];
        Convert(frame, silence);
        return true;
    }

    public override void Clear()
    {
        (_count, _given, _measured) = (0, 0, false);
        _source.Clear();
    }
}
