using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Volley.Architecture.Tests;

/// <summary>What an assembly shows to others, one line a member, sorted: read in the diff of a change.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static string[] Of(Assembly assembly) =>
        [.. assembly.GetTypes().Where(IsShown).SelectMany(Of).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(Type type)
    {
        string name = FullName(type);
        yield return $"{name} = {Kind(type)}{Bases(type)}{Constraints(type.GetGenericArguments())}";
        if (IsDelegate(type))
            yield break;
        foreach (FieldInfo field in type.GetFields(Declared).Where(field => IsShown(field.Attributes) && !field.IsSpecialName))
            yield return Field(name, type, field);
        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            if (Shown(property) is { } line)
                yield return $"{name}.{line}";
        }
        foreach (EventInfo e in type.GetEvents(Declared).Where(e => IsShown(e.AddMethod!)))
            yield return $"{name}.{e.Name} -> event {TypeNames.Of(e.EventHandlerType!)}";
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(c => IsShown(c) && !c.IsStatic && !IsCopy(c)))
            yield return $"{name}.new({Parameters(constructor)})";
        foreach (MethodInfo method in type.GetMethods(Declared).Where(IsShownMethod))
            yield return $"{name}.{Static(type, method)}{Method(method)} -> {TypeNames.OfReturn(method)}{Constraints(method.GetGenericArguments())}";
    }

    private static string Field(string name, Type type, FieldInfo field)
    {
        if (type.IsEnum)
            return $"{name}.{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}";
        string value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        string how = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{name}.{how}{field.Name} -> {TypeNames.Of(field)}{value}";
    }

    private static string? Shown(PropertyInfo property)
    {
        if (property.Name == "EqualityContract")
            return null;
        MethodInfo? get = property.GetMethod is { } g && IsShown(g) ? g : null, set = property.SetMethod is { } s && IsShown(s) ? s : null;
        MethodInfo? any = get ?? set;
        if (any is null || IsOverride(any))
            return null;
        string index = property.GetIndexParameters().Length == 0 ? "" : $"[{string.Join(", ", property.GetIndexParameters().Select(Parameter))}]";
        bool init = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{Static(property.DeclaringType!, any)}{required}{property.Name}{index} {{{(get is null ? "" : " get;")}{(set is null ? "" : init ? " init;" : " set;")} }} -> {TypeNames.Of(property)}";
    }

    private static string Method(MethodInfo method)
    {
        string arguments = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        return $"{method.Name}{arguments}({Parameters(method)})";
    }

    private static string Static(Type type, MethodBase method)
    {
        string access = method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "";
        if (method.IsStatic)
            return access + (method.IsAbstract ? "static abstract " : method.IsVirtual ? "static virtual " : "static ");
        return access + (type.IsInterface ? "" : method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } && !type.IsSealed ? "virtual " : "");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string before = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params "
            : !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out "
            : parameter.IsIn ? "in " : "ref ";
        string after = parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "";
        return $"{before}{TypeNames.Of(parameter)} {parameter.Name}{after}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        Enum e => $"{e.GetType().Name}.{e}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Kind(Type type)
    {
        if (IsDelegate(type))
            return $"delegate ({Parameters(type.GetMethod("Invoke")!)}) -> {TypeNames.OfReturn(type.GetMethod("Invoke")!)}";
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct");
        string record = type.GetMethod("<Clone>$") is null ? "class" : "record";
        return type switch { { IsAbstract: true, IsSealed: true } => "static class", { IsAbstract: true } => $"abstract {record}", { IsSealed: true } => $"sealed {record}", _ => record };
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum || IsDelegate(type))
            return "";
        IEnumerable<Type> inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<Type> interfaces = type.GetInterfaces().Where(i => i.IsVisible).Except(inherited);
        interfaces = interfaces.Except(interfaces.SelectMany(i => i.GetInterfaces())).OrderBy(TypeNames.Of, StringComparer.Ordinal);
        Type[] bases = [.. type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? [b] : Type.EmptyTypes, .. interfaces];
        return bases.Length == 0 ? "" : $" : {string.Join(", ", bases.Select(TypeNames.Of))}";
    }

    private static string Constraints(Type[] arguments)
    {
        var clauses = new List<string>();
        foreach (Type argument in arguments.Where(argument => argument.IsGenericParameter))
        {
            bool isStruct = argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
            bool unmanaged = argument.GetCustomAttributesData().Any(a => a.AttributeType.Name == "IsUnmanagedAttribute");
            string[] parts =
            [
                .. unmanaged ? ["unmanaged"] : isStruct ? ["struct"] : Array.Empty<string>(),
                .. argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
                .. argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeNames.Of).Order(StringComparer.Ordinal),
            ];
            if (parts.Length > 0)
                clauses.Add($" where {argument.Name} : {string.Join(", ", parts)}");
        }
        return string.Concat(clauses);
    }

    private static string FullName(Type type) =>
        type.DeclaringType is { } outer ? $"{FullName(outer)}.{TypeNames.Of(type)}" : $"{type.Namespace}.{TypeNames.Of(type)}";

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(Delegate));

    private static bool IsShown(Type type) =>
        !IsGenerated(type) && type.Name[0] != '<' && (type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsShown(type.DeclaringType!) : type.IsPublic);

    private static bool IsShown(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsShownMethod(MethodInfo method) =>
        IsShown(method) && !IsGenerated(method) && !IsOverride(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition() != method;

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [{ } only] && only.ParameterType == constructor.DeclaringType && constructor.DeclaringType!.GetMethod("<Clone>$") is not null;

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), false);
}
