namespace Volley.Data;

/// <summary>A numeric array of a MATLAB file.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Shape">Sizes of the axes, at least two.</param>
/// <param name="Values">All elements, the first axis contiguous.</param>
internal sealed record MatArray(string Name, int[] Shape, double[] Values);
