namespace Volley.Data;

/// <summary>The content of an idx file.</summary>
/// <param name="Shape">One size a dimension.</param>
/// <param name="Data">The elements, last axis contiguous.</param>
public sealed record IdxArray(IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Data);
