using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Cuts C into a grid of cells, one piece of work each; the inner dimension is never cut, so the grid changes no bit.</summary>
internal readonly struct GemmGrid
{
    // Waking the workers costs about as much as this many multiply-adds.
    private const long LeastWork = 1 << 18;

    // Multiply-adds that packing one element costs, beside them: a cell packs all of the rows of A and the columns of B that it needs.
    private const long PackCost = 24;

    public int Down { get; }
    public int Across { get; }
    public int CellRows { get; }
    public int CellColumns { get; }

    public int Cells => Down * Across;

    public GemmGrid(int threads, int m, int n, int k)
    {
        (Down, Across, CellRows, CellColumns) = (1, 1, m, n);
        if (threads == 1 || (long)m * n * k < 2 * LeastWork)
            return;
        long best = long.MaxValue;
        int most = (int)Math.Min(4L * threads, (long)m * n * k / LeastWork);
        for (int down = 1; down <= most; down++)
        {
            int rows = RoundUp((m + down - 1) / down, 12);
            if ((m + rows - 1) / rows < down)
                continue;
            for (int across = 1; down * across <= most; across++)
            {
                int columns = RoundUp((n + across - 1) / across, GemmPack.PanelColumns);
                if ((n + columns - 1) / columns < across)
                    continue;
                long cell = ((long)rows * columns + PackCost * (rows + columns)) * k;
                int turns = (down * across + threads - 1) / threads;
                // The last part: threads end at different moments, by a fraction of a cell.
                long cost = turns * cell + cell / 8;
                if (cost < best)
                    (best, Down, Across, CellRows, CellColumns) = (cost, down, across, rows, columns);
            }
        }
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;
}

/// <summary>The cells of a product at one lane width.</summary>
internal readonly struct GemmCells<L>(GemmOperands operands, GemmGrid grid) : IRows where L : struct, IVectorLane<L>
{
    public void Run(int start, int end)
    {
        for (int cell = start; cell < end; cell++)
        {
            int i = cell / grid.Across * grid.CellRows, j = cell % grid.Across * grid.CellColumns;
            GemmBlock.Run<L>(operands, i, Math.Min(i + grid.CellRows, operands.M), j, Math.Min(j + grid.CellColumns, operands.N));
        }
    }
}

/// <summary>A product, for whichever width the machine has.</summary>
internal readonly struct GemmWork(Cpu cpu, GemmOperands operands) : IWidthBody
{
    public void Run<L>() where L : struct, IVectorLane<L>
    {
        if (operands.M == 0 || operands.N == 0)
            return;
        var grid = new GemmGrid(cpu.Threads, operands.M, operands.N, operands.K);
        Rows.For(cpu, grid.Cells, 1, new GemmCells<L>(operands, grid));
    }
}
