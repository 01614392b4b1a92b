namespace Volley.Data.Tests;

public sealed class ConcurrencyTests
{
    [Fact]
    public void Samples_read_by_many_threads_are_those_read_by_one()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder, count: 50);
        folder.Write("train.bin", SampleFiles.Cifar(20));
        IDataset[] all =
        [
            Randman.Generate(new RandmanOptions { Dimension = 1, TrainPerClass = 5 }).Train,
            Mnist.Open(folder.Root).Train,
            CifarBinary.ReadTrain(folder.Root, new CifarOptions { Layout = CifarLayout.Repeated }),
            Paths.Generate(new PathsOptions { Train = 10, Valid = 2, Test = 2 }).Train,
            ListOps.Generate(new ListOpsOptions { MinLength = 5, MaxLength = 50, Train = 30, Valid = 1, Test = 1 }).Train,
            InMemoryDataset.FromTokens("x", [[1, 2], [3]], [0, 0], 4, 1),
            InMemoryDataset.FromEvents("x", [[new(0, 0)], [new(1, 1)]], [1, 2], [0, 0], 2, 1),
        ];
        foreach (IDataset dataset in all)
        {
            ulong[] expected = [.. Enumerable.Range(0, dataset.Count).Select(i => Digest(dataset, i))];
            Parallel.For(0, 8 * dataset.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
                Assert.Equal(expected[i % dataset.Count], Digest(dataset, i % dataset.Count)));
        }
    }

    private static ulong Digest(IDataset dataset, int index)
    {
        ulong hash = (ulong)dataset.Label(index);
        if (dataset.Info.Kind == SampleKind.Spikes)
        {
            var bits = new ulong[dataset.Length(index) * SpikeWords.Per(dataset.Info.Units)];
            dataset.ReadSpikes(index, bits);
            foreach (ulong word in bits)
                hash = (hash ^ word) * 1099511628211;
            return hash;
        }
        var values = new float[dataset.Length(index) * dataset.Info.Units];
        dataset.ReadValues(index, values);
        foreach (float value in values)
            hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211;
        return hash;
    }
}
