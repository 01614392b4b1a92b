using System.Buffers.Binary;

namespace Volley.Data.Tests;

/// <summary>Small well-formed files with known content.</summary>
internal static class SampleFiles
{
    public static byte[] Idx(int[] shape, Func<int, byte> element)
    {
        int count = shape.Aggregate((a, b) => a * b);
        var file = new byte[4 + 4 * shape.Length + count];
        (file[2], file[3]) = (8, (byte)shape.Length);
        for (int d = 0; d < shape.Length; d++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * d), shape[d]);
        for (int i = 0; i < count; i++)
            file[4 + 4 * shape.Length + i] = element(i);
        return file;
    }

    /// <summary>The four MNIST files: <paramref name="count"/> images of 3 x 4 pixels, pixel i of all is i mod 251, label i mod 10.</summary>
    public static void Mnist(TempFolder folder, int count = 20, string suffix = "", bool dotted = false)
    {
        foreach (string part in new[] { "train", "t10k" })
        {
            Put($"{part}-images{(dotted ? "." : "-")}idx3-ubyte{suffix}", Idx([count, 3, 4], i => (byte)(i % 251)));
            Put($"{part}-labels{(dotted ? "." : "-")}idx1-ubyte{suffix}", Idx([count], i => (byte)(i % 10)));
        }
        void Put(string name, byte[] content) => folder.Write(name, suffix == ".gz" ? TempFolder.Gzip(content) : content);
    }

    /// <summary>CIFAR records: record i has the class i mod <paramref name="classes"/> and a red plane of 256 · row + column mod 256,
    /// a green one of the column, a blue one of the row.</summary>
    public static byte[] Cifar(int records, int labelBytes = 1, int classes = 10)
    {
        int record = labelBytes + 3072;
        var file = new byte[records * record];
        for (int r = 0; r < records; r++)
        {
            Span<byte> bytes = file.AsSpan(r * record, record);
            for (int l = 0; l < labelBytes; l++)
                bytes[l] = (byte)(r % (l == labelBytes - 1 ? classes : 20));
            for (int i = 0; i < 1024; i++)
            {
                bytes[labelBytes + i] = (byte)(i + r);
                bytes[labelBytes + 1024 + i] = (byte)(i % 32);
                bytes[labelBytes + 2048 + i] = (byte)(i / 32);
            }
        }
        return file;
    }
}
