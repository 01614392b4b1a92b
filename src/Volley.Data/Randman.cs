using Volley.Kernels;

namespace Volley.Data;

/// <summary>Randman: each class is a smooth random manifold, each sample a point on it, and each unit tells one coordinate of the point
/// by <em>when</em> it fires. Zenke &amp; Vogels 2021, "The remarkable robustness of surrogate gradient learning for instilling complex
/// function in spiking neural networks".</summary>
/// <remarks>Unit u of a sample at x fires exactly once, in step min(T − 1, ⌊T · f_u(x)⌋): counts carry nothing, timing everything. The
/// data is generated, a pure function of <see cref="RandmanOptions"/>, with the same bits on every machine; a sample does not change when
/// more of them are asked for.</remarks>
public sealed class Randman : IDataset
{
    private readonly int _perClass;
    private readonly ushort[] _steps;   // [count, units]

    private Randman(DatasetInfo info, int perClass, ushort[] steps)
    {
        Info = info;
        _perClass = perClass;
        _steps = steps;
    }

    /// <inheritdoc/>
    public DatasetInfo Info { get; }

    /// <inheritdoc/>
    public int Count => _perClass * Info.Classes;

    /// <summary>Generates the three parts: different points of the same manifolds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static DatasetSplits Generate(RandmanOptions? options = null)
    {
        options ??= new RandmanOptions();
        CheckOptions(options);
        var info = new DatasetInfo(
            "randman", SampleKind.Spikes, options.Units, options.Steps, options.Classes, ClassNames.Numbers(options.Classes));
        Rng random = new Rng(options.Seed).Fork("volley.data.randman");
        Rng shape = random.Fork("manifold");
        var manifolds = new Manifold[options.Classes];
        for (int c = 0; c < manifolds.Length; c++)
            manifolds[c] = new Manifold(options.Units, options.Dimension, options.Alpha, shape.Fork(c));
        return new DatasetSplits(
            Draw(info, manifolds, options.Dimension, options.TrainPerClass, random.Fork("train")),
            Draw(info, manifolds, options.Dimension, options.ValidPerClass, random.Fork("valid")),
            Draw(info, manifolds, options.Dimension, options.TestPerClass, random.Fork("test")));
    }

    /// <inheritdoc/>
    public int Label(int index)
    {
        Check.Index(this, index);
        return index / _perClass;
    }

    /// <inheritdoc/>
    public int Length(int index)
    {
        Check.Index(this, index);
        return Info.MaxSteps;
    }

    /// <inheritdoc/>
    public void ReadValues(int index, Span<float> values) => Check.Kind(this, SampleKind.Values);

    /// <inheritdoc/>
    public void ReadSpikes(int index, Span<ulong> bits)
    {
        Check.Index(this, index);
        int words = SpikeWords.Per(Info.Units);
        Check.Destination(this, bits.Length, Info.MaxSteps * words, nameof(bits));
        bits.Clear();
        ReadOnlySpan<ushort> steps = _steps.AsSpan(index * Info.Units, Info.Units);
        for (int u = 0; u < steps.Length; u++)
            bits[steps[u] * words + (u >> 6)] |= 1UL << (u & 63);
    }

    private static Randman Draw(DatasetInfo info, Manifold[] manifolds, int dimension, int perClass, Rng random)
    {
        var steps = new ushort[checked(info.Classes * perClass * info.Units)];
        Span<double> point = stackalloc double[dimension];
        var values = new double[info.Units];
        for (int c = 0; c < info.Classes; c++)
        {
            Rng classRandom = random.Fork(c);
            for (int i = 0; i < perClass; i++)
            {
                for (int j = 0; j < dimension; j++)
                    point[j] = Manifold.Uniform(classRandom, (long)i * dimension + j);
                manifolds[c].Evaluate(point, values);
                Span<ushort> sample = steps.AsSpan((c * perClass + i) * info.Units, info.Units);
                for (int u = 0; u < sample.Length; u++)
                    sample[u] = (ushort)Math.Min(info.MaxSteps - 1, (int)(values[u] * info.MaxSteps));
            }
        }
        return new Randman(info, perClass, steps);
    }

    private static void CheckOptions(RandmanOptions options)
    {
        InRange(options.Classes, 1, 1000, nameof(options.Classes));
        InRange(options.Units, 1, 100_000, nameof(options.Units));
        InRange(options.Steps, 1, 65_536, nameof(options.Steps));
        InRange(options.Dimension, 1, 8, nameof(options.Dimension));
        if (!(options.Alpha > 0 && options.Alpha <= 100))
            throw new ArgumentOutOfRangeException(nameof(options), options.Alpha, $"Alpha is {options.Alpha}; expected 0 < Alpha ≤ 100.");
        int most = int.MaxValue / 2 / options.Classes / options.Units;
        InRange(options.TrainPerClass, 1, most, nameof(options.TrainPerClass));
        InRange(options.ValidPerClass, 1, most, nameof(options.ValidPerClass));
        InRange(options.TestPerClass, 1, most, nameof(options.TestPerClass));
    }

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected {least} … {most}.");
    }
}
