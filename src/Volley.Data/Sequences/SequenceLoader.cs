namespace Volley.Data;

/// <summary>Decodes recordings, a file each, with the cache's help.</summary>
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

    /// <summary>Decodes all, in order.</summary>
    /// <param name="files">The recordings.</param>
    /// <param name="decode">Decodes the file at a path, or throws <see cref="InvalidDataException"/>.</param>
    /// <returns>One entry a recording; null for a bad one that is left out.</returns>
    /// <exception cref="InvalidDataException">A file is bad and bad ones are not to be skipped, or all are bad, or their channels differ.</exception>
    public Sequence?[] Load(IReadOnlyList<Recording> files, Func<string, Sequence> decode)
    {
        var all = new Sequence?[files.Count];
        var bad = new BadRecordings(SkipBad, Warn);
        var sources = new List<Source>();
        for (int i = 0; i < files.Count; i++)
        {
            (string path, int index) = (files[i].Path, i);
            bad.Check(NameOf(path), () => sources.Add(Look(path, index)));
        }
        for (int start = 0; start < sources.Count;)
        {
            Source[] shard = [.. Shard(sources, start)];
            Sequence?[] decoded = LoadShard(shard, decode, bad);
            for (int k = 0; k < shard.Length; k++)
                all[shard[k].Index] = decoded[k];
            start += shard.Length;
        }
        CheckChannels(files, all, bad);
        bad.Report(files.Count);
        return all;
    }

    private Sequence?[] LoadShard(Source[] sources, Func<string, Sequence> decode, BadRecordings bad)
    {
        var failed = new HashSet<int>();
        Sequence?[] Decode()
        {
            var decoded = new Sequence?[sources.Length];
            for (int i = 0; i < sources.Length; i++)
            {
                string path = sources[i].Path;
                if (!bad.Check(NameOf(path), () => decoded[i] = decode(path)))
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
            string path = sources[i].Path;
            if (sequences[i] is null && !failed.Contains(i))
                bad.Check(NameOf(path), () => sequences[i] = decode(path));
        }
        return sequences;
    }

    private static string NameOf(string path) => Path.GetFileName(path);

    private static IEnumerable<Source> Shard(List<Source> sources, int start)
    {
        long bytes = 0;
        for (int i = start; i < sources.Count && i - start < ShardFiles && bytes < ShardBytes; i++)
        {
            bytes += sources[i].Length;
            yield return sources[i];
        }
    }

    private Source Look(string path, int index) => new(path, index, RegularFile.Length(path), Cache is null ? [] : DiskCache.Digest(path));

    private static void CheckChannels(IReadOnlyList<Recording> files, Sequence?[] all, BadRecordings bad)
    {
        int first = Array.FindIndex(all, sequence => sequence is not null);
        for (int i = first + 1; first >= 0 && i < all.Length; i++)
        {
            if (all[i] is { } sequence && sequence.Units != all[first]!.Units)
            {
                string path = files[i].Path;
                if (!bad.Check(NameOf(path), () => throw new InvalidDataException(
                    $"'{path}' has {sequence.Units} channels, but '{files[first].Path}' has {all[first]!.Units}: all recordings need the same.")))
                {
                    all[i] = null;
                }
            }
        }
    }

    /// <summary>A file that is there.</summary>
    private sealed record Source(string Path, int Index, long Length, byte[] Digest);
}
