namespace Volley.Data.Audio;

/// <summary>Changes the rate of a recording, block by block, by a windowed-sinc filter (polyphase; Kaiser 1974 window).</summary>
/// <remarks>
/// y[k] = Σ_n h(k·from/to − n) x[n] with h(u) = c·sinc(c·u)·w(u), c = 0.95·min(1, to/from): the pass band is flat within 0.01 % up to 90 % of half the
/// lower rate, and from that half on everything is at least 80 dB down. w is the Kaiser window with β = 7.857 over 104 periods of the lower rate;
/// each of the filter's phases is scaled to the sum 1, so a constant stays what it is. Output k belongs to the time k / to: nothing is
/// delayed, but an output appears only when the input 52 periods of the lower rate behind it is there (see <see cref="Latency"/>). Before the
/// start and behind the end the recording is silent; n samples give ⌈n·to/from⌉. Equal rates pass through bit for bit. Sums are double, in
/// the order of the samples, so blocks of any size give the same bits. Where the exact phases would need more than 8 MB, values between
/// stored phases are interpolated (error below 10⁻⁸ of full scale).
/// <code>
/// while (block.Length > 0)
/// {
///     block = block[resampler.Accept(block)..];
///     while (resampler.Read(output) is > 0 and int count)
///         Use(output[..count]);
/// }
/// resampler.Finish();                    // the recording ends: then once more
/// while (resampler.Read(output) is > 0 and int count)
///     Use(output[..count]);
/// </code></remarks>
public sealed class Resampler
{
    private const int HalfPeriods = 52;
    private const double Cutoff = 0.95, Beta = 7.857;
    private const int MostTableValues = 1 << 20, Block = 4096;

    private readonly int _up, _down;           // to/from in lowest terms
    private readonly int _half, _taps, _phases;
    private readonly double[] _table;          // [phases + 1, taps]
    private readonly double[] _history;

    private int _count;          // values in _history
    private long _next;          // ⌊k · from / to⌋ of the next output k, relative to _history[_half]
    private long _remainder;     // and what is left, in 1/_up
    private long _accepted, _given;
    private bool _finished;

    /// <param name="from">Samples a second that come, 1 … 768 000.</param>
    /// <param name="to">Samples a second that leave, 1 … 768 000.</param>
    public Resampler(int from, int to)
    {
        CheckRate(from, nameof(from));
        CheckRate(to, nameof(to));
        (From, To) = (from, to);
        int divisor = Divisor(from, to);
        (_up, _down) = (to / divisor, from / divisor);
        double scale = Math.Min(1, (double)to / from);
        _half = from == to ? 0 : (int)Math.Ceiling(HalfPeriods / scale);
        _taps = from == to ? 1 : 2 * _half;
        _phases = Math.Min(_up, Math.Max(16, MostTableValues / _taps));
        _table = from == to ? [] : Table(scale * Cutoff);
        _history = new double[_taps + Block];
        Clear();
    }

    /// <summary>Samples a second that come.</summary>
    public int From { get; }

    /// <summary>Samples a second that leave.</summary>
    public int To { get; }

    /// <summary>How many samples behind an output must have come before it appears.</summary>
    public int Latency => _half;

    /// <summary>How many samples a recording has afterwards.</summary>
    public long Samples(long before) => (long)((((Int128)before * _up) + _down - 1) / _down);

    /// <summary>Takes samples.</summary>
    /// <returns>How many it took; fewer than all where <see cref="Read"/> must make room first.</returns>
    public int Accept(ReadOnlySpan<float> samples)
    {
        if (_finished)
            throw new InvalidOperationException("The recording has ended; call Clear before the next one.");
        MakeRoom();
        int taken = Math.Min(samples.Length, _history.Length - _count);
        for (int i = 0; i < taken; i++)
            _history[_count + i] = samples[i];
        _count += taken;
        _accepted += taken;
        return taken;
    }

    /// <summary>The recording ends here.</summary>
    public void Finish() => _finished = true;

    /// <summary>Writes the outputs that are ready.</summary>
    /// <returns>How many; 0 where more samples must come first.</returns>
    public int Read(Span<float> output)
    {
        long all = _finished ? Samples(_accepted) : long.MaxValue;
        int done = 0;
        while (done < output.Length && _given < all && Reach(_next + _taps))
        {
            output[done++] = (float)Value((int)_next);
            _given++;
            _remainder += _down;
            _next += _remainder / _up;
            _remainder %= _up;
        }
        return done;
    }

    /// <summary>Goes back to the start of a recording.</summary>
    public void Clear()
    {
        // With t = k·from/to the taps of an output lie at ⌊t⌋ − half + 1 … ⌊t⌋ + half.
        _count = Math.Max(0, _half - 1);
        _history.AsSpan(0, _count).Clear();
        (_next, _remainder, _accepted, _given, _finished) = (0, 0, 0, 0, false);
    }

    // Whether so many values are there; behind the end of the recording there is silence.
    private bool Reach(long end)
    {
        if (end <= _count)
            return true;
        if (!_finished)
            return false;
        long before = _next;
        MakeRoom();
        end -= before - _next;
        if (end > _history.Length)
            return false;
        _history.AsSpan(_count, (int)end - _count).Clear();
        _count = (int)end;
        return true;
    }

    // Forgets what no output needs any more.
    private void MakeRoom()
    {
        int gone = (int)Math.Min(_next, _count);
        if (gone < Block / 2 && _count < _history.Length)
            return;
        _history.AsSpan(gone, _count - gone).CopyTo(_history);
        _count -= gone;
        _next -= gone;
    }

    private double Value(int start)
    {
        ReadOnlySpan<double> values = _history.AsSpan(start, _taps);
        if (_table.Length == 0)
            return values[0];
        long position = _remainder * _phases;
        int phase = (int)(position / _up);
        double fraction = (double)(position % _up) / _up;
        double value = Dot(_table.AsSpan(phase * _taps, _taps), values);
        return fraction == 0 ? value : value + fraction * (Dot(_table.AsSpan((phase + 1) * _taps, _taps), values) - value);
    }

    // Four chains: the order is fixed, whatever the machine.
    private static double Dot(ReadOnlySpan<double> weights, ReadOnlySpan<double> values)
    {
        double a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i <= weights.Length - 4 && i <= values.Length - 4; i += 4)
        {
            a += weights[i] * values[i];
            b += weights[i + 1] * values[i + 1];
            c += weights[i + 2] * values[i + 2];
            d += weights[i + 3] * values[i + 3];
        }
        for (; i < weights.Length && i < values.Length; i++)
            a += weights[i] * values[i];
        return a + b + (c + d);
    }

    // Phase p holds the weights for an output p/phases behind a sample.
    private double[] Table(double cutoff)
    {
        var table = new double[(_phases + 1) * _taps];
        double top = Bessel(Beta);
        for (int p = 0; p <= _phases; p++)
        {
            Span<double> row = table.AsSpan(p * _taps, _taps);
            double sum = 0;
            for (int i = 0; i < _taps; i++)
            {
                double u = (double)p / _phases + _half - 1 - i, edge = u / _half;
                double turns = cutoff * u / 2;
                double sinc = turns == 0 ? 1 : StableMath.SinTurns(turns) / (Math.Tau * turns);
                row[i] = Math.Abs(edge) >= 1 ? 0 : sinc * Bessel(Beta * Math.Sqrt(1 - edge * edge)) / top;
                sum += row[i];
            }
            foreach (ref double weight in row)
                weight /= sum;
        }
        return table;
    }

    /// <summary>I₀, by its power series.</summary>
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > 1e-17 * sum; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static int Divisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }

    private static void CheckRate(int rate, string name)
    {
        if (rate is < 1 or > WavHeader.MostRate)
            throw new ArgumentOutOfRangeException(name, rate, $"{name} is {rate}; expected 1 … {WavHeader.MostRate} samples a second.");
    }
}
