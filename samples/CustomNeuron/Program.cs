// A neuron model of one's own: Resonator.cs is all it takes. Here its gradient is checked and a network of it trained.
using CustomNeuron;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Training;

double error = GradientCheck.Worst(points: 1000);
Console.WriteLine($"gradient error {error:E1}");

DatasetSplits data = Randman.Generate(new RandmanOptions { TrainPerClass = 200 });
int units = data.Train.Info.Units, classes = data.Train.Info.Classes;
var random = new Rng(seed: 1);
var network = new Model("resonators", new Chain(
    new Dense(units, 64, random.Fork("dense-1"), bias: false),
    new BatchNorm(64),
    new ResonatorLayer(64, random.Fork("neurons")),
    new Dense(64, classes, random.Fork("dense-2"), bias: false),
    new LeakyIntegratorLayer(classes, random.Fork("readout"))), units, classes, ReadoutKind.SumSoftmax);

using var cpu = new Cpu(Environment.ProcessorCount);
using var trainer = new Trainer(network, new Adam(network.Parameters), cpu, new TrainerOptions { Epochs = 4, Rate = 0.01f });
foreach (EpochReport epoch in trainer.Fit(new Loader(data.Train), new Loader(data.Valid, new LoaderOptions { Shuffle = false })))
    Console.WriteLine($"epoch {epoch.Epoch + 1}: loss {epoch.TrainLoss:F3}, validation accuracy {epoch.Valid!.Accuracy:P1}, {epoch.SpikesPerNeuron:F1} spikes a neuron");

double accuracy = trainer.Evaluate(new Loader(data.Test, new LoaderOptions { Shuffle = false })).Accuracy;
Console.WriteLine($"test accuracy {accuracy:P1}; chance is {1.0 / classes:P0}");
return error < 1e-12 && accuracy > 0.7 ? 0 : 1;
