namespace Volley.Kernels;

/// <summary>Work on a range of rows; a struct, so that the call is inlined and nothing is allocated. Its fields hold pointers and sizes.</summary>
public interface IRows
{
    /// <summary>Does rows <paramref name="start"/> … <paramref name="end"/> − 1.</summary>
    void Run(int start, int end);
}

/// <summary>The one place that spreads work over threads.</summary>
public static class Rows
{
    /// <summary>Runs <paramref name="body"/> over 0 … <paramref name="count"/> − 1 in chunks of <paramref name="grain"/> rows, on the threads of
    /// <paramref name="cpu"/>, and returns when all are done.</summary>
    /// <remarks>Which thread takes which chunk is not fixed, so a body writes only what belongs to its rows.</remarks>
    public static void For<TBody>(Cpu cpu, int count, int grain, TBody body) where TBody : struct, IRows
    {
        if (count <= 0)
            return;
        grain = Math.Max(grain, 1);
        if (cpu.Workers is { } workers && count > grain && workers.TryRun(count, grain, body))
            return;
        body.Run(0, count);
    }

    /// <summary>A grain that gives each thread a few chunks to balance the load, but no chunk below <paramref name="least"/> rows.</summary>
    public static int Grain(Cpu cpu, int count, int least = 1) =>
        Math.Max(least, (count + cpu.Threads * 4 - 1) / (cpu.Threads * 4));
}
