namespace Volley.Cli;

/// <summary>What the tool talks to: nothing in it reaches for the console by itself.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and warnings.</param>
/// <param name="Interactive">True where <paramref name="Out"/> is a terminal that can redraw lines.</param>
/// <param name="Interrupted">Cancelled by Ctrl-C: finish the step, save, end.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Interactive, CancellationToken Interrupted)
{
    public void Warn(string sentence) => Error.WriteLine($"warning: {sentence}");
}
