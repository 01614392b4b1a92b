using System.Buffers.Binary;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Training;

namespace Volley.Samples.Streaming;

/// <summary>Recordings made up, in a folder of their own: tones that rise, fall or stay, of 0.5 to 1 s.</summary>
internal sealed class Chirps : IDisposable
{
    private const int Rate = 11_025, PerClass = 60;
    private static readonly string[] Classes = ["fall", "rise", "stay"];

    private readonly string _folder = Directory.CreateTempSubdirectory("volley-streaming-").FullName;

    public Chirps()
    {
        var random = new Random(1);
        foreach (string name in Classes)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "wav", name));
            for (int i = 0; i < PerClass; i++)
                Write(Path.Combine(_folder, "wav", name, $"{i}.wav"), Samples(name, random));
        }
    }

    public string AnyRecording => Path.Combine(_folder, "wav", "rise", "0.wav");

    /// <summary>Trains a small network on the folder, as the recipe own-wav does.</summary>
    /// <returns>Its file.</returns>
    public string Train()
    {
        DatasetSplits data = DataRecipes.Open(new WavRecipe(FrontEnd: new LogMelRecipe(Channels: 20, Level: LevelNormalization.RunningChannels)), Path.Combine(_folder, "wav"), cacheFolder: null);
        DatasetInfo info = data.Train.Info;
        Model model = RecipeBuilder.Model(new FeedforwardRecipe([32], new CAdLifRecipe(), TimeStep: 0.01), info.Units, info.Classes, new Rng(1));
        model.Input = data.Input;                  // the front end and the statistics of the training samples go into the file
        using var cpu = new Cpu(Environment.ProcessorCount);
        using var trainer = new Trainer(model, new Adam(model.Parameters), cpu, new TrainerOptions { Epochs = 10, Rate = 0.02f, Schedule = new CosineSchedule() });
        double accuracy = 0;
        foreach (EpochReport epoch in trainer.Fit(new Loader(data.Train, new LoaderOptions { BatchSize = 16 }), new Loader(data.Valid, new LoaderOptions { Shuffle = false })))
            accuracy = epoch.Valid!.Accuracy;
        Console.WriteLine($"trained on {data.Train.Count} recordings of {info.Classes} kinds; validation accuracy {accuracy:P0}");
        string path = Path.Combine(_folder, "model.safetensors");
        ModelFile.Save(model, path);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static float[] Samples(string name, Random random)
    {
        double seconds = 0.5 + 0.5 * random.NextDouble(), low = 300 + 300 * random.NextDouble(), high = 3 * low, loudness = 0.05 + 0.4 * random.NextDouble();
        (double from, double to) = name switch { "rise" => (low, high), "fall" => (high, low), _ => (2 * low, 2 * low) };
        var samples = new float[(int)(seconds * Rate)];
        double phase = random.NextDouble();
        for (int n = 0; n < samples.Length; n++)
        {
            phase += (from + (to - from) * n / samples.Length) / Rate;
            samples[n] = (float)(loudness * (Math.Sin(Math.Tau * phase) + 0.05 * (random.NextDouble() - 0.5)));
        }
        return samples;
    }

    /// <summary>RIFF, PCM of 16 bits, one channel.</summary>
    private static void Write(string path, float[] samples)
    {
        var file = new byte[44 + 2 * samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        int[] format = [16, 1 | 1 << 16, Rate, 2 * Rate, 2 | 16 << 16];      // length; PCM, one channel; samples and bytes a second; bytes a frame, bits
        for (int i = 0; i < format.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16 + 4 * i), format[i]);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * samples.Length);
        for (int n = 0; n < samples.Length; n++)
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + 2 * n), (short)Math.Round(32767 * samples[n]));
        File.WriteAllBytes(path, file);
    }
}
