using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>What a message of an object's header is about; the numbers are the format's.</summary>
internal enum MessageKind
{
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    OldFillValue = 0x04,
    FillValue = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    Filters = 0x0B,
    Continuation = 0x10,
    SymbolTable = 0x11,
}

/// <summary>One message of a header. Its body is opened anew for each reader.</summary>
internal readonly record struct Message(MessageKind Kind, bool Shared, Func<Block> Open);
