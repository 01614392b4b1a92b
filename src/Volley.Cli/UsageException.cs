namespace Volley.Cli;

/// <summary>The command line asks for something that makes no sense; one sentence says what and what would.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
