using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Volley.Recipes.Json;

/// <summary>Walks a document along the description of a type, checks it, and writes the short forms out.</summary>
internal sealed class StrictJsonReader(string source, JsonSerializerOptions options)
{
    /// <summary>The document in its long form, which the serialiser cannot refuse.</summary>
    public JsonNode? Read(JsonElement element, JsonTypeInfo type) => Read(element, new Slot("", type, Nullable: false, Limits: null, Items: null));

    /// <summary>A place in the document: its path and what belongs there.</summary>
    private readonly record struct Slot(string Path, JsonTypeInfo Type, bool Nullable, LimitsAttribute? Limits, ItemsAttribute? Items);

    private JsonNode? Read(JsonElement element, Slot slot)
    {
        if (element.ValueKind == JsonValueKind.Null && slot.Nullable)
            return null;
        if (slot.Type.PolymorphismOptions is { } union)
            return ReadUnion(element, slot, union);
        return slot.Type.Kind switch
        {
            JsonTypeInfoKind.Object => ReadRecord(element, slot, kind: null),
            JsonTypeInfoKind.Enumerable => ReadList(element, slot),
            _ => ReadScalar(element, slot),
        };
    }

    private JsonObject ReadUnion(JsonElement element, Slot slot, JsonPolymorphismOptions union)
    {
        string discriminator = union.TypeDiscriminatorPropertyName;
        string[] kinds = [.. union.DerivedTypes.Select(derived => (string)derived.TypeDiscriminator!)];
        JsonElement kind = element;
        string path = slot.Path;
        if (element.ValueKind == JsonValueKind.Object)
        {
            path = Member(slot.Path, discriminator);
            if (!element.TryGetProperty(discriminator, out kind))
                throw Fail(path, $"is missing; it is one of {string.Join(", ", kinds)}.");
        }
        else if (element.ValueKind != JsonValueKind.String)
        {
            throw Wrong(slot.Path, $"an object with '{discriminator}', or one of {string.Join(", ", kinds)}", element);
        }
        string name = ReadChoice(kind, path, kinds);
        JsonDerivedType chosen = union.DerivedTypes[Array.IndexOf(kinds, name)];
        return ReadRecord(element, slot with { Type = options.GetTypeInfo(chosen.DerivedType) }, (discriminator, name), slot.Type);
    }

    private JsonObject ReadRecord(JsonElement element, Slot slot, (string Member, string Name)? kind, JsonTypeInfo? union = null)
    {
        var members = new JsonObject();
        if (kind is { } chosen)
            members.Add(chosen.Member, JsonValue.Create(chosen.Name));

        if (element.ValueKind == JsonValueKind.Object)
            ReadMembers(element, slot, kind?.Member, members);
        else if (element.ValueKind == JsonValueKind.Number && slot.Type.Type.GetCustomAttribute<ShortFormAttribute>() is { } shortForm)
        {
            JsonPropertyInfo only = Members(slot.Type).First(property => property.Name == shortForm.Member);
            members.Add(shortForm.Member, Read(element, SlotOf(slot.Path, only) with { Path = slot.Path }));
        }
        else if (kind is null || element.ValueKind != JsonValueKind.String)
            throw Wrong(slot.Path, "an object", element);

        foreach (JsonPropertyInfo property in Members(slot.Type))
        {
            if (!property.AssociatedParameter!.HasDefaultValue && !members.ContainsKey(property.Name))
                throw Fail(Member(slot.Path, property.Name), $"is missing; it must be {Expected(SlotOf(slot.Path, property))}.");
        }
        CheckWhole(members, slot, union ?? slot.Type);
        return members;
    }

    private void ReadMembers(JsonElement element, Slot slot, string? discriminator, JsonObject members)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string path = Member(slot.Path, member.Name);
            if (!seen.Add(member.Name))
                throw Fail(path, "occurs twice.");
            if (member.Name == discriminator)
                continue;
            JsonPropertyInfo? property = Members(slot.Type).FirstOrDefault(known => known.Name == member.Name);
            if (property is null)
                throw Fail(path, $"is unknown{Names.Suggest(member.Name, [.. Members(slot.Type).Select(known => known.Name)])}");
            members.Add(member.Name, Read(member.Value, SlotOf(slot.Path, property)));
        }
    }

    private void CheckWhole(JsonObject members, Slot slot, JsonTypeInfo type)
    {
        if (typeof(IChecked).IsAssignableFrom(slot.Type.Type) && members.Deserialize(type) is IChecked whole && whole.Problem() is { } problem)
            throw Fail(slot.Path, $"does not fit together: {problem}.");
    }

    private JsonArray ReadList(JsonElement element, Slot slot)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Wrong(slot.Path, Expected(slot), element);
        int count = element.GetArrayLength();
        if (slot.Items is { } items && (count < items.Min || count > items.Max))
            throw Fail(slot.Path, $"must be {Expected(slot)}, but has {count}.");
        var list = new JsonArray();
        JsonTypeInfo itemType = options.GetTypeInfo(slot.Type.ElementType!);
        foreach (JsonElement item in element.EnumerateArray())
            list.Add(Read(item, new Slot($"{slot.Path}[{list.Count}]", itemType, Nullable: false, slot.Limits, Items: null)));
        return list;
    }

    private JsonValue ReadScalar(JsonElement element, Slot slot)
    {
        Type type = Nullable.GetUnderlyingType(slot.Type.Type) ?? slot.Type.Type;
        if (type.IsEnum)
            return JsonValue.Create(ReadChoice(element, slot.Path, Choices(type)));
        bool fits = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => element.ValueKind is JsonValueKind.True or JsonValueKind.False,
            TypeCode.String => element.ValueKind == JsonValueKind.String,
            TypeCode.Int32 => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int whole) && slot.Limits?.Contains(whole) != false,
            TypeCode.Double => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double real) && double.IsFinite(real)
                && slot.Limits?.Contains(real) != false,
            _ => throw new NotSupportedException($"{type} in a recipe."),
        };
        return fits ? JsonValue.Create(element)! : throw Wrong(slot.Path, Expected(slot), element);
    }

    private string ReadChoice(JsonElement element, string path, string[] choices)
    {
        string expected = $"one of {string.Join(", ", choices)}";
        if (element.ValueKind != JsonValueKind.String)
            throw Wrong(path, expected, element);
        string text = element.GetString()!;
        if (choices.Contains(text))
            return text;
        string? nearest = Names.Nearest(text, choices);
        throw Fail(path, $"must be {expected}, not \"{Names.Shown(text)}\"{(nearest is null ? "." : $"; did you mean '{nearest}'?")}");
    }

    // What the constructor takes is what a document may hold; anything else is computed from it.
    private static IEnumerable<JsonPropertyInfo> Members(JsonTypeInfo type) =>
        type.Properties.Where(property => property.AssociatedParameter is { IsMemberInitializer: false });

    private Slot SlotOf(string path, JsonPropertyInfo property) => new(
        Member(path, property.Name), options.GetTypeInfo(property.PropertyType),
        property.AssociatedParameter!.IsNullable, Find<LimitsAttribute>(property), Find<ItemsAttribute>(property));

    private static T? Find<T>(JsonPropertyInfo property) where T : Attribute =>
        property.AssociatedParameter!.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: false).FirstOrDefault() as T
        ?? property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: false).FirstOrDefault() as T;

    private static string[] Choices(Type type) =>
        [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private static string Expected(Slot slot)
    {
        Type type = Nullable.GetUnderlyingType(slot.Type.Type) ?? slot.Type.Type;
        if (slot.Type.PolymorphismOptions is { } union)
            return $"one of {string.Join(", ", union.DerivedTypes.Select(derived => derived.TypeDiscriminator))}";
        if (slot.Type.Kind == JsonTypeInfoKind.Enumerable)
            return slot.Items is { } items ? $"a list of {items.Min} to {items.Max} items" : "a list";
        if (slot.Type.Kind == JsonTypeInfoKind.Object)
            return "an object";
        if (type.IsEnum)
            return $"one of {string.Join(", ", Choices(type))}";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.String => "text",
            TypeCode.Int32 => $"a whole number{slot.Limits}",
            _ => $"a number{slot.Limits}",
        };
    }

    private static string Member(string path, string name)
    {
        string shown = Names.Shown(name);
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }

    private RecipeException Wrong(string path, string expected, JsonElement found) => Fail(path, $"must be {expected}, not {found.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"\"{Names.Shown(found.GetString()!)}\"",
        _ => Names.Shown(found.GetRawText()),
    }}.");

    private RecipeException Fail(string path, string sentence) =>
        new(source, path.Length == 0 ? $"the document {sentence}" : $"'{path}' {sentence}");
}
