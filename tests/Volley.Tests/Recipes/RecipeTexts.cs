namespace Volley.Tests.Recipes;

/// <summary>Recipes that are good, from the shortest to one that uses nearly every record.</summary>
internal static class RecipeTexts
{
    public const string Short = """
        {
          "name": "short", // defaults everywhere else
          "data": "randman",
          "model": { "architecture": "feedforward", "hidden": [128], "neuron": "cadlif" },
          "training": { "epochs": 20, "batch": 128, "optimizer": "adam", },
          "seeds": [1, 2, 3],
        }
        """;

    public const string Mnist = """
        {
          "name": "mnist-rows-cadlif", "description": "Rows of digits.", "cost": "5 min",
          "data": { "kind": "mnist", "as": "pixels", "permuted": true, "limit": 1000, "validFraction": 0.2, "splitSeed": 7 },
          "model": {
            "architecture": "feedforward", "hidden": [128, 64], "recurrent": true, "normalization": "layer", "dropout": 0.25, "bias": true,
            "neuron": {
              "kind": "cadlif", "tauMembrane": { "min": 0.005, "max": 0.025 }, "tauAdaptation": 0.1, "a": { "min": 0, "max": 0.5 }, "b": 1,
              "surrogate": { "kind": "slayer", "alpha": 4 }, "initialState": "random"
            },
            "output": { "kind": "lif", "reset": "none", "detachReset": true, "decayInput": false }, "readout": "spike-count", "timeStep": 0.004
          },
          "training": {
            "epochs": 3, "batch": 16, "optimizer": { "kind": "adamw", "rate": 0.01, "betas": [0.8, 0.99], "weightDecay": 0 },
            "schedule": { "kind": "one-cycle", "peakRate": 0.02 }, "loss": { "kind": "tet", "labelSmoothing": 0.1 },
            "rateRegularizer": {}, "clipNorm": 1, "earlyStopping": { "patience": 5 }, "truncate": 100, "select": "last",
            "augment": ["time-stretch", { "kind": "channel-shift", "most": 2, "fill": "edge", "p": 0.5 }, { "kind": "time-mask", "width": 4, "count": 2, "part": 0.2 }]
          },
          "seeds": [0], "expected": { "testAccuracy": 0.98, "testAccuracySd": 0.001, "source": "bench/results" }
        }
        """;

    public const string Layers = """
        {
          "name": "layers",
          "data": { "kind": "cifar10", "as": "grey-pixels" },
          "model": { "architecture": "layers", "readout": "mean", "layers": [
            { "kind": "dense", "units": 64, "bias": true }, "batch-norm", { "kind": "neuron", "neuron": "plif" },
            { "kind": "residual", "layers": [ { "kind": "dense", "units": 64 }, "layer-norm", { "kind": "recurrent", "neuron": "se-adlif" } ] },
            { "kind": "dropout", "rate": 0.5 }, { "kind": "neuron", "neuron": { "kind": "if", "surrogate": "multi-gaussian" } },
            "dense", { "kind": "neuron", "neuron": { "kind": "leaky-integrator", "tauMembrane": 0.02 } } ] },
          "training": { "epochs": 1, "batch": 1, "optimizer": { "kind": "sgd", "rate": 0.1, "momentum": 0.9 }, "loss": "mse-count",
            "schedule": { "kind": "plateau" } },
          "seeds": [5]
        }
        """;

    public static TheoryData<string> All => [Short, Mnist, Layers];
}
