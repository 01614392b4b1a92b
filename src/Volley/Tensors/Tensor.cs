namespace Volley.Tensors;

/// <summary>Floats: contiguous, row-major, the last axis contiguous.</summary>
public sealed class Tensor : Signal
{
    private readonly Storage _storage;

    private Tensor(Shape shape, Storage storage, int[]? lengths) : base(shape, lengths) => _storage = storage;

    /// <summary>A tensor of zeros that owns its memory.</summary>
    public static Tensor Zeros(Shape shape) => new(shape, Storage.Own((nint)shape.Count * sizeof(float)), null);

    /// <summary>A tensor that owns its memory and holds a copy of <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static Tensor Of(Shape shape, ReadOnlySpan<float> values)
    {
        if (values.Length != shape.Count)
            throw new ArgumentException($"{values.Length} values do not fill the shape {shape}.", nameof(values));
        Tensor tensor = Zeros(shape);
        values.CopyTo(tensor.Data);
        return tensor;
    }

    /// <summary>A tensor in <paramref name="arena"/>, valid until its reset. Its values are whatever was there.</summary>
    public static Tensor In(Arena arena, Shape shape, int[]? lengths = null) => new(shape, arena.Take((nint)shape.Count * sizeof(float)), lengths);

    /// <summary>The values.</summary>
    /// <exception cref="InvalidOperationException">The arena was reset.</exception>
    public Span<float> Data => _storage.View<float>(Shape.Count);

    /// <summary>The same values seen with other axes.</summary>
    public Tensor Reshaped(Shape shape)
    {
        if (shape.Count != Shape.Count)
            throw new ArgumentException($"The shape {shape} does not hold the elements of {Shape}.", nameof(shape));
        return shape == Shape ? this : new Tensor(shape, _storage, Lengths);
    }

    /// <summary>Whether both lie in the same place.</summary>
    internal bool SharesMemory(Tensor other) => _storage.Is(other._storage);

    /// <summary>Another signal in the same memory, with a gradient of its own.</summary>
    internal Tensor Alias() => WithLengths(Lengths);

    /// <summary>Another signal in the same memory, with a gradient and with lengths of its own.</summary>
    internal Tensor WithLengths(int[]? lengths) => new(Shape, _storage, lengths);
}
