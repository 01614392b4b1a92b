using Volley.Hdf5.Bytes;
using Volley.Hdf5.Format;

namespace Volley.Hdf5.Groups;

/// <summary>The links of a group, whichever way the file keeps them.</summary>
internal static class Group
{
    /// <summary>All links in the order of the file; none where the object is no group.</summary>
    public static List<Link> Read(Source source, ObjectHeader header)
    {
        var links = new List<Link>();
        if (header.Find(MessageKind.SymbolTable) is { } table)
            SymbolTable.Read(source, table, links);
        foreach (Message message in header.Messages)
        {
            if (message.Kind == MessageKind.Link)
                links.Add(Link.Read(message.Open()));
        }
        if (header.Find(MessageKind.LinkInfo) is { } info)
            DenseLinks.Read(source, info, links);
        return links;
    }

    public static bool Is(ObjectHeader header) =>
        header.Has(MessageKind.SymbolTable) || header.Has(MessageKind.LinkInfo) || header.Has(MessageKind.Link);
}
