using System.Diagnostics;
using System.Globalization;

namespace Volley.Cli.Tests;

/// <summary>The promise of exact resumption, with real processes and SIGKILL.</summary>
public sealed class KillTests
{
    private const int Kills = 20;

    /// <summary>Enough that a fast and idle machine has not finished before the last kill.</summary>
    private const int Epochs = 75;

    /// <summary>Saved after every step, so that kills meet files that are being replaced all the time.</summary>
    private static readonly string[] Long = ["--set", $"training.epochs={Epochs}", "--checkpoint-every", "0", "--json", "--set", "training.schedule.kind=plateau",
        "--set", "training.augment=[{\"kind\":\"channel-shift\",\"most\":1,\"p\":0.5},\"time-stretch\",\"spike-noise\"]"];

    [Fact]
    public void A_run_killed_twenty_times_ends_with_the_bytes_of_one_never_killed()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("whole", Long)).Succeeds();
        var random = new Random(20);
        int kills = 0, resumed = 0, restarts = 0;
        for (bool finished = false; !finished;)
        {
            bool resume = File.Exists(place["run/recipe.json"]);
            if (!resume && Directory.Exists(place["run"]))
                restarts++;
            string[] args = resume ? ["train", "--resume", "--json", "--checkpoint-every", "0", "--out", place["run"]] : place.Tiny("run", Long);
            using Process tool = Start(args);
            if (kills < Kills)
            {
                // Some kills hit the start-up; the others wait for a few lines first, then for a random part of the next epoch.
                int lines = random.Next(4);
                for (int i = 0; i < lines && tool.StandardOutput.ReadLine() is not null; i++)
                {
                }
                finished = tool.WaitForExit(random.Next(lines == 0 ? 400 : 40));
                if (!finished)
                {
                    tool.Kill();
                    kills++;
                    resumed += resume ? 1 : 0;
                }
            }
            string rest = tool.StandardOutput.ReadToEnd(), error = tool.StandardError.ReadToEnd();
            tool.WaitForExit();
            if (kills == Kills && tool.ExitCode == 0)
                finished = true;
            Assert.True(tool.ExitCode is 0 or 137, string.Create(CultureInfo.InvariantCulture, $"after {kills} kills: exit code {tool.ExitCode}: {error} {rest}"));
            if (finished)
                break;
        }
        Assert.True(kills == Kills && resumed >= Kills / 2, $"{kills} kills, {resumed} of resumed runs, {restarts} restarts: the run is too short for this machine");
        foreach (string file in new[] { "model.safetensors", "checkpoint.safetensors" })
            Assert.True(File.ReadAllBytes(Path.Combine(place["whole"], file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(place["run"], file))), file);
        Assert.Equal(Enumerable.Range(1, Epochs), Runs.EpochMetrics.Read(place["run/metrics.jsonl"]).Select(e => e.Epoch));
        Assert.Equal(Learned("whole"), Learned("run"));
        Assert.Empty(Directory.GetFiles(place["run"], "*.partial"));

        // All but what the machine decides.
        IEnumerable<string> Learned(string run) =>
            Runs.EpochMetrics.Read(place[$"{run}/metrics.jsonl"]).Select(e => Runs.RunJson.Line(e with { Seconds = 0, PeakMemoryMb = null, ResumedAt = null }));
    }

    [Fact]
    public void Ctrl_C_saves_and_says_how_to_go_on()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var place = new Place();
        using Process tool = Start(place.Tiny("run", "--set", "training.epochs=100000", "--json"));
        for (int i = 0; i < 3; i++)
            Assert.NotNull(tool.StandardOutput.ReadLine());
        using (Process kill = Process.Start("kill", ["-INT", tool.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        // A shell starts what it puts in the background deaf to SIGINT, and so would the tool be: fail then, and do not hang.
        using var late = new Timer(_ => tool.Kill(), null, 60_000, Timeout.Infinite);
        string rest = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        Assert.Equal(130, tool.ExitCode);
        Assert.Contains("\"interrupted\"", rest);
        Assert.True(File.Exists(place["run/checkpoint.safetensors"]));
    }

    private static Process Start(string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Volley.Cli.dll"));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }
}
