// Recordings that the program already has as arrays: here three kinds of gesture, made up from sines, of 30 to 60 time steps.
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Training;

(float[][] recordings, int[] labels) = Record(count: 600);

#region data
// One array a recording, [steps, units] row by row; recordings may differ in length.
IDataset all = InMemoryDataset.FromValues("gestures", recordings, labels, units: 3, classes: 3, classNames: ["circle", "shake", "wave"]);
(IDataset rest, IDataset test) = all.HoldOut(0.2, seed: 1);
(IDataset train, IDataset valid) = rest.HoldOut(0.1, seed: 1);
#endregion

var random = new Rng(seed: 1);
var network = new Model("gestures", new Chain(
    new Dense(3, 64, random.Fork("dense-1")),
    new BatchNorm(64),
    new LifLayer(64, random.Fork("neurons"), Coefficient.Decay(5), decayInput: false),
    new Dense(64, 3, random.Fork("dense-2"))), input: 3, classes: 3, ReadoutKind.Mean);

using var cpu = new Cpu(Environment.ProcessorCount);
using var trainer = new Trainer(network, new Adam(network.Parameters), cpu, new TrainerOptions { Epochs = 4, Rate = 0.02f });
foreach (EpochReport epoch in trainer.Fit(new Loader(train, new LoaderOptions { BatchSize = 32 }), new Loader(valid, new LoaderOptions { Shuffle = false })))
    Console.WriteLine($"epoch {epoch.Epoch + 1}: loss {epoch.TrainLoss:F3}, validation accuracy {epoch.Valid!.Accuracy:P1}");

Evaluation result = trainer.Evaluate(new Loader(test, new LoaderOptions { Shuffle = false }));
double[] found = result.ClassAccuracy();
for (int c = 0; c < found.Length; c++)
    Console.WriteLine($"{test.Info.ClassNames[c],-6} found {found[c]:P1}");
Console.WriteLine($"test accuracy {result.Accuracy:P1} of {result.Count} recordings");
return result.Accuracy > 0.9 ? 0 : 1;

static (float[][] Recordings, int[] Labels) Record(int count)
{
    var random = new Random(1);
    var recordings = new float[count][];
    var labels = new int[count];
    for (int i = 0; i < count; i++)
    {
        int label = labels[i] = i % 3, steps = random.Next(30, 60);
        double phase = random.NextDouble() * Math.Tau, speed = label == 0 ? 0.2 : 0.6, size = 0.8 + 0.4 * random.NextDouble();
        double across = label == 2 ? 0 : size, up = label == 1 ? 0 : size;
        var recording = recordings[i] = new float[steps * 3];
        for (int t = 0; t < steps; t++)
        {
            recording[t * 3] = (float)(across * Math.Sin(phase + speed * t) + 0.1 * random.NextDouble());
            recording[t * 3 + 1] = (float)(up * Math.Cos(phase + speed * t) + 0.1 * random.NextDouble());
            recording[t * 3 + 2] = (float)(1 + 0.1 * random.NextDouble());
        }
    }
    return (recordings, labels);
}
