using System.Text.Json;

namespace Volley.Serialization;

/// <summary>Everything a run needs to go on exactly where it stood: named arrays and a JSON object for the rest.</summary>
/// <remarks>
/// Stored as a safetensors file (<see cref="SafeTensorsFile"/>) whose checksum is mandatory: float parameters and optimiser moments as F32,
/// statistics as F64, counters and random-stream positions as I64, anything else as U8; the object in <c>volley.checkpoint</c>.
/// </remarks>
public sealed class Checkpoint
{
    private const string StateKey = "volley.checkpoint";
    private readonly SafeTensorsFile _file;

    /// <summary>A checkpoint of arrays and state.</summary>
    /// <param name="state">A JSON object; kept character by character.</param>
    /// <param name="arrays">The arrays, each with a name of its own.</param>
    /// <exception cref="ArgumentException">The state is not a JSON object, or two arrays share a name.</exception>
    public Checkpoint(string state, IEnumerable<SafeTensor> arrays)
        : this(new SafeTensorsFile(new Dictionary<string, string> { [StateKey] = state }, arrays))
    {
        if (!IsObject(state))
            throw new ArgumentException("The state of a checkpoint must be a JSON object.", nameof(state));
    }

    private Checkpoint(SafeTensorsFile file) => _file = file;

    /// <summary>The JSON object.</summary>
    public string State => _file.Metadata[StateKey];

    /// <summary>The arrays by name.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Arrays => _file.Tensors;

    /// <summary>Reads a checkpoint and checks every byte of it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, or no checkpoint; names file and byte.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Checkpoint Read(string path)
    {
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        if (!file.Verified || !file.Metadata.TryGetValue(StateKey, out string? state) || !IsObject(state))
            throw SafeTensorsReader.Bad(path, SafeTensorsHeader.LengthBytes, $"this is not a checkpoint: it has no checked '{StateKey}' object");
        return new Checkpoint(file);
    }

    /// <summary>The array of that name.</summary>
    /// <exception cref="InvalidDataException">There is none: the checkpoint belongs to another model.</exception>
    public SafeTensor Get(string name) => Arrays.TryGetValue(name, out SafeTensor? array)
        ? array
        : throw new InvalidDataException($"The checkpoint has no array '{name}'; it belongs to another model or version.");

    /// <summary>Replaces the file as a whole and, where <paramref name="previous"/> is given, keeps the old one there.</summary>
    /// <inheritdoc cref="AtomicFile.Write"/>
    public void Write(string path, string? previous = null) => _file.Write(path, previous);

    private static bool IsObject(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
