using Volley.Hdf5.Bytes;
using Volley.Hdf5.Format;
using Volley.Hdf5.Groups;

namespace Volley.Hdf5;

/// <summary>An HDF5 file, read on demand: opening it reads a few hundred bytes, and a row reads that row.</summary>
/// <remarks>From the public HDF5 File Format Specification, versions 1.1 to 3.0; docs/hdf5.md says what of it is read. A file is hostile until
/// proven otherwise: what is wrong, or not read, is an <see cref="InvalidDataException"/> with the file and the byte. Not for several threads at
/// once.</remarks>
public sealed class Hdf5File : IDisposable
{
    private readonly Source _source;
    private readonly long _root;

    internal Hdf5File(Source source)
    {
        _source = source;
        _root = Superblock.Read(source);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no HDF5 file.</exception>
    public static Hdf5File Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = new Source(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.RandomAccess), path);
        try
        {
            return new Hdf5File(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The file's name.</summary>
    public string Path => _source.Path;

    /// <summary>A dataset.</summary>
    /// <param name="path">Such as <c>spikes/times</c>.</param>
    /// <exception cref="InvalidDataException">There is none of this name, or it is of a form that is not read.</exception>
    public Hdf5Dataset this[string path]
    {
        get
        {
            ObjectHeader header = Find(path) ?? throw _source.Bad(_source.Base, $"there is no '{path}'");
            return Group.Is(header) ? throw _source.Bad(header.At, $"'{path}' is a group, not a dataset") : new Hdf5Dataset(_source, header, path);
        }
    }

    /// <summary>Whether there is a group or dataset of this name.</summary>
    /// <param name="path">Such as <c>extra/speaker</c>.</param>
    public bool Contains(string path) => Find(path) is not null;

    /// <summary>The names in a group, sorted.</summary>
    /// <param name="group">Such as <c>spikes</c>; empty for the outermost group.</param>
    /// <exception cref="InvalidDataException">There is no group of this name.</exception>
    public IReadOnlyList<string> Names(string group = "")
    {
        ObjectHeader header = Find(group) ?? throw _source.Bad(_source.Base, $"there is no '{group}'");
        return Group.Is(header)
            ? [.. Group.Read(_source, header).Select(link => link.Name).Order(StringComparer.Ordinal)]
            : throw _source.Bad(header.At, $"'{group}' is no group");
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private ObjectHeader? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ObjectHeader header = ObjectHeader.Read(_source, _root);
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            Link[] links = [.. Group.Read(_source, header).Where(link => link.Name == name).Take(1)];
            if (links.Length == 0)
                return null;
            if (links[0].Address < 0)
                throw _source.Bad(links[0].At, $"'{name}' is a link by a path, which is not followed");
            header = ObjectHeader.Read(_source, links[0].Address);
        }
        return header;
    }
}
