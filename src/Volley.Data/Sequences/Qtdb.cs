using Volley.Recipes;
using Volley.Training;

namespace Volley.Data;

/// <summary>The QT database of electrocardiograms as level-crossing events (Laguna et al. 1997; encoded by Yin, Corradi and Bohté 2021), in
/// <c>QTDB_train.mat</c> and <c>QTDB_test.mat</c>: two leads, a channel for up and one for down each, and one of six bands of the heartbeat at every step.</summary>
/// <remarks><c>x</c> is [samples, steps, 4], −1, 0 or 1; <c>y</c> is [samples, steps, 6], a 1 at the class of the step. A row of zeros is a step that
/// nobody labelled, about one in twelve, most of them behind the recording's end.</remarks>
public static class Qtdb
{
    internal const string Name = "qtdb", Files = "QTDB_train.mat and QTDB_test.mat";
    internal const int Units = 4, Steps = 1301;

    /// <summary>The bands of a heartbeat, in the order of the file.</summary>
    internal static readonly string[] Classes = ["P", "PQ", "QR", "RS", "ST", "TP"];

    /// <summary>Reads both files and divides the first.</summary>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static DatasetSplits Open(string folder, QtdbOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new QtdbOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.IgnoreSteps);
        return Splits.Divide(Read(folder, "QTDB_train.mat", options), Read(folder, "QTDB_test.mat", options), options.Split)
            with
        { Input = new InputDescription(ClassNames: Classes) };
    }

    private static InMemoryDataset Read(string folder, string name, QtdbOptions options)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {name}).");
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new FileNotFoundException($"'{folder}' has no {name}.", path);
        IReadOnlyList<MatArray> arrays = MatFile.Read(path, "x", "y");
        (MatArray x, MatArray y) = (arrays[0], arrays[1]);
        if (x.Shape is not [> 0, > 0, Units] || y.Shape is not [_, _, 6] || x.Shape[0] != y.Shape[0] || x.Shape[1] != y.Shape[1])
        {
            throw new InvalidDataException(
                $"'{path}' has 'x' of {string.Join(" x ", x.Shape)} and 'y' of {string.Join(" x ", y.Shape)}; expected samples x steps x {Units} and x {Classes.Length}.");
        }
        (int count, int steps) = (x.Shape[0], x.Shape[1]);
        var samples = new float[count][];
        var labels = new int[count][];
        for (int i = 0; i < count; i++)
        {
            (samples[i], labels[i]) = (new float[steps * Units], new int[steps]);
            for (int t = 0; t < steps; t++)
            {
                for (int c = 0; c < Units; c++)
                    samples[i][t * Units + c] = Event(path, x, i, t, c);
                int label = Label(path, y, i, t, options.Unlabelled);
                labels[i][t] = t < options.IgnoreSteps ? Batch.NoLabel : label;
            }
        }
        return InMemoryDataset.FromValues(Name, samples, new int[count], Units, Classes.Length, Classes).WithStepLabels(labels);
    }

    private static double At(MatArray array, int i, int t, int c) => array.Values[i + array.Shape[0] * (t + array.Shape[1] * c)];

    private static float Event(string path, MatArray x, int i, int t, int c)
    {
        double value = At(x, i, t, c);
        return value is -1 or 0 or 1
            ? (float)value
            : throw new InvalidDataException($"'{path}' has the event {value} in sample {i} at step {t}; expected -1, 0 or 1.");
    }

    private static int Label(string path, MatArray y, int i, int t, QtdbUnlabelled unlabelled)
    {
        int label = Batch.NoLabel;
        for (int c = 0; c < Classes.Length; c++)
        {
            double value = At(y, i, t, c);
            if (value is not (0 or 1) || (value == 1 && label >= 0))
                throw new InvalidDataException($"'{path}' has no single class in sample {i} at step {t}: 'y' is {value} at class {c}.");
            if (value == 1)
                label = c;
        }
        return label < 0 && unlabelled == QtdbUnlabelled.First ? 0 : label;
    }
}
