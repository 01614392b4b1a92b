namespace Volley.Serialization;

/// <summary>Element types of the safetensors format, named as in its header (but for the underscore of F8_E5M2 and F8_E4M3). Volley writes F32, F64, I64 and U8 and reads the rest as bytes.</summary>
public enum SafeType
{
    /// <summary>Boolean, one byte.</summary>
    BOOL,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>8-bit float with 5 exponent bits.</summary>
    F8E5M2,

    /// <summary>8-bit float with 4 exponent bits.</summary>
    F8E4M3,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>Complex number of two float32.</summary>
    C64,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}

internal static class SafeTypes
{
    /// <summary>Bytes an element.</summary>
    public static int Size(this SafeType type) => type switch
    {
        <= SafeType.F8E4M3 => 1,
        <= SafeType.BF16 => 2,
        <= SafeType.F32 => 4,
        _ => 8,
    };

    /// <summary>What the header calls the type.</summary>
    public static string HeaderName(this SafeType type) => type switch
    {
        SafeType.F8E5M2 => "F8_E5M2",
        SafeType.F8E4M3 => "F8_E4M3",
        _ => type.ToString(),
    };

    /// <summary>The type that the header calls exactly so.</summary>
    public static bool TryParse(string name, out SafeType type)
    {
        foreach (SafeType known in Enum.GetValues<SafeType>())
        {
            type = known;
            if (known.HeaderName() == name)
                return true;
        }
        type = default;
        return false;
    }
}
