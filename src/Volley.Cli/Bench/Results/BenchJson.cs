using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Volley.Cli.Bench;

/// <summary>How benchmarks are written as JSON.</summary>
internal static class BenchJson
{
    /// <summary>An object on a line, text as it is.</summary>
    public static BenchJsonContext Lines { get; } = new(new JsonSerializerOptions(BenchJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>JSON of benchmarks: members in snake_case, all of them required, none null that must not be.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 8)]
[JsonSerializable(typeof(ResultSet))]
[JsonSerializable(typeof(ComparedCase))]
[JsonSerializable(typeof(ComparisonSummary))]
internal sealed partial class BenchJsonContext : JsonSerializerContext;
