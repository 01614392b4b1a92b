using Volley.Recipes;
using Volley.Serialization;

namespace Volley.Tests.Recipes;

public sealed class ModelDescriptionTests
{
    [Fact]
    public void AModelFileCarriesItsModel()
    {
        Recipe recipe = RecipeJson.Read(RecipeTexts.Mnist, "r");
        var description = new ModelDescription(recipe.Model, Inputs: 28, Classes: 10, Steps: 784);
        var stream = new MemoryStream();
        new SafeTensorsFile(description.ToMetadata(), [SafeTensor.Of("w", [1f])]).Write(stream);
        stream.Position = 0;
        ModelDescription read = ModelDescription.From(SafeTensorsFile.Read(stream, "m"), "m");
        Assert.Equal(description.ToMetadata(), read.ToMetadata());
        Assert.Equal((28, 10, 784, 0.004), (read.Inputs, read.Classes, read.Steps, read.Model.TimeStep));
        Assert.Equal([128, 64], Assert.IsType<FeedforwardRecipe>(read.Model).Hidden);
    }

    [Fact]
    public void AFileWithoutOneSaysSo()
    {
        var file = new SafeTensorsFile(new Dictionary<string, string>(), []);
        Assert.Equal("'m' holds arrays but no Volley model: its metadata has no 'volley.model'.",
            Assert.Throws<InvalidDataException>(() => ModelDescription.From(file, "m")).Message);
    }

    [Fact]
    public void AnUnknownModelSaysWhatIsUnknown()
    {
        var file = new SafeTensorsFile(new Dictionary<string, string> { [ModelDescription.Key] = "{\"model\":\"transformer\",\"inputs\":1,\"classes\":2}" }, []);
        Assert.Equal(
            "'m' describes no model that this version knows: volley.model: 'model' must be one of feedforward, sequential-cifar, cifar, dvs-vgg, sew-resnet, layers, state-space, not \"transformer\".",
            Assert.Throws<InvalidDataException>(() => ModelDescription.From(file, "m")).Message);
    }
}
