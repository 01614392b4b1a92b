namespace Volley.Plots;

/// <summary>Which end of a text stands at its position.</summary>
public enum TextAnchor
{
    Start,
    Middle,
    End,
}
