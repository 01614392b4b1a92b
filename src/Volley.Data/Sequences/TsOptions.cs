namespace Volley.Data;

/// <summary>How a set of the UEA archive is read; its parts are given, so that test share and speakers have nothing to choose.</summary>
public sealed record TsOptions : RecordingOptions;
