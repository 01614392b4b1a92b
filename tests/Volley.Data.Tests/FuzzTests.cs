namespace Volley.Data.Tests;

/// <summary>A reader given damaged bytes either reads them or throws <see cref="InvalidDataException"/> with the file's name: nothing else, and soon.</summary>
public sealed class FuzzTests
{
    [Theory]
    [InlineData("train-images-idx3-ubyte", false)]
    [InlineData("train-images-idx3-ubyte.gz", false)]
    [InlineData("train-labels-idx1-ubyte", false)]
    [InlineData("train-labels-idx1-ubyte.gz", false)]
    [InlineData("data_batch_1", true)]
    [InlineData("data_batch_1.gz", true)]
    public void Any_bytes(string name, bool cifar)
    {
        using var folder = new TempFolder();
        if (!cifar)
            SampleFiles.Mnist(folder);
        string plain = name.Replace(".gz", "");
        byte[] good = cifar ? SampleFiles.Cifar(2) : File.ReadAllBytes(folder[plain]);
        File.Delete(folder[plain]);
        if (plain != name)
            good = TempFolder.Gzip(good);
        int read = 0, refused = 0;
        var random = new Random(20261122);
        for (int i = 0; i < 700; i++)
        {
            folder.Write(name, Mutate(good, random));
            try
            {
                _ = cifar ? CifarBinary.ReadTrain(folder.Root) : Mnist.ReadTrain(folder.Root);
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.Contains(name, failure.Message);
                refused++;
            }
        }
        // The damage must be neither always harmless nor always fatal, or the test would see only one path.
        Assert.True(read > 0 && refused > 70, $"{read} read, {refused} refused");
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                int at = random.Next(bytes.Length);
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            default:
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    // Half of the damage goes to the header, where it matters most.
                    int place = random.Next(2) == 0 ? random.Next(Math.Min(20, bytes.Length)) : random.Next(bytes.Length);
                    bytes[place] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[place] ^ 1 << random.Next(8));
                }
                return bytes;
        }
    }
}
