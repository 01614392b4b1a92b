using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Volley.Recipes.Json;

/// <summary>
/// JSON for records, read strictly: every member is known, of the right type and in its range, or one sentence says where it is not.
/// Comments and trailing commas are welcome.
/// </summary>
/// <remarks>
/// Driven by System.Text.Json's own description of the records (source generated, so it survives trimming): names, types and
/// defaults from the constructor, unions from <c>JsonPolymorphic</c>, ranges from <see cref="LimitsAttribute"/>.
/// </remarks>
internal static class StrictJson
{
    /// <summary>A longer document is refused before it is parsed.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>A deeper document is refused while it is parsed.</summary>
    public const int MaxDepth = 32;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MaxDepth,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Reads a value; <paramref name="source"/> is what error messages start with.</summary>
    /// <exception cref="RecipeException">The text is not JSON or not this type.</exception>
    public static T Read<T>(string json, string source, JsonTypeInfo<T> type)
    {
        CheckText(json, source);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            JsonNode? checkedNode = new StrictJsonReader(source, type.Options).Read(document.RootElement, type);
            return checkedNode.Deserialize(type)!;
        }
        catch (JsonException failure)
        {
            throw new RecipeException(source, $"line {failure.LineNumber + 1}, column {failure.BytePositionInLine + 1}: this is not valid JSON.", failure);
        }
        // An escaped half of a surrogate pair shows only when the string is asked for.
        catch (InvalidOperationException failure)
        {
            throw NoUnicode(source, failure);
        }
    }

    /// <summary>Writes every member in the order of the constructor; absent ones (null) are left out.</summary>
    public static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type) + "\n";

    /// <summary>The value with one member replaced, as by <c>--set training.epochs=20</c>.</summary>
    /// <param name="value">The value to start from.</param>
    /// <param name="path">Members and list indices: <c>model.layers[2].units</c>.</param>
    /// <param name="text">JSON, or else plain text.</param>
    /// <param name="type">The value's type.</param>
    /// <exception cref="RecipeException">There is no such member, or the text does not fit it.</exception>
    public static T Override<T>(T value, string path, string text, JsonTypeInfo<T> type)
    {
        string source = Names.Shown($"--set {path}={text}");
        CheckText(path, source);
        CheckText(text, source);
        JsonNode root = JsonSerializer.SerializeToNode(value, type)!;
        try
        {
            JsonOverride.Set(root, source, path, Parse(text));
            return Read(root.ToJsonString(), source, type);
        }
        catch (InvalidOperationException failure)
        {
            throw NoUnicode(source, failure);
        }
    }

    private static void CheckText(string text, string source)
    {
        int bytes;
        try
        {
            bytes = Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException failure)
        {
            throw NoUnicode(source, failure);
        }
        if (bytes > MaxBytes)
            throw new RecipeException(source, $"the text has {bytes} bytes; at most {MaxBytes} are allowed.");
    }

    private static RecipeException NoUnicode(string source, Exception failure) => new(source, "the text is not valid Unicode.", failure);

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Options with { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
