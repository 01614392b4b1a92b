namespace Volley.Cli.Tests;

/// <summary>A folder of its own for a test, removed after it.</summary>
internal sealed class Place : IDisposable
{
    /// <summary>What makes the quick start tiny: two epochs of 8 steps take a fraction of a second.</summary>
    private static readonly string[] TinyArguments =
    [
        "--set", "data.classes=3", "--set", "data.steps=20", "--set", "data.units=12", "--set", "data.dims=1", "--set", "data.trainPerClass=40", "--set", "data.validPerClass=10",
        "--set", "data.testPerClass=20", "--set", "model.hidden=[16]", "--set", "training.batch=16", "--set", "training.epochs=2", "--threads", "1",
    ];

    public string Root { get; } = Directory.CreateTempSubdirectory("volley-cli-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Arguments of a tiny training run into the folder <paramref name="name"/>.</summary>
    public string[] Tiny(string name, params string[] more) => ["train", "--out", this[name], .. TinyArguments, .. more];

    /// <summary>Writes a file.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
