using System.Reflection;
using System.Runtime.InteropServices;
using Volley.Kernels;

namespace Volley.Cli.Runs;

/// <summary>The machine and the software of a run: what a reader needs to judge its times. The numbers learned do not depend on it.</summary>
internal sealed record RunEnvironment(
    string Cpu, int Cores, string Os, string Architecture, string Dotnet, string Volley, string? Commit, int Threads, string Width)
{
    public static RunEnvironment Of(Cpu cpu)
    {
        string[] version = (Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+');
        return new RunEnvironment(
            CpuName(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(),
            RuntimeInformation.FrameworkDescription, version[0], version.Length > 1 ? version[1] : null, cpu.Threads, cpu.Width.ToString());
    }

    /// <summary>Peak memory of this process in MB.</summary>
    public static double PeakMemoryMb()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / (1024.0 * 1024), 1);
    }

    private static string CpuName()
    {
        try
        {
            const string field = "model name";
            string? line = OperatingSystem.IsLinux()
                ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))
                : null;
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
                ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
