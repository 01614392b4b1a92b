namespace Volley.Kernels.Tests;

public unsafe class RowsTests
{
    private struct Count(int* counts) : IRows
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
                counts[i]++;
        }
    }

    private struct Fail : IRows
    {
        public readonly void Run(int start, int end) => throw new InvalidOperationException("row");
    }

    [Fact]
    public void EveryRowIsDoneOnceOverManyRuns()
    {
        using var cpu = new Cpu(4);
        var counts = new int[1000];
        fixed (int* p = counts)
        {
            for (int run = 0; run < 2000; run++)
                Rows.For(cpu, 1 + run % 1000, 1 + run % 7, new Count(p));
        }
        var expected = new int[1000];
        for (int run = 0; run < 2000; run++)
        {
            for (int i = 0; i < 1 + run % 1000; i++)
                expected[i]++;
        }
        Assert.Equal(expected, counts);
    }

    [Fact]
    public void AFailureReachesTheCallerAndTheNextRunWorks()
    {
        using var cpu = new Cpu(3);
        Assert.Throws<InvalidOperationException>(() => Rows.For(cpu, 100, 1, new Fail()));
        var counts = new int[10];
        fixed (int* p = counts)
            Rows.For(cpu, 10, 1, new Count(p));
        Assert.All(counts, c => Assert.Equal(1, c));
    }

    [Fact]
    public void ZeroThreadsAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Cpu(0));
}
