using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Groups;

/// <summary>Groups of many links: the links lie in a heap, and a tree by their names says where.</summary>
internal static class DenseLinks
{
    private const int ByName = 5;

    public static void Read(Source source, Block message, List<Link> links)
    {
        message.Version(0, "the information about links");
        int flags = message.U8();
        if ((flags & 1) != 0)
            message.Skip(8);
        long heap = message.Address(), tree = message.Address();
        if (heap < 0)
            return;
        var objects = new FractalHeap(source, heap);
        if (tree < 0)
            throw message.Bad("a heap of links has no tree of their names");
        SecondTree.Visit(source, tree, ByName, (block, _) =>
        {
            block.Skip(4);
            links.Add(Link.Read(objects.Open(block)));
        });
    }
}
