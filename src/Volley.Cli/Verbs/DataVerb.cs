using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Data;
using Volley.Recipes;

namespace Volley.Cli.Verbs;

/// <summary><c>volley data list</c> and <c>volley data verify NAME|RECIPE --data DIR</c>.</summary>
internal static class DataVerb
{
    private static readonly (DataRecipe Recipe, string About)[] Known =
    [
        (new RandmanRecipe(), "smooth random manifolds in spike times (Zenke & Vogels 2021), generated"),
        (new MnistRecipe(), "handwritten digits (LeCun et al. 1998) as 28 rows; also any folder with files of these names"),
        (new Cifar10Recipe(), "colour photographs in 10 classes (Krizhevsky 2009) as 32 columns"),
        (new Cifar100Recipe(), "colour photographs in 100 classes (Krizhevsky 2009) as 32 columns"),
        (new FsddRecipe(), "the Free Spoken Digit Dataset: 3000 spoken digits of 6 speakers"),
        (new SpeechCommandsRecipe(), "spoken words (Warden 2018), with its lists of validation and test files"),
        (new ShdRecipe(), "Spiking Heidelberg Digits (Cramer et al. 2022): spoken digits as spikes of 700 channels"),
        (new SscRecipe(), "Spiking Speech Commands (Cramer et al. 2022): 35 spoken words as spikes of 700 channels"),
        (new NMnistRecipe(), "N-MNIST (Orchard et al. 2015): handwritten digits seen by an event camera, as frames of 34 x 34 pixels"),
        (new Cifar10DvsRecipe(), "CIFAR10-DVS (Li et al. 2017): photographs on a screen seen by an event camera, as frames of 48 x 48 pixels"),
        (new DvsGestureRecipe(), "DVS128 Gesture (Amir et al. 2017): gestures seen by an event camera, as frames of 128 x 128 pixels"),
        (new WavRecipe(), "your own recordings as WAV files, class from the path"),
        (new CsvRecipe(), "your own recordings as text, a file each or all in one table"),
        (new NpyRecipe(), "your own recordings as NumPy arrays, a file each"),
        (new TsRecipe(), "a set of the UEA archive of time series, such as JapaneseVowels"),
    ];

    public static Command Create(Terminal terminal)
    {
        Option<bool> listJson = CommonOptions.Json(), verifyJson = CommonOptions.Json();
        var list = new Command("list", "Lists the data sets that recipes can name, and the files they need") { listJson };
        list.SetAction(parsed => List(terminal, parsed.GetValue(listJson)));

        var name = new Argument<string>("NAME|RECIPE") { Description = "A data set that 'volley data list' names, or a recipe" };
        Option<string?> data = CommonOptions.Data();
        Option<bool> skipBad = CommonOptions.SkipBad();
        var verify = new Command("verify", "Reads every sample of a data set and counts the classes") { name, data, skipBad, verifyJson };
        verify.SetAction(parsed => Verify(terminal, CommonOptions.SkipBad(parsed, skipBad, Find(parsed.GetValue(name)!)), parsed.GetValue(data), parsed.GetValue(verifyJson)));
        return new Command("data", "Lists and checks data sets") { list, verify };
    }

    private static int List(Terminal terminal, bool json)
    {
        foreach ((DataRecipe recipe, string about) in Known)
        {
            DatasetInfo info = DataRecipes.Describe(recipe);
            string files = DataRecipes.Files(recipe);
            string? assumed = DataRecipes.Assumed(recipe);
            if (json)
            {
                terminal.Out.WriteLine(new JsonObject
                {
                    ["dataset"] = info.Name,
                    ["about"] = about,
                    ["classes"] = info.Classes,
                    ["steps"] = info.MaxSteps,
                    ["units"] = info.Units,
                    ["assumed"] = assumed,
                    ["files"] = files,
                }.ToJsonString(RunJson.Relaxed));
                continue;
            }
            terminal.Out.WriteLine($"{info.Name}: {about}");
            terminal.Out.WriteLine(assumed is null
                ? $"  {info.Classes} classes; {info.MaxSteps} time steps of {info.Units} inputs unless the recipe says otherwise"
                : "  classes, time steps and inputs are those of the recordings");
            terminal.Out.WriteLine(files.Length == 0 ? "  needs no files" : $"  --data DIR holds {files}");
        }
        return ExitCode.Done;
    }

    private static DataRecipe Find(string what) =>
        Known.Select(known => known.Recipe).FirstOrDefault(r => DataRecipes.Describe(r).Name == what) ?? RecipeLibrary.Find(what).Data;

    private static int Verify(Terminal terminal, DataRecipe recipe, string? folder, bool json)
    {
        DatasetSplits splits = RunSetup.OpenData(recipe, folder, null, terminal.Warn);
        (string Name, IDataset Part)[] parts = [("train", splits.Train), ("valid", splits.Valid), ("test", splits.Test)];
        foreach ((_, IDataset part) in parts)
            ReadAll(part, terminal.Interrupted);
        DatasetInfo info = splits.Train.Info;
        var facts = RunData.Of(splits, folder, null);
        if (json)
        {
            new JsonView(terminal.Out).Write("data", facts);
            return ExitCode.Done;
        }
        terminal.Out.WriteLine($"{info.Name}: every sample can be read; {info.Classes} classes, {info.MaxSteps} time steps of {info.Units} inputs, {facts.Checksum}");
        var table = new TextTable(["class", .. parts.Select(part => ">" + part.Name)]);
        int[][] counts = [.. parts.Select(part => Counts(part.Part))];
        for (int c = 0; c < info.Classes; c++)
            table.Add([info.ClassNames[c], .. counts.Select(count => count[c].ToString(CultureInfo.InvariantCulture))]);
        table.Add(["all", .. counts.Select(count => count.Sum().ToString(CultureInfo.InvariantCulture))]);
        table.Write(terminal.Out, "  ");
        return ExitCode.Done;
    }

    /// <summary>A loader checks every value of every batch.</summary>
    private static void ReadAll(IDataset part, CancellationToken interrupted)
    {
        using Loader? loader = RunSetup.InOrder(part, 256);
        if (loader is null)
            return;
        foreach (Training.Batch _ in loader.Epoch(0))
            interrupted.ThrowIfCancellationRequested();
    }

    private static int[] Counts(IDataset part)
    {
        var counts = new int[part.Info.Classes];
        for (int i = 0; i < part.Count; i++)
            counts[part.Label(i)]++;
        return counts;
    }
}
