using System.Buffers.Binary;
using System.Security.Cryptography;
using Volley.Data;

namespace Volley.Cli.Runs;

/// <summary>Which data a run was trained on, so that it is resumed and evaluated with the same.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Folder">Where it was; null where it was generated.</param>
/// <param name="Cache">Where decoded data are kept; null for nowhere.</param>
/// <param name="Units">Input units.</param>
/// <param name="Steps">Steps of the longest sample.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Train">Training samples.</param>
/// <param name="Valid">Validation samples.</param>
/// <param name="Test">Test samples.</param>
/// <param name="Checksum">SHA-256 over the labels and lengths of all samples and the content of some.</param>
internal sealed record RunData(
    string Name, string? Folder, string? Cache, int Units, int Steps, int Classes, int Train, int Valid, int Test, string Checksum)
{
    private const int ContentSamples = 16;

    public static RunData Of(DatasetSplits splits, string? folder, string? cache)
    {
        DatasetInfo info = splits.Train.Info;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (IDataset part in new[] { splits.Train, splits.Valid, splits.Test })
            Add(hash, part);
        return new RunData(
            info.Name, folder is null ? null : Path.GetFullPath(folder), cache, info.Units, info.MaxSteps, info.Classes,
            splits.Train.Count, splits.Valid.Count, splits.Test.Count, "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>What is different about other data; null where they are the same.</summary>
    public string? Difference(RunData other)
    {
        if (Name != other.Name)
            return $"they are '{other.Name}', not '{Name}'";
        if ((Units, Steps, Classes) != (other.Units, other.Steps, other.Classes))
            return $"their samples have {other.Steps} steps of {other.Units} units in {other.Classes} classes, not {Steps} of {Units} in {Classes}";
        if ((Train, Valid, Test) != (other.Train, other.Valid, other.Test))
            return $"they have {other.Train}/{other.Valid}/{other.Test} training, validation and test samples, not {Train}/{Valid}/{Test}";
        return Checksum == other.Checksum ? null : "their labels or samples differ";
    }

    private static void Add(IncrementalHash hash, IDataset part)
    {
        var numbers = new byte[8 * part.Count];
        for (int i = 0; i < part.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers.AsSpan(8 * i), part.Label(i));
            BinaryPrimitives.WriteInt32LittleEndian(numbers.AsSpan(8 * i + 4), part.Length(i));
        }
        hash.AppendData(numbers);
        for (int k = 0; k < Math.Min(ContentSamples, part.Count); k++)
        {
            int sample = (int)((long)k * part.Count / ContentSamples % part.Count);
            hash.AppendData(Content(part, sample));
            if (part.Info.LabelsSteps)
                hash.AppendData(StepLabels(part, sample));
        }
    }

    private static ReadOnlySpan<byte> StepLabels(IDataset part, int index)
    {
        var labels = new int[part.Length(index)];
        part.ReadStepLabels(index, labels);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(labels);
    }

    private static ReadOnlySpan<byte> Content(IDataset part, int index)
    {
        int steps = part.Length(index), units = part.Info.Units;
        if (part.Info.Kind == SampleKind.Values)
        {
            var values = new float[steps * units];
            part.ReadValues(index, values);
            return System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values);
        }
        var bits = new ulong[steps * ((units + 63) / 64)];
        part.ReadSpikes(index, bits);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(bits);
    }
}
