using Google.Protobuf;

namespace Volley.Cli.Runs.TensorBoard;

/// <summary>The three messages of tensorflow/core/util/event.proto and core/framework/summary.proto that scalars need, as bytes: Event, Summary, SessionLog.</summary>
/// <remarks>Written field by field: docs/adr/0020.</remarks>
internal static class EventMessage
{
    // Event: wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7. Summary: repeated value = 1. Value: tag = 1, simple_value = 2. SessionLog: status = 1.
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7, Value = 1, Tag = 1, SimpleValue = 2, Status = 1, Start = 1;

    /// <summary>The first event of every file: which version of the format it is in.</summary>
    public static byte[] Version(double wallTime) => Message(output =>
    {
        output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        output.WriteDouble(wallTime);
        output.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
        output.WriteString("brain.Event:2");
    });

    /// <summary>Tells a reader to forget what other files of the run say about this step and later ones.</summary>
    public static byte[] Restart(double wallTime, long step) => Message(output =>
    {
        Moment(output, wallTime, step);
        output.WriteTag(SessionLog, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(log =>
        {
            log.WriteTag(Status, WireFormat.WireType.Varint);
            log.WriteEnum(Start);
        })));
    });

    /// <summary>Numbers of one step.</summary>
    public static byte[] Scalars(double wallTime, long step, IEnumerable<(string Tag, double Value)> scalars) => Message(output =>
    {
        Moment(output, wallTime, step);
        output.WriteTag(Summary, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(summary =>
        {
            foreach ((string tag, double value) in scalars)
            {
                summary.WriteTag(Value, WireFormat.WireType.LengthDelimited);
                summary.WriteBytes(ByteString.CopyFrom(Message(scalar =>
                {
                    scalar.WriteTag(Tag, WireFormat.WireType.LengthDelimited);
                    scalar.WriteString(tag);
                    scalar.WriteTag(SimpleValue, WireFormat.WireType.Fixed32);
                    scalar.WriteFloat((float)value);
                })));
            }
        })));
    });

    private static void Moment(CodedOutputStream output, double wallTime, long step)
    {
        output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        output.WriteDouble(wallTime);
        output.WriteTag(Step, WireFormat.WireType.Varint);
        output.WriteInt64(step);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }
}
