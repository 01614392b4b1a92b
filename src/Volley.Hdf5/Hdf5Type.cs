namespace Volley.Hdf5;

/// <summary>What the elements of a dataset are.</summary>
public enum Hdf5Kind
{
    /// <summary>A whole number, signed or not, of 1, 2, 4 or 8 bytes. Named values (enumerations, Booleans of h5py) are their numbers.</summary>
    Whole,

    /// <summary>An IEEE 754 number of 2, 4 or 8 bytes.</summary>
    Real,

    /// <summary>Text.</summary>
    Text,
}

/// <summary>The type of a dataset's elements.</summary>
/// <param name="Kind">Whole number, real number or text.</param>
/// <param name="Bytes">Bytes of a number or of a text of fixed length; 0 for a text of its own length.</param>
/// <param name="HasSign">Whether a number may be negative.</param>
/// <param name="BigEndian">Whether a number's highest byte comes first.</param>
/// <param name="IsRow">Whether each element is a row of numbers with a length of its own.</param>
public sealed record Hdf5Type(Hdf5Kind Kind, int Bytes, bool HasSign, bool BigEndian, bool IsRow)
{
    /// <summary>Such as "16-bit float" or "rows of 32-bit unsigned integers".</summary>
    public override string ToString()
    {
        if (Kind == Hdf5Kind.Text)
            return "text";
        string number = $"{8 * Bytes}-bit {(Kind == Hdf5Kind.Real ? "float" : HasSign ? "integer" : "unsigned integer")}{(BigEndian ? ", big-endian" : "")}";
        return IsRow ? $"rows of {number}" : number;
    }
}
