using System.Globalization;
using Volley.Hdf5.Bytes;
using Xunit.Abstractions;

namespace Volley.Hdf5.Tests;

/// <summary>Damaged files: either the reader goes on with what it finds, or it says what is wrong. No crash, no hang, no large allocation.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    // The next larger run is a million, offline: VOLLEY_HDF5_FUZZ=1000000.
    private const int Ordinary = 10_000;

    // All that reading a few datasets of a damaged file allocates, one after another; the files have up to 110 KB.
    private const long MostAllocated = 256 << 20;

    // Of one file and group: enough to find the damage over many files, and quick.
    private const int Datasets = 6;

    [Fact]
    public void ADamagedFileIsReadOrRefused()
    {
        string? asked = Environment.GetEnvironmentVariable("VOLLEY_HDF5_FUZZ");
        int count = asked is null ? Ordinary : int.Parse(asked, CultureInfo.InvariantCulture);
        byte[][] good = [.. Good()];
        var random = new Random(5);
        int refused = 0;
        long most = 0;
        TimeSpan longest = default;
        int slowest = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = Mutate(good[random.Next(good.Length)], random);
            bool verify = random.Next(4) == 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                using var file = new Hdf5File(new Source(new MemoryStream(bytes), "damaged", verify));
                ReadAll(file, "", 0, random);
            }
            catch (InvalidDataException failure)
            {
                Assert.StartsWith("'damaged', byte ", failure.Message);
                refused++;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"Mutation {i} of seed 5 fails.", failure);
            }
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            TimeSpan taken = System.Diagnostics.Stopwatch.GetElapsedTime(started);
            if (taken > longest)
                (longest, slowest) = (taken, i);
        }
        output.WriteLine($"{count} mutations: {refused} refused, at most {most / 1e6:F1} MB allocated and {longest.TotalSeconds:F2} s for one (number {slowest})");
        Assert.InRange(refused, count / 10, count);
        Assert.InRange(most, 0, MostAllocated);
    }

    /// <summary>Every committed fixture.</summary>
    private static IEnumerable<byte[]> Good() => Fixture.Names.Select(name => File.ReadAllBytes(Fixture.PathOf(name)));

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        if (random.Next(20) == 0)
            return bytes[..random.Next(bytes.Length)];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            // Half of the damage goes to a structure: the bytes after four capital letters, or the beginning.
            int place = random.Next(bytes.Length);
            if (random.Next(2) == 0)
                place = Math.Min(bytes.Length - 1, Structure(bytes, place) + random.Next(64));
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[place] = random.Next(2) == 0 ? (byte)0 : (byte)255;
                    break;
                case 3:
                    // A number or an address from elsewhere in the file.
                    int from = random.Next(bytes.Length), length = Math.Min(random.Next(1, 9), bytes.Length - Math.Max(from, place));
                    bytes.AsSpan(from, length).CopyTo(bytes.AsSpan(place));
                    break;
                default:
                    bytes.AsSpan(place, Math.Min(random.Next(1, 9), bytes.Length - place)).Fill((byte)(random.Next(2) * 255));
                    break;
            }
        }
        return bytes;
    }

    private static int Structure(byte[] bytes, int from)
    {
        for (int i = from; i + 4 <= bytes.Length; i++)
        {
            if (!bytes.AsSpan(i, 4).ContainsAnyExceptInRange((byte)'A', (byte)'Z'))
                return i;
        }
        return 0;
    }

    private static void ReadAll(Hdf5File file, string group, int depth, Random random)
    {
        if (depth > 6)
            return;
        InvalidDataException? first = null;
        string[] names = [.. file.Names(group)];
        random.Shuffle(names);
        // A name that was damaged to nothing is its own group, and would be walked without end.
        foreach (string name in names.Where(name => name.Trim('/').Length > 0).Take(Datasets))
        {
            try
            {
                ReadOne(file, $"{group}/{name}", depth, random);
            }
            catch (InvalidDataException failure)
            {
                first ??= failure;
            }
        }
        if (first is not null)
            throw first;
    }

    private static void ReadOne(Hdf5File file, string path, int depth, Random random)
    {
        Hdf5Dataset dataset;
        try
        {
            dataset = file[path];
        }
        catch (InvalidDataException failure) when (failure.Message.Contains("is a group", StringComparison.Ordinal))
        {
            ReadAll(file, path, depth + 1, random);
            return;
        }
        if (dataset.Type.Kind == Hdf5Kind.Text)
            dataset.ReadTexts();
        else if (dataset.Type.IsRow)
            Assert.InRange(dataset.Rows<double>().Take(1000).Count(), 0, 1000);
        else
            dataset.ReadAll<double>();
    }
}
