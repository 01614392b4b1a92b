using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Volley.Cli.Comparisons;
using Volley.Serialization;

namespace Volley.Cli.Runs;

/// <summary>The tool's own JSON: members in snake_case, unknown numbers as null.</summary>
internal static class RunJson
{
    private static readonly JsonSerializerOptions Lines = With(indented: false), Pages = With(indented: true);

    /// <summary>Text as it is, and nothing escaped that need not be.</summary>
    public static JsonSerializerOptions Relaxed => Lines;

    /// <summary>The object on one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Info<T>(Lines));

    /// <summary>Replaces a file by the object.</summary>
    public static void Write<T>(string path, T value) => AtomicFile.WriteText(path, JsonSerializer.Serialize(value, Info<T>(Pages)) + "\n");

    /// <summary>The object in a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; names it.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), Info<T>(Lines)) ?? throw new JsonException("it is null");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"'{path}' is damaged: {failure.Message}", failure);
        }
    }

    /// <summary>The object that a line of a file holds.</summary>
    public static T Convert<T>(JsonElement line, string path)
    {
        try
        {
            return line.Deserialize(Info<T>(Lines)) ?? throw new JsonException("it is null");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"'{path}' is damaged: {failure.Message}", failure);
        }
    }

    private static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions With(bool indented) => new(RunJsonContext.Default.Options)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

// A file that lacks a member, or has null where there must be something, is damaged, and says so before anything trips over it.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NewLine = "\n", RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunData))]
[JsonSerializable(typeof(RunEnvironment))]
[JsonSerializable(typeof(EpochMetrics))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(ReportResult))]
[JsonSerializable(typeof(RunActivity))]
[JsonSerializable(typeof(SeedList))]
[JsonSerializable(typeof(SeedSummary))]
[JsonSerializable(typeof(EvalResult))]
[JsonSerializable(typeof(InspectResult))]
[JsonSerializable(typeof(ComparisonPlan))]
[JsonSerializable(typeof(ComparisonResult))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
