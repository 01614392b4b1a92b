namespace Volley.Cli;

/// <summary>How the tool ends.</summary>
internal static class ExitCode
{
    public const int Done = 0, Failed = 1, WrongUsage = 2, Interrupted = 130;
}
