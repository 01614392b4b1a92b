using System.Reflection;

namespace Volley.Architecture.Tests;

/// <summary>Types as C# writes them, without their namespaces.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer)
            return Of(type.GetElementType()!) + "*";
        if (type.IsByRef)
            return Of(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) + "?";
        if (type.IsGenericParameter || !type.IsGenericType)
            return type.Name;
        string[] own = [.. type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).Select(Of)];
        string name = type.Name.Split('`')[0];
        return name == "ValueTuple" ? $"({string.Join(", ", own)})" : own.Length == 0 ? name : $"{name}<{string.Join(", ", own)}>";
    }

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType) + Mark(parameter.ParameterType, new NullabilityInfoContext().Create(parameter).ReadState);

    public static string Of(PropertyInfo property)
    {
        NullabilityInfo info = new NullabilityInfoContext().Create(property);
        return Of(property.PropertyType) + Mark(property.PropertyType, property.CanRead ? info.ReadState : info.WriteState);
    }

    public static string Of(FieldInfo field) => Of(field.FieldType) + Mark(field.FieldType, new NullabilityInfoContext().Create(field).ReadState);

    public static string OfReturn(MethodInfo method) => (method.ReturnType.IsByRef ? "ref " : "") + Of(method.ReturnParameter);

    private static string Mark(Type type, NullabilityState state) =>
        state == NullabilityState.Nullable && !type.IsValueType && Nullable.GetUnderlyingType(type) is null && !type.IsByRef ? "?" : "";
}
