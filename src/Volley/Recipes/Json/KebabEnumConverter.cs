using System.Text.Json;
using System.Text.Json.Serialization;

namespace Volley.Recipes.Json;

/// <summary>Writes an enumeration's members as <c>kebab-case</c> text and reads nothing else.</summary>
public sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
