using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Volley.Architecture.Tests;

/// <summary>Rules of the house that a compiler does not know (design.md 7).</summary>
public class HouseRuleTests
{
    private const BindingFlags Statics = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void PublicClassesAreAbstractOrSealed() =>
        Assert.DoesNotContain(Types(), type => type is { IsClass: true, IsVisible: true, IsAbstract: false, IsSealed: false });

    [Fact]
    public void OnlyTheKernelsAreUnsafe()
    {
        string[] unsafeProjects =
        [
            .. Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
                .Where(path => XDocument.Load(path).Descendants("AllowUnsafeBlocks").Any())
                .Select(path => Path.GetFileNameWithoutExtension(path)),
        ];
        Assert.Equal(["Volley.Kernels"], unsafeProjects);
        Assert.DoesNotContain("AllowUnsafeBlocks", File.ReadAllText(Repository.PathOf("Directory.Build.props")) + File.ReadAllText(Repository.PathOf("src/Directory.Build.props")));
    }

    [Fact]
    public void NoLibraryCallsNativeCode() =>
        Assert.Empty(Types().SelectMany(type => type.GetMethods(Statics)).Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)).Select(method => $"{method.DeclaringType}.{method.Name}"));

    /// <summary>Nothing global: two models in one process never meet. Buffers of a thread are no state.</summary>
    [Fact]
    public void NoStaticFieldChanges()
    {
        IEnumerable<FieldInfo> fields = Types()
            .SelectMany(type => type.GetFields(Statics))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false } && field.GetCustomAttribute<ThreadStaticAttribute>() is null && !IsGenerated(field));
        Assert.Empty(fields.Select(field => $"{field.DeclaringType}.{field.Name}"));
    }

    /// <summary>Kernels go over threads through Rows, which has its workers; the loader reads ahead on one thread of its own.</summary>
    [Fact]
    public void ThreadsStartInTwoPlaces()
    {
        Type[] threads = [typeof(Thread), typeof(ThreadPool), typeof(Parallel), typeof(Task), typeof(TaskFactory)];
        IEnumerable<string> starting = Types().Where(type => References.Of(type).Overlaps(threads)).Select(type => Outermost(type).FullName!).Distinct();
        Assert.Equal(["Volley.Data.Prefetcher", "Volley.Kernels.Workers"], starting.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Type> Types() => Repository.Libraries.SelectMany(library => library.GetTypes());

    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), false) || (member.DeclaringType is { } type && IsGenerated(type));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
