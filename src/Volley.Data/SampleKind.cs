namespace Volley.Data;

/// <summary>What a sample is made of.</summary>
public enum SampleKind
{
    /// <summary>One bit a unit and step.</summary>
    Spikes,

    /// <summary>One float32 a unit and step.</summary>
    Values,
}
