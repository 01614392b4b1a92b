using Volley.Kernels;

namespace Volley.Data.Tests;

/// <summary>Samples as [steps][units] arrays, spikes as 0 and 1, so that one naive reference serves both kinds.</summary>
internal static class SampleGrid
{
    public static readonly int[] Steps = [1, 2, 7, 40], Units = [1, 2, 63, 64, 65, 130];

    /// <summary>Every kind, number of steps and number of units.</summary>
    public static TheoryData<SampleKind, int, int> Sizes(params SampleKind[] kinds)
    {
        var sizes = new TheoryData<SampleKind, int, int>();
        foreach (SampleKind kind in kinds)
        {
            foreach (int steps in Steps)
            {
                foreach (int units in Units)
                    sizes.Add(kind, steps, units);
            }
        }
        return sizes;
    }

    public static DatasetInfo Info(SampleKind kind, int units, int maxSteps) => new("grid", kind, units, maxSteps, 2, ["0", "1"]);

    public static float[][] Random(SampleKind kind, int steps, int units, int seed = 1, double density = 0.4)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, steps).Select(_ => Enumerable.Range(0, units)
            .Select(_ => kind == SampleKind.Spikes ? random.NextDouble() < density ? 1f : 0 : (float)(4 * random.NextDouble() - 1)).ToArray())];
    }

    public static float[][] Zeros(int steps, int units) => [.. Enumerable.Range(0, steps).Select(_ => new float[units])];

    /// <summary>The sample in a buffer whose memory was dirty before.</summary>
    public static SampleBuffer Load(SampleKind kind, float[][] grid, int maxSteps, Cpu cpu)
    {
        int units = grid[0].Length;
        var buffer = new SampleBuffer(Info(kind, units, maxSteps), cpu);
        if (kind == SampleKind.Values)
            buffer.OtherValues(maxSteps).Fill(float.NaN);
        else
            buffer.OtherBits(maxSteps).Fill(ulong.MaxValue);
        buffer.Begin(grid.Length);
        for (int t = 0; t < grid.Length; t++)
        {
            for (int c = 0; c < units; c++)
            {
                if (kind == SampleKind.Values)
                    buffer.Values[t * units + c] = grid[t][c];
                else if (grid[t][c] != 0)
                    buffer.Bits[t * buffer.WordsPerStep + c / 64] |= 1UL << c % 64;
            }
        }
        return buffer;
    }

    /// <summary>What the buffer holds; bits beyond the units must be 0.</summary>
    public static float[][] Read(SampleBuffer buffer)
    {
        int units = buffer.Info.Units;
        float[][] grid = Zeros(buffer.Steps, units);
        for (int t = 0; t < grid.Length; t++)
        {
            if (buffer.Info.Kind == SampleKind.Values)
            {
                buffer.Values.Slice(t * units, units).CopyTo(grid[t]);
                continue;
            }
            for (int c = 0; c < 64 * buffer.WordsPerStep; c++)
            {
                bool set = (buffer.Bits[t * buffer.WordsPerStep + c / 64] >> c % 64 & 1) == 1;
                if (set && c >= units)
                    Assert.Fail($"a spike behind the units at step {t}, bit {c}");
                if (set)
                    grid[t][c] = 1;
            }
        }
        return grid;
    }

    public static float[][] Apply(Augmentation augmentation, SampleKind kind, float[][] grid, Rng random, int? maxSteps = null)
    {
        using var cpu = new Cpu();
        SampleBuffer buffer = Load(kind, grid, maxSteps ?? grid.Length, cpu);
        Assert.Null(augmentation.Problem(buffer.Info));
        augmentation.Apply(buffer, random);
        return Read(buffer);
    }

    public static double Mean(float[][] grid) => grid.SelectMany(row => row).Average(v => (double)v);

    public static float Least(float[][] grid) => grid.SelectMany(row => row).Min();
}
