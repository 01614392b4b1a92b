using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Volley.Architecture.Tests;

/// <summary>Which types a type names: in its declaration, in the signatures of its members, and in the code of its methods.</summary>
internal static class References
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Generic types as definitions, without arrays, pointers and references around them.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (Type implemented in type.GetInterfaces())
            Add(found, implemented);
        foreach (Type argument in type.GetGenericArguments().Where(argument => argument.IsGenericParameter))
            AddConstraints(found, argument);
        foreach (FieldInfo field in type.GetFields(Everything))
            Add(found, field.FieldType);
        foreach (MethodBase method in type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything)))
            AddMethod(found, method);
        return found;
    }

    private static void AddMethod(HashSet<Type> found, MethodBase method)
    {
        AddSignature(found, method);
        if (method.IsGenericMethodDefinition)
        {
            foreach (Type argument in method.GetGenericArguments())
                AddConstraints(found, argument);
        }
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (LocalVariableInfo local in body.LocalVariables)
            Add(found, local.LocalType);
        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
            Add(found, clause.CatchType);
        foreach (MemberInfo member in Tokens(method, body.GetILAsByteArray() ?? []))
        {
            Add(found, member as Type ?? member.DeclaringType);
            if (member is FieldInfo field)
                Add(found, field.FieldType);
            else if (member is MethodBase called)
                AddSignature(found, called);
        }
    }

    private static void AddSignature(HashSet<Type> found, MethodBase method)
    {
        if (method is MethodInfo function)
            Add(found, function.ReturnType);
        foreach (ParameterInfo parameter in method.GetParameters())
            Add(found, parameter.ParameterType);
        if (method is { IsGenericMethod: true, IsGenericMethodDefinition: false })
        {
            foreach (Type argument in method.GetGenericArguments())
                Add(found, argument);
        }
    }

    private static void AddConstraints(HashSet<Type> found, Type parameter)
    {
        foreach (Type constraint in parameter.GetGenericParameterConstraints())
            Add(found, constraint);
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type is { HasElementType: true })
            type = type.GetElementType();
        if (type is null || type.IsGenericParameter || type.IsFunctionPointer)
            return;
        if (!found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type) && !type.IsGenericType)
            return;
        if (type.IsConstructedGenericType)
        {
            foreach (Type argument in type.GetGenericArguments())
                Add(found, argument);
        }
    }

    /// <summary>The members that the instructions of a method name.</summary>
    private static IEnumerable<MemberInfo> Tokens(MethodBase method, byte[] code)
    {
        Type[]? ofType = method.DeclaringType?.GetGenericArguments(), ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            int value = code[at++];
            if (value == 0xFE)
                value = value << 8 | code[at++];
            OperandType operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                int token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
                if (method.Module.ResolveMember(token, ofType, ofMethod) is { } member)
                    yield return member;
            }
            at += operand == OperandType.InlineSwitch ? 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)) : Size(operand);
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
