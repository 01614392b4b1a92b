using System.Globalization;

namespace Volley.Tensors;

/// <summary>The sizes of a tensor's axes, 1 to 5 of them. Sequences are [B, T, N]; images over time [B, T, H, W, C].</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly int _d0, _d1, _d2, _d3, _d4;

    /// <exception cref="ArgumentException">There are no axes or more than 5, or a size is negative, or the element count does not fit an int.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length is < 1 or > 5)
            throw new ArgumentException($"A shape has 1 to 5 axes, not {sizes.Length}.", nameof(sizes));
        long count = 1;
        foreach (int size in sizes)
        {
            if (size < 0)
                throw new ArgumentException($"The size of an axis cannot be {size}.", nameof(sizes));
            count *= size;
            if (count > int.MaxValue)
                throw new ArgumentException("A tensor holds at most 2,147,483,647 elements.", nameof(sizes));
        }
        Rank = sizes.Length;
        Count = (int)count;
        _d0 = sizes[0];
        _d1 = sizes.Length > 1 ? sizes[1] : 1;
        _d2 = sizes.Length > 2 ? sizes[2] : 1;
        _d3 = sizes.Length > 3 ? sizes[3] : 1;
        _d4 = sizes.Length > 4 ? sizes[4] : 1;
    }

    /// <summary>One axis, such as the N channels of a step of a sequence.</summary>
    public static implicit operator Shape(int size) => new(size);

    /// <summary>[B, T, …] for steps of the shape <paramref name="step"/>: [N], [L, C] or [H, W, C].</summary>
    public static Shape Sequence(int batch, int steps, Shape step) => step.Rank switch
    {
        1 => new Shape(batch, steps, step._d0),
        2 => new Shape(batch, steps, step._d0, step._d1),
        3 => new Shape(batch, steps, step._d0, step._d1, step._d2),
        _ => throw new ArgumentException($"A step has 1 to 3 axes, not {step.Rank}.", nameof(step)),
    };

    /// <summary>The axes of one time step, all behind [B, T].</summary>
    /// <exception cref="InvalidOperationException">This is no shape of a batch of sequences.</exception>
    public Shape Step => Rank switch
    {
        3 => new Shape(_d2),
        4 => new Shape(_d2, _d3),
        5 => new Shape(_d2, _d3, _d4),
        _ => throw new InvalidOperationException($"The shape {this} is not one of sequences [B, T, …]."),
    };

    /// <summary>Number of axes.</summary>
    public int Rank { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Size of the last axis: neurons, units or channels.</summary>
    public int Last => this[Rank - 1];

    /// <summary>Elements divided by the last axis: the rows that a dense layer or a normalisation sees.</summary>
    public int Rows => Last == 0 ? 0 : Count / Last;

    public int this[int axis] => axis switch
    {
        0 => _d0,
        1 when Rank > 1 => _d1,
        2 when Rank > 2 => _d2,
        3 when Rank > 3 => _d3,
        4 when Rank > 4 => _d4,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape {this} has {Rank} axes."),
    };

    /// <summary>The same axes with another size of the last one.</summary>
    public Shape WithLast(int size) => Rank switch
    {
        1 => new Shape(size),
        2 => new Shape(_d0, size),
        3 => new Shape(_d0, _d1, size),
        4 => new Shape(_d0, _d1, _d2, size),
        _ => new Shape(_d0, _d1, _d2, _d3, size),
    };

    public bool Equals(Shape other) =>
        Rank == other.Rank && _d0 == other._d0 && _d1 == other._d1 && _d2 == other._d2 && _d3 == other._d3 && _d4 == other._d4;

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Rank, _d0, _d1, _d2, _d3, _d4);

    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    public override string ToString()
    {
        var sizes = new string[Rank];
        for (int i = 0; i < Rank; i++)
            sizes[i] = this[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", sizes)}]";
    }
}
