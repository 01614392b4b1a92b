using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;

namespace Volley.Tests.Neurons;

public class NeuronRegistryTests
{
    [Fact]
    public void EveryModelIsInTheRegistry()
    {
        Type[] models = [.. typeof(NeuronRegistry).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(NeuronKernel)) && !type.IsAbstract)];
        Assert.NotEmpty(models);
        Assert.All(models, model => Assert.True(model.IsSealed, $"{model} is neither abstract nor sealed."));
        Assert.Equal(models.ToHashSet(), NeuronRegistry.All.Select(kernel => kernel.GetType()).ToHashSet());
    }

    [Fact]
    public void EveryVariantHasADescriptionOfItsOwn() =>
        Assert.Equal(NeuronRegistry.All.Count, NeuronRegistry.All.Select(kernel => kernel.ToString()).Distinct().Count());

    [Fact]
    public void ModelsOfOneNameAreOneClass() =>
        Assert.All(NeuronRegistry.All.GroupBy(kernel => kernel.Name), group => Assert.Single(group.Select(kernel => kernel.GetType()).Distinct()));
}
