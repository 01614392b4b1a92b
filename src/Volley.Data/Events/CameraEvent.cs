namespace Volley.Data;

/// <summary>A change of brightness that an event camera saw in one pixel.</summary>
/// <param name="Time">Microseconds, from any origin.</param>
/// <param name="X">Column, from 0.</param>
/// <param name="Y">Row, from 0.</param>
/// <param name="On">Whether the pixel became brighter.</param>
public readonly record struct CameraEvent(long Time, ushort X, ushort Y, bool On);
