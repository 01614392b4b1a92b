using System.Text.Json.Nodes;
using Volley.Cli.Bench;
using Volley.Cli.Runs;
using Volley.Kernels;

namespace Volley.Cli.Tests;

/// <summary>What <c>bench</c> saves, reads back, compares and shows; one group is really run.</summary>
public sealed class BenchTests
{
    private static readonly RunEnvironment s_machine = new("a \"processor\"", 2, "os", "X64", ".NET", "0.1.0", null, 2, "Vector512");

    [Fact]
    public void A_run_is_saved_with_its_machine_and_has_a_page_and_a_chart()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of("bench", "stream", "--threads", "1", "--seconds", "0", "--json", "--out", place["stream.json"]).Succeeds();
        JsonObject file = JsonNode.Parse(File.ReadAllText(place["stream.json"]))!.AsObject();
        Assert.Equal(Environment.ProcessorCount, (int)file["machine"]!["cores"]!);
        Assert.True((double)file["limits"]![0]!["peak_gflops"]! > 0);
        JsonArray cases = file["cases"]!.AsArray();
        Assert.Equal(run.Json.Select(line => line.ToJsonString()), cases.Select(c => c!.ToJsonString()));
        foreach (JsonNode? line in cases)
        {
            Assert.Equal(1, (int)line!["threads"]!);
            Assert.Equal(7, (int)line["runs"]!);
            Assert.Equal((double)line["floor_ms"]! / (double)line["ms_median"]!, (double)line["fraction_of_floor"]!, 1e-3);
            Assert.InRange((double)line["fraction_of_floor"]!, 1e-6, 1.5);
        }
        string page = File.ReadAllText(place["stream.md"]);
        Assert.Contains("![stream](stream.svg)", page);
        Assert.Contains("| stream/lif | 140-256-256-20,1000 steps | 1 |", page);
        Assert.Contains("fraction of the floor", File.ReadAllText(place["stream.svg"]));
        ToolRun.Of("bench", "--compare", place["stream.json"], "--with", place["stream.json"]).Succeeds();
    }

    /// <summary>No case can be made without work, so what is left to hold is that the work is not nothing.</summary>
    [Fact]
    public void Every_case_of_the_cheap_groups_has_a_floor()
    {
        using var cpu = new Cpu();
        foreach (IBenchGroup group in new IBenchGroup[] { new GemmBench(), new NetBench(), new RecurrentBench(), new StreamBench() })
            Assert.All(group.Cases(cpu), bench => Assert.True(new Limits(1, 1).FloorMs(bench.Work) > 0, bench.Name));
    }

    [Fact]
    public void A_set_that_is_read_is_the_set_that_was_written()
    {
        using var place = new Place();
        ResultSet set = Set(Case("psn/training/psn", 3, 2) with { Samples = 5 }, Case("gemm/square", 1e-3, 9e-4) with { Peer = "OpenBLAS" });
        set.Write(place["s.json"]);
        ResultSet back = ResultSet.Read(place["s.json"]);
        Assert.Equal(set.Cases, back.Cases);
        Assert.Equal((set.Format, set.Date, set.Machine), (back.Format, back.Date, back.Machine));
    }

    [Fact]
    public void The_floor_is_the_larger_of_arithmetic_and_traffic_or_their_sum()
    {
        var limits = new Limits(100, 10);
        Assert.Equal(10, limits.FloorMs(new Work(1e9, 5e7, 1)), 1e-9);
        Assert.Equal(20, limits.FloorMs(new Work(1e9, 2e8, 1)), 1e-9);
        Assert.Equal(30, limits.FloorMs(new Work(1e9, 2e8, 1, Sequential: true)), 1e-9);
    }

    /// <summary>Median, minimum and peak of old and new; what the comparison says.</summary>
    [Theory]
    [InlineData(10, 9.8, 100, 10, 9.8, 100, "same")]
    [InlineData(10, 9.8, 100, 10.9, 10.7, 100, "same")]
    [InlineData(10, 9.8, 100, 12, 11.8, 100, "slower")]
    [InlineData(10, 9.8, 100, 8, 7.8, 100, "faster")]
    // A machine of half the speed takes twice as long: no regression. One that takes longer than that is one.
    [InlineData(10, 9.8, 100, 20, 19.6, 50, "same")]
    [InlineData(10, 9.8, 100, 24, 23.6, 50, "slower")]
    // A machine of twice the speed takes half: no progress. Limits alone, which are measured too, make no case slower.
    [InlineData(10, 9.8, 100, 5, 4.9, 200, "same")]
    [InlineData(10, 9.8, 100, 10, 9.8, 200, "same")]
    [InlineData(10, 9.8, 100, 12, 11.8, 200, "slower")]
    // Only the median is slower: something else ran. Or runs lie so far apart that they say nothing.
    [InlineData(10, 8, 100, 13, 10, 100, "same")]
    [InlineData(10, 9.8, 100, 14, 11.5, 100, "same")]
    [InlineData(10, 9.8, 100, 30, 25, 100, "slower")]
    public void Slower_is_what_all_ratios_say_beyond_noise(double oldMedian, double oldMin, double oldPeak, double median, double min, double peak, string verdict)
    {
        var comparison = new Comparison(Set(Case("a/b", oldMedian, oldMin, oldPeak)), Set(Case("a/b", median, min, peak)));
        Assert.Equal(verdict, Assert.Single(comparison.Cases).Verdict);
        Assert.Equal(verdict == "slower" ? 1 : 0, comparison.Summary.Slower);
        Assert.Equal(verdict == "faster" ? 1 : 0, comparison.Summary.Faster);
    }

    /// <summary>A case that counts its work differently now is still compared by its time: the machine is judged by the old work on both sides.</summary>
    [Fact]
    public void A_change_of_the_floor_is_no_change_of_speed()
    {
        CaseResult old = Case("a/b", 10, 10), now = old with { Work = new Work(5e8, 0, 1) };
        ComparedCase compared = Assert.Single(new Comparison(Set(old), Set(now)).Cases);
        Assert.Equal(1, compared.Machine);
        Assert.Equal("same", compared.Verdict);
    }

    [Fact]
    public void The_exit_code_says_that_a_case_got_slower()
    {
        using var place = new Place();
        Set(Case("a/b", 10, 9.8), Case("a/c", 5, 5), Case("a/d", 5, 5), Case("a/b (peer)", 1, 1) with { Peer = "peer" }).Write(place["old.json"]);
        Set(Case("a/b", 15, 14.8), Case("a/c", 5, 5), Case("a/e", 5, 5), Case("a/b (peer)", 9, 9) with { Peer = "peer" }).Write(place["new.json"]);
        ToolRun run = ToolRun.Of("bench", "--compare", place["old.json"], "--with", place["new.json"]);
        Assert.Equal(1, run.Code);
        Assert.Matches(@"(?m)^a/b +N=1 +1 +10\.0 +15\.0 +1\.00 +1\.50 +1\.51 +0\.10 +slower$", run.Out);
        Assert.Contains("Of 2 cases 1 got slower and 0 faster", run.Out);
        Assert.Contains("1 are only in the old set, 1 only in the new one", run.Out);
        ToolRun json = ToolRun.Of("bench", "--json", "--compare", place["old.json"], "--with", place["new.json"]);
        Assert.Equal(1, json.Code);
        Assert.Equal("slower", (string)json.Json[0]["verdict"]!);
        Assert.Equal(1, (int)json.Last["slower"]!);
        ToolRun.Of("bench", "--compare", place["new.json"], "--with", place["old.json"]).Succeeds();
        Set(Case("a/f", 1, 1)).Write(place["other.json"]);
        ToolRun.Of("bench", "--compare", place["old.json"], "--with", place["other.json"]).Fails(1, "no case in common");
        ToolRun.Of("bench", "--compare", place["old.json"]).Fails(1, "no case of a group that can be run");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"volley-bench-1\"}")]
    [InlineData("{\"format\": 1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\": 1}")]
    public void A_file_that_holds_no_results_is_refused(string text)
    {
        using var place = new Place();
        ToolRun.Of("bench", "--compare", place.Write("old.json", text)).Fails(1, "old.json", "no set of benchmark results");
    }

    [Theory]
    [InlineData("\"format\": \"volley-bench-1\"", "\"format\": \"other\"", "expected 'volley-bench-1'")]
    [InlineData("\"ms_median\":10", "\"ms_median\":-10", "case 1")]
    [InlineData("\"ms_median\":10", "\"ms_median\":1e999", "case 1")]
    [InlineData("\"ms_median\":10", "\"ms_median\":\"NaN\"", "ms_median")]
    [InlineData("\"ms_min\":9", "\"ms_min\":0", "case 1")]
    [InlineData("\"threads\":1,\"ms", "\"threads\":0,\"ms", "0 threads")]
    [InlineData("\"peak_gflops\":100,\"bandwidth_gbs\":10}", "\"peak_gflops\":0,\"bandwidth_gbs\":10}", "limits")]
    [InlineData("\"flops\":1000000000", "\"flops\":-1", "work")]
    [InlineData("\"flops\":1000000000", "\"flops\":0", "work")]
    [InlineData("\"case\":\"a/b\"", "\"case\":\"a\\u001b[2J\"", "control")]
    [InlineData("\"case\":\"a/b\"", "\"case\":null", "case")]
    [InlineData("\"case\":\"a/b\"", "\"case\":\"a\"", "GROUP/NAME")]
    [InlineData("\"os\":\"os\"", "\"os\":\"o\\ns\"", "machine")]
    [InlineData("\"work\":{", "\"work\":null,\"w\":{", "work")]
    [InlineData("\"cases\": [", "\"cases\": [null,", "case 1 is null")]
    [InlineData("\"a/c\"", "\"a/b\"", "case 2 is there twice")]
    public void A_hostile_set_is_one_sentence(string good, string bad, string words)
    {
        using var place = new Place();
        Set(Case("a/b", 10, 9), Case("a/c", 10, 9)).Write(place["old.json"]);
        string text = File.ReadAllText(place["old.json"]);
        Assert.Contains(good, text);
        ToolRun.Of("bench", "--compare", place.Write("old.json", text.Replace(good, bad, StringComparison.Ordinal))).Fails(1, "old.json", words);
    }

    [Fact]
    public void Whatever_byte_is_wrong_a_set_is_read_or_refused()
    {
        using var place = new Place();
        Set(Case("a/b", 10, 9), Case("a/c", 10, 9)).Write(place["s.json"]);
        byte[] good = File.ReadAllBytes(place["s.json"]);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (i % 4 == 0)
                bad = bad[..random.Next(bad.Length)];
            File.WriteAllBytes(place["s.json"], bad);
            try
            {
                ResultSet.Read(place["s.json"]);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 500, 1999);
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        using var place = new Place();
        using (var file = new FileStream(place["old.json"], FileMode.CreateNew))
            file.SetLength(1L << 34);
        ToolRun.Of("bench", "--compare", place["old.json"]).Fails(1, "larger than 32 MiB");
        ToolRun.Of("bench", "--compare", place["none.json"]).Fails(1, "There is no file");
        ToolRun.Of("bench", "--compare", place.Root).Fails(1, "There is no file");
    }

    [Theory]
    [InlineData("bench stream --out x.md", "ends in .json")]
    [InlineData("bench stream --out no/such/x.json", "create it first")]
    [InlineData("bench --with x.json", "--with needs --compare")]
    [InlineData("bench stream --results x", "GROUP means nothing beside --results")]
    [InlineData("bench --results x --json", "--json means nothing beside --results")]
    [InlineData("bench --seconds -1", "--seconds is '-1'")]
    public void Says_what_is_wrong(string line, string words) => ToolRun.Of(line.Split(' ')).Fails(2, words);

    [Fact]
    public void Pages_keep_what_people_wrote_around_the_marks()
    {
        using var place = new Place();
        Directory.CreateDirectory(place["cpu"]);
        Set(Case("a/b", 10, 9)).Write(place["cpu/a.json"]);
        ToolRun.Of("bench", "--results", place.Root).Succeeds();
        string page = File.ReadAllText(place["cpu/a.md"]), index = File.ReadAllText(place["README.md"]);
        Assert.Contains("[cpu/a](cpu/a.md)", index);
        Assert.Contains("![cpu](cpu/overview.svg)", index);
        Assert.Equal("", ToolRun.Of("bench", "--results", place.Root).Succeeds().Out);

        File.WriteAllText(place["cpu/a.md"], "Mine.\n" + page.Replace("10.0", "11.0", StringComparison.Ordinal) + "\nMine too.\n");
        Assert.Equal($"wrote {place["cpu/a.md"]}\n", ToolRun.Of("bench", "--results", place.Root).Succeeds().Out);
        Assert.Equal("Mine.\n" + page + "\nMine too.\n", File.ReadAllText(place["cpu/a.md"]));
        File.WriteAllText(place["cpu/a.md"], "Mine.\n");
        ToolRun.Of("bench", "--results", place.Root).Fails(1, "a.md", "needs the lines");
        Assert.Equal("Mine.\n", File.ReadAllText(place["cpu/a.md"]));
        ToolRun.Of("bench", "--results", place["none"]).Fails(1, "There is no folder");
    }

    /// <summary>The parallel neurons' charts are made from a saved set as from a run.</summary>
    [Fact]
    public void Charts_of_a_group_come_from_saved_results()
    {
        CaseResult Psn(string neuron, double ms) => Case($"psn/training/{neuron}", ms, ms) with { Shape = "N=256,T=2" };
        (string Name, string Svg)[] charts = [.. ResultPage.Charts("psn", Set(Psn("lif", 3), Psn("lif-steps", 6), Psn("psn", 2)))];
        Assert.Equal(["psn.svg", "psn-inference-lif-steps-1.svg", "psn-inference-lif-1.svg", "psn-training-lif-steps-1.svg", "psn-training-lif-1.svg"], charts.Select(c => c.Name));
        Assert.Contains("T = 2", charts[4].Svg);
    }

    private static CaseResult Case(string name, double median, double min, double peak = 100) => new(name, "N=1", 1, median, min, 7, 0, new Work(1e9, 0, 1), new Limits(peak, 10));

    private static ResultSet Set(params CaseResult[] cases) => new(ResultSet.CurrentFormat, "2026-11-28", s_machine, cases);
}
