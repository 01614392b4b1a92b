using System.Text;
using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Groups;

/// <summary>A name in a group.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">The header of its object; −1 for a link by a path, which is not followed.</param>
/// <param name="At">Where the file says so.</param>
internal readonly record struct Link(string Name, long Address, long At)
{
    public static Link Read(Block block)
    {
        long at = block.At;
        block.Version(1, "a link");
        int flags = block.U8();
        int type = (flags & 8) != 0 ? block.U8() : 0;
        block.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        long length = block.Number(1 << (flags & 3));
        string name = Encoding.UTF8.GetString(block.Take(length));
        return new Link(name, type == 0 ? block.Address() : -1, at);
    }
}
