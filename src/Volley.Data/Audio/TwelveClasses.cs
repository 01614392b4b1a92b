using Volley.Kernels;

namespace Volley.Data.Audio;

/// <summary>The task with twelve classes of the TensorFlow tutorial on Speech Commands (Warden 2018): ten words, all other words as
/// <c>_unknown_</c>, and <c>_silence_</c>.</summary>
/// <remarks>In each part: of the other words' recordings as many as <paramref name="UnknownFraction"/> of the ten words' (rounded up), drawn without
/// replacement; and as many pieces of a second of the files in <c>_background_noise_</c> as <paramref name="SilenceFraction"/> of them, from a
/// random place, times a volume uniform in 0 … 1. The tutorial draws pieces for all parts from the whole of each file; here the parts have the first eight
/// tenths, the next and the last tenth of each, so that no noise is in two parts. What is drawn depends on the seed alone, and stays the same every epoch.</remarks>
/// <param name="UnknownFraction">At least 0.</param>
/// <param name="SilenceFraction">At least 0; with 0 there need be no <c>_background_noise_</c>.</param>
/// <param name="Seed">Chooses recordings, pieces and volumes.</param>
public sealed record TwelveClasses(double UnknownFraction = 0.1, double SilenceFraction = 0.1, ulong Seed = 1)
{
    internal const string Silence = "_silence_", Unknown = "_unknown_", NoiseFolder = "_background_noise_";

    internal static readonly string[] Names = [Silence, Unknown, "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"];

    /// <summary>The recordings of the twelve classes, made of those of all words.</summary>
    internal List<Recording> Of(string folder, IReadOnlyList<Recording> words)
    {
        foreach ((string name, double fraction) in (ReadOnlySpan<(string, double)>)[(nameof(UnknownFraction), UnknownFraction), (nameof(SilenceFraction), SilenceFraction)])
        {
            if (!(fraction >= 0 && fraction <= 1000))
                throw new ArgumentOutOfRangeException(name, fraction, $"{name} is {fraction}; expected 0 … 1000.");
        }
        Noise[] noises = SilenceFraction > 0 ? Noises(folder) : [];
        var all = new List<Recording>();
        foreach (Part part in Enum.GetValues<Part>())
        {
            Recording[] own = [.. words.Where(recording => recording.Part == part)];
            Recording[] wanted = [.. own.Where(recording => Names.Contains(recording.Class))], others = [.. own.Except(wanted)];
            all.AddRange(wanted);
            all.AddRange(Drawn(others, Share(UnknownFraction, wanted.Length), part));
            all.AddRange(Enumerable.Range(0, Share(SilenceFraction, wanted.Length)).Select(k => Piece(noises, part, k)));
        }
        return all;
    }

    private static int Share(double fraction, int wanted) => (int)Math.Min(Math.Ceiling(fraction * wanted), int.MaxValue);

    private IEnumerable<Recording> Drawn(Recording[] others, int count, Part part)
    {
        var order = new int[others.Length];
        new Rng(Seed).Fork("volley.data.unknown").Fork((int)part).Permutation(order);
        return order.Take(count).Order().Select(i => others[i] with { Class = Unknown });
    }

    private Recording Piece(Noise[] noises, Part part, int number)
    {
        Rng random = new Rng(Seed).Fork("volley.data.silence").Fork((int)part).Fork(number);
        Noise noise = noises[random.Below(noises.Length, 0)];
        (long start, long end) = noise.Section(part);
        long first = start + random.Below((int)Math.Min(end - start - noise.Rate + 1, int.MaxValue), 1);
        return new Recording(noise.Path, Silence, Part: part, Crop: new Crop(first, noise.Rate, random.Uniform(4)));
    }

    private static Noise[] Noises(string folder)
    {
        string path = Path.Combine(folder, NoiseFolder);
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.wav").Order(StringComparer.Ordinal)] : [];
        return files.Length > 0
            ? [.. files.Select(Noise.Look)]
            : throw new FileNotFoundException($"'{folder}' has no {NoiseFolder}/*.wav, which the class {Silence} is made of; silenceFraction 0 does without.");
    }

    /// <summary>A file of noise.</summary>
    private sealed record Noise(string Path, int Rate, long Samples)
    {
        public static Noise Look(string path)
        {
            _ = RegularFile.Length(path);
            using var wav = WavReader.Open(path);
            long samples = wav.Frames!.Value;
            return samples >= 10L * wav.Rate
                ? new Noise(path, wav.Rate, samples)
                : throw new InvalidDataException($"'{path}' has {samples} samples at {wav.Rate} Hz; 10 s or more are needed to give each part a tenth of it.");
        }

        public (long Start, long End) Section(Part part) => part switch
        {
            Part.Train => (0, Samples / 10 * 8),
            Part.Valid => (Samples / 10 * 8, Samples / 10 * 9),
            _ => (Samples / 10 * 9, Samples),
        };
    }
}
