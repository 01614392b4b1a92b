using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Volley.Kernels;

namespace Volley.Data;

/// <summary>Decodes recordings, a file (or a piece of one) each, on all cores and with the cache's help.</summary>
/// <remarks>Each recording is decoded by itself, and failures are looked at in the order of the recordings, so that threads show in nothing.</remarks>
/// <param name="Cache">Where decoded recordings are kept; null for nowhere.</param>
/// <param name="Transform">All that a decoded recording depends on besides its file.</param>
/// <param name="SkipBad">Whether to go on without recordings that cannot be read.</param>
/// <param name="Warn">Told in one sentence how many those were.</param>
internal sealed record SequenceLoader(DiskCache? Cache, string Transform, bool SkipBad, Action<string>? Warn)
{
    // Part of the key: a new layout of SequenceShard needs a new number.
    private const int Version = 1;

    // A cache entry holds so much; what is interrupted goes on behind the last one.
    private const int ShardFiles = 1024;
    private const long ShardBytes = 1 << 26;

    // Each has a decoder of its own.
    private const int MostThreads = 64;

    /// <summary>Decodes all, in order.</summary>
    /// <param name="files">The recordings.</param>
    /// <param name="decoder">Makes what decodes a recording, or throws <see cref="InvalidDataException"/>; each of them is used by one thread at a time.</param>
    /// <returns>One entry a recording; null for a bad one that is left out.</returns>
    /// <exception cref="InvalidDataException">A file is bad and bad ones are not to be skipped, or all are bad, or their channels differ.</exception>
    public Sequence?[] Load(IReadOnlyList<Recording> files, Func<Func<Recording, Sequence>> decoder)
    {
        var decoders = new Decoders(decoder);
        using var cpu = new Cpu(Math.Min(Environment.ProcessorCount, MostThreads));
        var digests = new Dictionary<string, byte[]>();
        var all = new Sequence?[files.Count];
        var bad = new BadRecordings(SkipBad, Warn);
        var sources = new List<Source>();
        for (int i = 0; i < files.Count; i++)
        {
            (Recording file, int index) = (files[i], i);
            bad.Check(NameOf(file), () => sources.Add(Look(file, index, digests)));
        }
        for (int start = 0; start < sources.Count;)
        {
            Source[] shard = [.. Shard(sources, start)];
            Sequence?[] decoded = LoadShard(shard, decoders, bad, cpu);
            for (int k = 0; k < shard.Length; k++)
                all[shard[k].Index] = decoded[k];
            start += shard.Length;
        }
        CheckChannels(files, all, bad);
        bad.Report(files.Count);
        return all;
    }

    private Sequence?[] LoadShard(Source[] sources, Decoders decoders, BadRecordings bad, Cpu cpu)
    {
        var failed = new HashSet<int>();
        Sequence?[] Decode()
        {
            var decoded = new Sequence?[sources.Length];
            var failures = new ExceptionDispatchInfo?[sources.Length];
            Rows.For(cpu, sources.Length, 1, new Work(sources, decoders, decoded, failures));
            for (int i = 0; i < sources.Length; i++)
            {
                if (failures[i] is { } failure && !bad.Check(NameOf(sources[i].File), failure.Throw))
                    failed.Add(i);
            }
            return decoded;
        }

        Sequence?[] sequences = Cache is null
            ? Decode()
            : Cache.GetOrDecode(
                [.. sources.Select(source => source.Digest)], $"sequences {Version}; {Transform}",
                data => SequenceShard.Parse(data, sources.Length), Decode, SequenceShard.Encode);
        // A bad one from the cache is tried again: for its sentence, and because a cache entry is not to be trusted.
        for (int i = 0; i < sources.Length; i++)
        {
            Recording file = sources[i].File;
            if (sequences[i] is null && !failed.Contains(i))
                bad.Check(NameOf(file), () => sequences[i] = decoders.Decode(file));
        }
        return sequences;
    }

    private static string NameOf(Recording file) => Path.GetFileName(file.Path);

    private static IEnumerable<Source> Shard(List<Source> sources, int start)
    {
        long bytes = 0;
        for (int i = start; i < sources.Count && i - start < ShardFiles && bytes < ShardBytes; i++)
        {
            bytes += sources[i].Length;
            yield return sources[i];
        }
    }

    private Source Look(Recording file, int index, Dictionary<string, byte[]> digests)
    {
        long length = RegularFile.Length(file.Path);
        return new(file, index, length, Cache is null ? [] : Digest(file, digests));
    }

    /// <summary>Of the file's content and of which piece it is; many pieces of a file read it once.</summary>
    private static byte[] Digest(Recording file, Dictionary<string, byte[]> digests)
    {
        if (file.Crop is not { } crop)
            return DiskCache.Digest(file.Path);
        if (!digests.TryGetValue(file.Path, out byte[]? whole))
            digests.Add(file.Path, whole = DiskCache.Digest(file.Path));
        return SHA256.HashData([.. whole, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{crop.Start} {crop.Samples} {crop.Volume:R}"))]);
    }

    private static void CheckChannels(IReadOnlyList<Recording> files, Sequence?[] all, BadRecordings bad)
    {
        int first = Array.FindIndex(all, sequence => sequence is not null);
        for (int i = first + 1; first >= 0 && i < all.Length; i++)
        {
            if (all[i] is { } sequence && sequence.Units != all[first]!.Units)
            {
                string path = files[i].Path;
                if (!bad.Check(NameOf(files[i]), () => throw new InvalidDataException(
                    $"'{path}' has {sequence.Units} channels, but '{files[first].Path}' has {all[first]!.Units}: all recordings need the same.")))
                {
                    all[i] = null;
                }
            }
        }
    }

    /// <summary>A file that is there.</summary>
    private sealed record Source(Recording File, int Index, long Length, byte[] Digest);

    /// <summary>One decoder for each thread that decodes at the same time.</summary>
    private sealed class Decoders(Func<Func<Recording, Sequence>> make)
    {
        private readonly ConcurrentBag<Func<Recording, Sequence>> _idle = [];

        public Sequence Decode(Recording file)
        {
            Func<Recording, Sequence> decode = _idle.TryTake(out Func<Recording, Sequence>? idle) ? idle : make();
            Sequence decoded = decode(file);
            // Not in a finally: one that failed is not used again.
            _idle.Add(decode);
            return decoded;
        }
    }

    /// <summary>Decodes some recordings; what is wrong with one is kept for whoever looks at all of them in order.</summary>
    private readonly struct Work(Source[] sources, Decoders decoders, Sequence?[] decoded, ExceptionDispatchInfo?[] failures) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                try
                {
                    decoded[i] = decoders.Decode(sources[i].File);
                }
                catch (Exception failure)
                {
                    failures[i] = ExceptionDispatchInfo.Capture(failure);
                }
            }
        }
    }
}
