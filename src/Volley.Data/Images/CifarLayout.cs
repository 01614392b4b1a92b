namespace Volley.Data;

/// <summary>How a 32 x 32 colour image becomes a sequence. Channels (red, green, blue) are always the innermost axis, and the axes are those of
/// <see cref="DatasetInfo.StepShape"/>.</summary>
public enum CifarLayout
{
    /// <summary>One column a time step, left to right: 32 steps of [32 rows, 3 channels].</summary>
    Columns,

    /// <summary>One pixel a time step, row after row: 1024 steps of 3 channels.</summary>
    Pixels,

    /// <summary>One grey pixel a time step, row after row: 1024 steps of 1 value, (19595 R + 38470 G + 7471 B + 32768) / 65536 rounded down
    /// (ITU-R BT.601 luma).</summary>
    GreyPixels,

    /// <summary>The whole image, [32 rows, 32 columns, 3 channels], in one time step, or in each of <see cref="CifarOptions.Repeats"/>.</summary>
    Image,
}
