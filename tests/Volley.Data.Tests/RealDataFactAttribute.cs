using Volley.Testing;

namespace Volley.Data.Tests;

/// <summary>A test that needs a folder of the real data; skipped where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string name) => Skip = RealData.Missing(name);
}
