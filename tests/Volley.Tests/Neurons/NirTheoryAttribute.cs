using Volley.Testing;

namespace Volley.Tests.Neurons;

/// <summary>A test that reads the traces of one LIF neuron in eleven simulators, from the NIR paper; skipped where they are not at hand.</summary>
internal sealed class NirTheoryAttribute : TheoryAttribute
{
    public const string Folder = "nir/NIR/paper/01_lif";

    public NirTheoryAttribute() => Skip = RealData.Missing(Folder);
}
