using System.Reflection;
using System.Xml.Linq;

namespace Volley.Architecture.Tests;

/// <summary>Dependencies point one way (design.md 2): between projects, and between the parts of the library.</summary>
public class DependencyTests
{
    /// <summary>What each project may reference, projects and packages.</summary>
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Volley.Kernels"] = ["System.Numerics.Tensors"],
        ["Volley"] = ["Volley.Kernels"],
        ["Volley.Hdf5"] = [],
        ["Volley.Data"] = ["Volley", "Volley.Hdf5"],
        ["Volley.Plots"] = [],
        ["Volley.Cli"] = ["Volley", "Volley.Data", "Volley.Plots", "System.CommandLine", "Spectre.Console", "Google.Protobuf", "Microsoft.Extensions.Logging"],
    };

    /// <summary>What each part of the assembly Volley may name of the others. A type has an entry of its own where it sits elsewhere than its namespace.</summary>
    private static readonly Dictionary<string, string[]> Parts = new()
    {
        ["Volley.Tensors"] = [],
        ["Volley.Autograd"] = ["Volley.Tensors"],
        ["Volley.Nn"] = ["Volley.Autograd", "Volley.Tensors"],
        ["Volley.Streaming"] = ["Volley.Nn", "Volley.Autograd", "Volley.Tensors"],
        ["Volley.Serialization"] = [],
        ["Volley.Training"] = ["Volley.Nn", "Volley.Autograd", "Volley.Tensors", "Volley.Serialization"],
        ["Volley.Recipes"] = ["Volley.Training", "Volley.Nn", "Volley.Autograd", "Volley.Tensors", "Volley.Serialization"],
        ["Volley.Serialization.ModelFile"] = ["Volley.Recipes", "Volley.Nn", "Volley.Autograd", "Volley.Tensors", "Volley.Serialization"],
    };

    public static TheoryData<string> ProjectNames => [.. Projects.Keys];

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void AProjectReferencesOnlyWhatItMay(string project)
    {
        var file = XDocument.Load(Repository.PathOf($"src/{project}/{project}.csproj"));
        string[] references =
        [
            .. file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)),
            .. file.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value),
        ];
        Assert.Empty(references.Except(Projects[project]));
    }

    [Fact]
    public void EveryProjectHasItsRule() =>
        Assert.Equal(Projects.Keys.Order(), Directory.GetDirectories(Repository.PathOf("src")).Select(folder => Path.GetFileName(folder)!).Order());

    /// <summary>Transitive references reach further than a project file says; the compiled assembly tells what is used.</summary>
    [Fact]
    public void ALibraryUsesOnlyWhatItMay()
    {
        foreach (Assembly library in Repository.Libraries)
        {
            IEnumerable<string> allowed = Closure(library.GetName().Name!, Projects);
            IEnumerable<string> used = library.GetReferencedAssemblies().Select(name => name.Name!).Where(name => !IsPlatform(name));
            Assert.Empty(used.Except(allowed));
        }
    }

    [Fact]
    public void PartsOfTheLibraryPointOneWay()
    {
        var mistakes = new List<string>();
        foreach (Type type in Repository.Library("Volley").GetTypes().Where(IsOurs))
        {
            string part = PartOf(type);
            foreach (Type used in References.Of(type).Where(used => used.Assembly == type.Assembly && IsOurs(used)))
            {
                string other = PartOf(used);
                if (other != part && !Parts[part].Contains(other))
                    mistakes.Add($"{type} of {part} names {used} of {other}");
            }
        }
        Assert.Empty(mistakes);
    }

    [Fact]
    public void TheRulesHaveNoCircle()
    {
        foreach (string part in Parts.Keys)
            Assert.DoesNotContain(part, Parts[part].SelectMany(next => Closure(next, Parts).Append(next)));
    }

    /// <summary>Lanes are the numbers; they know no kernel.</summary>
    [Fact]
    public void LanesNameNothingElse()
    {
        Type[] lanes = [.. Repository.Library("Volley.Kernels").GetTypes().Where(type => type.Namespace == "Volley.Kernels.Lanes")];
        Assert.NotEmpty(lanes);
        foreach (Type lane in lanes)
            Assert.DoesNotContain(References.Of(lane), used => used.Namespace is "Volley.Kernels" or "Volley.Kernels.Neurons" or "Volley.Kernels.Spikes");
    }

    /// <summary>A check that cannot fail is none: these three name another part in a body, a signature and a type argument.</summary>
    [Theory]
    [InlineData(typeof(InABody))]
    [InlineData(typeof(InASignature))]
    [InlineData(typeof(InATypeArgument))]
    public void ReferencesAreFound(Type type) => Assert.Contains(typeof(Training.Trainer), References.Of(type));

    private static string PartOf(Type type)
    {
        string name = (type.IsNested ? Outermost(type) : type).FullName!;
        return Parts.Keys.Where(part => name == part || name.StartsWith(part + ".", StringComparison.Ordinal)).MaxBy(part => part.Length)
            ?? throw new InvalidOperationException($"{name} is in no part that {nameof(DependencyTests)} knows; add its rule.");
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>Types that the compiler adds sit in no namespace of ours.</summary>
    private static bool IsOurs(Type type) => Outermost(type).Namespace?.StartsWith("Volley.", StringComparison.Ordinal) == true;

    private static bool IsPlatform(string name) =>
        name is "netstandard" or "mscorlib" || (name.StartsWith("System.", StringComparison.Ordinal) && name != "System.Numerics.Tensors");

    private static IEnumerable<string> Closure(string name, Dictionary<string, string[]> edges) =>
        edges.GetValueOrDefault(name, []).SelectMany(next => Closure(next, edges).Append(next)).Distinct();

    private sealed class InABody
    {
        public override string ToString() => Training.TrainerCheckpoint.Save(null!).ToString()!;
    }

    private abstract class InASignature
    {
        public abstract void Use(Training.Trainer[] trainers);
    }

    private abstract class InATypeArgument : List<Dictionary<string, Training.Trainer>>;
}
