namespace Volley.Data;

/// <summary>One CIFAR binary file: a whole number of records, each label in range.</summary>
internal static class CifarFile
{
    private const int ImageBytes = 3072;

    /// <summary>The records, each <paramref name="labelBytes"/> + 3072 bytes, all labels at <paramref name="labelAt"/> below <paramref name="classes"/>.</summary>
    public static byte[] Read(string path, int labelBytes, int labelAt, int classes, int mostRecords)
    {
        int record = labelBytes + ImageBytes;
        using DataFile file = DataFile.Open(path);
        int most = (int)Math.Min((long)mostRecords, Array.MaxLength / record) * record;
        byte[] data = file.ReadToEnd(most);
        if (data.Length == 0)
            throw file.Bad(0, $"the file is empty, expected records of {record} bytes");
        file.ExpectEnd(otherwise: $"there are more than {most / record} records; raise MostRecords to read them");
        if (data.Length % record is > 0 and int rest)
            throw file.Bad(data.Length - rest, $"{rest} bytes are left after {data.Length / record} records of {record} bytes");
        for (int start = 0; start < data.Length; start += record)
        {
            if (data[start + labelAt] >= classes)
            {
                throw file.Bad(start + labelAt,
                    $"label {data[start + labelAt]} of record {start / record} is not one of the {classes} classes 0 … {classes - 1} "
                    + $"(read as records of {record} bytes)");
            }
        }
        return data;
    }
}
