using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Data.Download;
using Volley.Recipes.Json;

namespace Volley.Cli.Verbs;

/// <summary><c>volley data download NAME --data DIR</c>.</summary>
internal static class DownloadVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = string.Join(", ", Downloads.Names) };
        Option<string?> data = CommonOptions.Text("--data", "DIR", "Where the files go");
        Option<bool> json = CommonOptions.Json();
        var verb = new Command("download", "Downloads a published data set, checks and unpacks it; what was interrupted goes on") { name, data, json };
        verb.SetAction(parsed => Download(terminal, parsed.GetValue(name)!, parsed.GetValue(data), parsed.GetValue(json)));
        return verb;
    }

    private static int Download(Terminal terminal, string name, string? folder, bool json)
    {
        IReadOnlyList<DownloadFile> files = Downloads.Of(name);
        if (files.Count == 0)
            throw new UsageException($"There is no known address for the data set '{Names.Shown(name)}'; there is one for {string.Join(", ", Downloads.Names)}.");
        if (string.IsNullOrEmpty(folder))
            throw new UsageException($"Pass --data DIR, the folder that {name} goes to.");
        using var downloader = new Downloader();
        foreach (DownloadFile file in files)
        {
            bool done = downloader.Get(file, folder, json ? null : new Lines(terminal), terminal.Interrupted);
            if (json)
                terminal.Out.WriteLine(new JsonObject { ["file"] = file.Result, ["address"] = file.Address.ToString(), ["md5"] = file.Md5, ["downloaded"] = done }.ToJsonString(RunJson.Relaxed));
            else
                terminal.Out.WriteLine(done ? $"{file.Result} is there, and its archive had the published MD5 {file.Md5}." : $"{file.Result} was there already.");
        }
        if (!json)
            terminal.Out.WriteLine($"Next: volley data verify {name} --data {Text.Argument(folder)}");
        return ExitCode.Done;
    }

    /// <summary>A line now and then; on a terminal the same line over and over.</summary>
    private sealed class Lines(Terminal terminal) : IProgress<DownloadProgress>
    {
        private readonly TimeSpan _every = TimeSpan.FromSeconds(terminal.Interactive ? 0.2 : 10);
        private long _last = Stopwatch.GetTimestamp();

        public void Report(DownloadProgress value)
        {
            bool end = value.Bytes == value.Total;
            if (!end && Stopwatch.GetElapsedTime(_last) < _every)
                return;
            _last = Stopwatch.GetTimestamp();
            string total = value.Total is { } bytes ? $" of {Text.Number(bytes / 1e6, "0.0")}" : "";
            string line = $"  {value.File.Name}  {Text.Number(value.Bytes / 1e6, "0.0")}{total} MB";
            if (terminal.Interactive && !end)
                terminal.Out.Write($"\r{line}");
            else
                terminal.Out.WriteLine(terminal.Interactive ? $"\r{line}" : line);
            terminal.Out.Flush();
        }
    }
}
