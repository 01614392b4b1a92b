using Volley.Recipes;
using Volley.Training;

namespace Volley.Cli;

/// <summary>Every failure ends as one sentence on standard error and an exit code; a stack trace is for <c>VOLLEY_DEBUG=1</c>.</summary>
internal static class Failures
{
    public static int Report(Exception failure, TextWriter error)
    {
        (string sentence, int code) = Explain(failure);
        error.WriteLine($"volley: {OneLine(sentence)}");
        if (Environment.GetEnvironmentVariable("VOLLEY_DEBUG") == "1")
            error.WriteLine(failure);
        return code;
    }

    private static (string Sentence, int Code) Explain(Exception failure) => failure switch
    {
        UsageException or RecipeException => (failure.Message, ExitCode.WrongUsage),
        OperationCanceledException => ("Interrupted.", ExitCode.Interrupted),
        TrainingFailedException or InvalidDataException or NotSupportedException => (failure.Message, ExitCode.Failed),
        EndOfStreamException => ($"A file ends too early: {failure.Message}", ExitCode.Failed),
        IOException or UnauthorizedAccessException => (failure.Message, ExitCode.Failed),
        OutOfMemoryException => ("There is not enough memory for this network and batch; make training.batch or the network smaller.", ExitCode.Failed),
        _ => ($"This is a bug in Volley ({failure.GetType().Name}: {failure.Message}); please report it with the command that you ran and what VOLLEY_DEBUG=1 adds.",
            ExitCode.Failed),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
