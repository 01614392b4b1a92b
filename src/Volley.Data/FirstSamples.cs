namespace Volley.Data;

/// <summary>Parts by their place in a set's files: its first <paramref name="Train"/> training samples, the <paramref name="Valid"/> after them to
/// validate, and its first <paramref name="Test"/> test samples.</summary>
public sealed record FirstSamples(int Train, int Valid, int Test);
