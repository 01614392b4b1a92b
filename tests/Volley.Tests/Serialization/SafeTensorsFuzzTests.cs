using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Volley.Serialization;

namespace Volley.Tests.Serialization;

/// <summary>Seeded damage of every kind: the reader answers with InvalidDataException or a file, quickly, and without outsized allocations.</summary>
public sealed class SafeTensorsFuzzTests
{
    private const int Mutations = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void MutationsNeverCrashTheReader(int seed)
    {
        var random = new Random(seed);
        byte[][] seeds = [Own(), Foreign()];
        int accepted = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutate(random, seeds[i % seeds.Length]);
            var clock = Stopwatch.StartNew();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                SafeTensorsFile.Read(new MemoryStream(bytes), "fuzz");
                accepted++;
            }
            catch (InvalidDataException)
            {
                // The one permitted failure.
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 100_000 + 64L * bytes.Length, $"seed {seed}, mutation {i}: {allocated} bytes allocated for {bytes.Length}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"seed {seed}, mutation {i} took {clock.Elapsed}");
        }
        // Without accepted files the mutations would only test the first check.
        Assert.InRange(accepted, 1, Mutations - 1);
    }

    private static byte[] Own() => SafeTensorsFileTests.ToBytes(new SafeTensorsFile(
        new Dictionary<string, string> { ["volley.model"] = "{\"architecture\":\"feedforward\"}", ["note"] = "x" },
        [SafeTensor.Of("w", [1f, 2f, 3f, 4f], 2, 2), SafeTensor.Of("m", [1.0]), SafeTensor.Of("n", [1L, 2L]), SafeTensor.Of("b", [(byte)1])]));

    private static byte[] Foreign() => SafeTensorsFileTests.Raw(
        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
        + "\"b\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[8,9]}}", [1, 2, 3, 4, 5, 6, 7, 8, 9]);

    private static byte[] Mutate(Random random, byte[] seed)
    {
        var bytes = (byte[])seed.Clone();
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            bytes = random.Next(6) switch
            {
                0 => Flip(random, bytes),
                1 => bytes[..random.Next(bytes.Length + 1)],
                2 => [.. bytes, .. new byte[random.Next(1, 20)]],
                3 => Length(random, bytes),
                _ => EditHeader(random, bytes),
            };
        }
        return bytes;
    }

    private static byte[] Flip(Random random, byte[] bytes)
    {
        if (bytes.Length > 0)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static byte[] Length(Random random, byte[] bytes)
    {
        if (bytes.Length >= 8)
            BinaryPrimitives.WriteInt64LittleEndian(bytes, random.Next(3) == 0 ? random.NextInt64() : random.Next(bytes.Length + 8));
        return bytes;
    }

    // Keeps the announced length true, so that the edit reaches the parser.
    private static byte[] EditHeader(Random random, byte[] bytes)
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var length && length > (ulong)(bytes.Length - 8))
            return bytes;
        string header = Encoding.Latin1.GetString(bytes, 8, (int)length);
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"", "0", "-1", "9223372036854775807", "1e9", "null", "\\ud800", "é", "\"a\":{}", "F64", " ", "//", "[[[[[["];
        int at = random.Next(header.Length + 1), cut = Math.Min(random.Next(4), header.Length - at);
        header = header.Remove(at, cut).Insert(at, pieces[random.Next(pieces.Length)]);
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] result = [.. new byte[8], .. text, .. bytes[(8 + (int)length)..]];
        BinaryPrimitives.WriteInt64LittleEndian(result, text.Length);
        return result;
    }
}
