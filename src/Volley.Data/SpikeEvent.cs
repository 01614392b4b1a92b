namespace Volley.Data;

/// <summary>A spike of <paramref name="Unit"/> in time step <paramref name="Step"/>, both counted from 0.</summary>
public readonly record struct SpikeEvent(int Step, int Unit);
