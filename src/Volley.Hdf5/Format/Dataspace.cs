using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>How many elements a dataset has along each axis, now and at most; −1 for no limit.</summary>
internal sealed record Dataspace(long[] Shape, long[] Most)
{
    private const int MostAxes = 32;

    public static Dataspace Read(Block block)
    {
        int version = block.U8();
        if (version is not (1 or 2))
            throw block.Bad($"the dataspace has version {version}; versions 1 and 2 are read");
        int axes = block.U8(), flags = block.U8();
        if (axes > MostAxes)
            throw block.Bad($"the dataset has {axes} axes; HDF5 allows {MostAxes}");
        if (version == 2 && block.U8() == 2)
            return new Dataspace([0], [0]);
        if (version == 1)
            block.Skip(5);
        var shape = new long[axes];
        for (int i = 0; i < axes; i++)
            shape[i] = block.Size();
        long[] most = [.. shape];
        if ((flags & 1) != 0)
        {
            for (int i = 0; i < axes; i++)
            {
                most[i] = block.Limit();
                if (most[i] >= 0 && most[i] < shape[i])
                    throw block.Bad($"axis {i} has {shape[i]} elements, more than its limit of {most[i]}");
            }
        }
        return new Dataspace(shape, most);
    }
}
