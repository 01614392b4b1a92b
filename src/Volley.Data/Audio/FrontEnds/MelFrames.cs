namespace Volley.Data.Audio;

/// <summary>From the samples of a frame to the energies of its mel bands: tables, made once and shared by all streams.</summary>
internal sealed class MelAnalysis(FrameGrid grid, double[] shape, PowerSpectrum spectrum, MelBank bank)
{
    public FrameGrid Grid { get; } = grid;

    public PowerSpectrum Spectrum { get; } = spectrum;

    public int Channels => bank.Channels;

    /// <summary>Whether each frame's own mean is subtracted.</summary>
    public bool RemoveMean { get; init; }

    /// <summary>a in x[i] − a x[i−1], x[−1] = x[0], within the frame.</summary>
    public double PreEmphasis { get; init; }

    /// <summary>Overwrites <paramref name="frame"/>.</summary>
    public void Energies(Span<double> frame, Span<double> power, double[] scratch, Span<double> energies)
    {
        if (RemoveMean)
        {
            double sum = 0;
            foreach (double x in frame)
                sum += x;
            double mean = sum / frame.Length;
            for (int i = 0; i < frame.Length; i++)
                frame[i] -= mean;
        }
        if (PreEmphasis != 0)
        {
            for (int i = frame.Length - 1; i > 0; i--)
                frame[i] -= PreEmphasis * frame[i - 1];
            frame[0] -= PreEmphasis * frame[0];
        }
        for (int i = 0; i < frame.Length; i++)
            frame[i] *= shape[i];
        Spectrum.Of(frame, power, scratch);
        bank.Energies(power, energies);
    }
}

/// <summary>The first stage: collects samples and gives the mel energies of each frame as its last sample arrives.</summary>
internal sealed class MelFrames : FrameSource
{
    private readonly MelAnalysis _analysis;
    private readonly FrameGrid _grid;
    private readonly double[] _frame, _power, _scratch, _mirror;

    // Samples from the first of the frame that comes next; one more than a frame where the beginning must be mirrored.
    private readonly double[] _buffer;
    private int _filled, _mirrored;
    private long _samples, _used, _given;
    private bool _open, _finished, _closed;

    public MelFrames(MelAnalysis analysis) : base(analysis.Channels)
    {
        (_analysis, _grid) = (analysis, analysis.Grid);
        _frame = new double[_grid.Window];
        _buffer = new double[_grid.Window + 1];
        _power = new double[analysis.Spectrum.Bins];
        _scratch = analysis.Spectrum.Scratch();
        _mirror = new double[_grid.Lead];
        Clear();
    }

    public override bool Ended => _finished && _given == _grid.Steps(_samples);

    /// <summary>Takes samples until a frame is complete.</summary>
    public int Take(ReadOnlySpan<float> samples)
    {
        int taken = 0;
        while (taken < samples.Length && !Complete)
        {
            if (_used == _grid.Used)
            {
                taken = samples.Length;
                break;
            }
            Append(samples[taken++]);
        }
        _samples += taken;
        return taken;
    }

    public void Finish() => _finished = true;

    public override bool TryNext(Span<double> frame, out bool silence)
    {
        silence = false;
        if (Ended || !Complete && !_finished)
            return false;
        while (!Complete)
            AppendAfterTheEnd();
        silence = _given * _grid.Hop - _grid.Lead >= Math.Min(_samples, _grid.Used ?? long.MaxValue);
        _buffer.AsSpan(0, _grid.Window).CopyTo(_frame);
        _analysis.Energies(_frame, _power, _scratch, frame);
        _buffer.AsSpan(_grid.Hop, _filled - _grid.Hop).CopyTo(_buffer);
        _filled -= _grid.Hop;
        _given++;
        return true;
    }

    public override void Clear()
    {
        (_filled, _mirrored, _samples, _used, _given) = (_grid.Lead, 0, 0, 0, 0);
        (_open, _finished, _closed) = (_grid.Lead == 0, false, false);
    }

    private bool Complete => _open && _filled >= _grid.Window;

    private void Append(double sample)
    {
        _buffer[_filled++] = sample;
        _used++;
        if (!_open && _used == _grid.Lead + 1)
            MirrorTheBeginning();
    }

    // Silence up to the fixed number of steps; then the end mirrored, or, where the recording is shorter than a frame, silence.
    private void AppendAfterTheEnd()
    {
        if (_used < (_grid.Used ?? (_grid.Lead == 0 ? long.MaxValue : _used)))
        {
            Append(0);
            return;
        }
        if (!_closed)
            MirrorTheEnd();
        if (_open && _filled < _grid.Window)
            _buffer[_filled++] = _mirror[_mirrored++];
    }

    private void MirrorTheBeginning()
    {
        for (int k = 1; k <= _grid.Lead; k++)
            _buffer[_grid.Lead - k] = At(k);
        _open = true;
    }

    private void MirrorTheEnd()
    {
        if (!_open)
            MirrorTheBeginning();
        for (int k = 0; k < _mirror.Length; k++)
            _mirror[k] = At(_used + k);
        _closed = true;
    }

    /// <summary>The sample at an index beyond either end, mirrored at the first and last sample, again and again where the recording is short.</summary>
    private double At(long index)
    {
        if (_used == 0)
            return 0;
        long period = Math.Max(2 * (_used - 1), 1), folded = index % period;
        if (folded >= _used)
            folded = period - folded;
        return _buffer[_filled - (int)(_used - folded)];
    }
}
