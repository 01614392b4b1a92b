namespace Volley.Data;

/// <summary>How an image becomes a sequence.</summary>
public enum MnistLayout
{
    /// <summary>One row of the image a time step: 28 steps of 28 values.</summary>
    Rows,

    /// <summary>One pixel a time step, row after row: 784 steps of one value.</summary>
    Pixels,

    /// <summary>The whole image in one time step: [28 rows, 28 columns, 1 channel].</summary>
    Image,
}
