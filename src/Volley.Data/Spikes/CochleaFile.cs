using Volley.Hdf5;

namespace Volley.Data;

/// <summary>One file of SHD or SSC: <c>spikes/times</c> (seconds) and <c>spikes/units</c> (0 … 699), a row a sample; <c>labels</c>;
/// <c>extra/speaker</c> and <c>extra/keys</c> (the classes' names).</summary>
internal static class CochleaFile
{
    public const int Channels = 700;

    // Part of the cache's key: a new layout of CochleaBlock, or another way to count, needs a new number.
    private const int Version = 1;

    public static int Units(CochleaOptions options) => (Channels + options.Channels - 1) / options.Channels;

    public static CochleaBlock Load(string path, int classes, CochleaOptions options)
    {
        int words = SpikeWords.Per(Units(options));
        if (options.Cache is null)
            return Decode(path, classes, options);
        string transform = FormattableString.Invariant($"cochlea {Version}; {options.Channels} channels, {options.Steps} steps of {options.Bin:R} s, {classes} classes");
        return options.Cache.GetOrDecode(
            [path], transform, bytes => CochleaBlock.Parse(bytes, options.Steps, words, classes), () => Decode(path, classes, options),
            block => block.ToBytes(options.Steps, words));
    }

    /// <summary>The classes' names; numbers where the file has not one for each.</summary>
    public static IReadOnlyList<string> ClassNamesOf(string path, int classes)
    {
        using var file = Hdf5File.Open(path);
        if (!file.Contains("extra/keys"))
            return ClassNames.Numbers(classes);
        string[] names = file["extra/keys"].ReadTexts();
        return names.Length == classes && names.Distinct().Count() == classes && !names.Contains("") ? names : ClassNames.Numbers(classes);
    }

    private static CochleaBlock Decode(string path, int classes, CochleaOptions options)
    {
        using var file = Hdf5File.Open(path);
        Hdf5Dataset times = file["spikes/times"], units = file["spikes/units"];
        int[] labels = file["labels"].ReadAll<int>();
        int[] speakers = file.Contains("extra/speaker") ? file["extra/speaker"].ReadAll<int>() : new int[labels.Length];
        if (labels.Length == 0)
            throw new InvalidDataException($"'{path}' has no samples.");
        foreach ((string what, long count) in (ReadOnlySpan<(string, long)>)[("spikes/times", times.Count), ("spikes/units", units.Count), ("extra/speaker", speakers.Length)])
        {
            if (count != labels.Length)
                throw new InvalidDataException($"'{path}' has {count} rows of '{what}' for {labels.Length} labels.");
        }
        if (Array.FindIndex(labels, label => (uint)label >= (uint)classes) is >= 0 and int bad)
            throw new InvalidDataException($"'{path}' has label {labels[bad]} at sample {bad}; expected 0 … {classes - 1}.");
        var bits = new ulong[labels.Length][];
        int i = 0;
        foreach ((double[] when, int[] where) in times.Rows<double>().Zip(units.Rows<int>()))
        {
            bits[i] = Sample(path, i, when, where, options);
            i++;
        }
        return new CochleaBlock(labels, speakers, bits);
    }

    /// <summary>A bit is set where at least one spike falls.</summary>
    private static ulong[] Sample(string path, int index, double[] times, int[] units, CochleaOptions options)
    {
        if (times.Length != units.Length)
            throw new InvalidDataException($"'{path}' has {times.Length} times for {units.Length} units at sample {index}.");
        int words = SpikeWords.Per(Units(options));
        var bits = new ulong[options.Steps * words];
        for (int i = 0; i < times.Length; i++)
        {
            if (!(times[i] >= 0 && times[i] < double.PositiveInfinity))
                throw new InvalidDataException($"'{path}' has a spike at {times[i]} s in sample {index}; expected a time from 0 s on.");
            if ((uint)units[i] >= Channels)
                throw new InvalidDataException($"'{path}' has a spike in channel {units[i]} of sample {index}; expected 0 … {Channels - 1}.");
            double step = Math.Floor(times[i] / options.Bin);
            int unit = units[i] / options.Channels;
            if (step < options.Steps)
                bits[(int)step * words + (unit >> 6)] |= 1UL << (unit & 63);
        }
        return bits;
    }
}
