namespace Volley.Tests.Nn;

/// <summary>What a layer is fed.</summary>
internal enum InputKind
{
    Floats,
    Spikes,
    CountedSpikes,
    SignedSpikes,
}
