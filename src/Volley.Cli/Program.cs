using System.Runtime.InteropServices;
using System.Text;
using Volley.Cli;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var interrupted = new CancellationTokenSource();

// The first signal asks for a tidy end; a second one ends the process at once.
void Interrupt(PosixSignalContext context)
{
    if (interrupted.IsCancellationRequested)
        return;
    context.Cancel = true;
    interrupted.Cancel();
}

using PosixSignalRegistration ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
bool interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
return Tool.Run(args, new Terminal(Console.Out, Console.Error, interactive, interrupted.Token));
