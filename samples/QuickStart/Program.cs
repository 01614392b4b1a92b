// Trains a small network on generated spike patterns, keeps it in a file, and runs it again one time step at a time.
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Serialization;
using Volley.Streaming;
using Volley.Training;

#region train
DatasetSplits data = Randman.Generate();        // ten classes; counts carry nothing, timing everything
int units = data.Train.Info.Units, classes = data.Train.Info.Classes;
var random = new Rng(seed: 1);

var network = new Model("quickstart", new Chain(
    new Dense(units, 128, random.Fork("dense-1"), bias: false),
    new BatchNorm(128),
    new CAdLifLayer(128, random.Fork("neurons-1")),
    new Dense(128, 128, random.Fork("dense-2"), bias: false),
    new BatchNorm(128),
    new CAdLifLayer(128, random.Fork("neurons-2")),
    new Dense(128, classes, random.Fork("dense-3"), bias: false),
    new LeakyIntegratorLayer(classes, random.Fork("readout"))), units, classes, ReadoutKind.SumSoftmax);

using var cpu = new Cpu(Environment.ProcessorCount);
using var trainer = new Trainer(network, new Adam(network.Parameters), cpu, new TrainerOptions { Epochs = 4, Rate = 0.01f, Schedule = new CosineSchedule() });

foreach (EpochReport epoch in trainer.Fit(new Loader(data.Train), new Loader(data.Valid, new LoaderOptions { Shuffle = false })))
    Console.WriteLine($"epoch {epoch.Epoch + 1}: loss {epoch.TrainLoss:F3}, validation accuracy {epoch.Valid!.Accuracy:P1}, {epoch.Seconds:F1} s");

Evaluation test = trainer.Evaluate(new Loader(data.Test, new LoaderOptions { Shuffle = false }));
Console.WriteLine($"test accuracy {test.Accuracy:P1} with {network.ParameterCount} parameters");
#endregion

string path = Path.Combine(Path.GetTempPath(), $"volley-quickstart-{Environment.ProcessId}.safetensors");
#region save
ModelFile.Save(network, path);
ModelFile.Load(network, path);   // into any network built alike
#endregion
File.Delete(path);

#region stream
var stream = new ModelStream(network, cpu, spikes: true);
int words = (units + 63) / 64, right = 0;
var best = new int[1];
for (int i = 0; i < data.Test.Count; i++)
{
    var bits = new ulong[data.Test.Length(i) * words];
    data.Test.ReadSpikes(i, bits);
    stream.Clear();
    for (int t = 0; t < data.Test.Length(i); t++)
    {
        bits.AsSpan(t * words, words).CopyTo(stream.Input.Bits);
        Metrics.ArgMax(stream.Step(), best, 1, classes);     // of the scores so far; neither allocates
    }
    right += best[0] == data.Test.Label(i) ? 1 : 0;
}
Console.WriteLine($"streaming: {right} of {data.Test.Count} right; whole sequences: {test.Correct}");
#endregion
return right == test.Correct && test.Accuracy > 0.9 ? 0 : 1;
