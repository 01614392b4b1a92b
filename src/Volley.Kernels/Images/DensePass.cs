using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>A convolution as a product with packed weights: windows of padded bands are the rows of a matrix.</summary>
/// <param name="bands">How the window slides; its channels are those of one group.</param>
/// <param name="source">What it slides over.</param>
/// <param name="y">[images, output H, output W, outputs]</param>
/// <param name="bias">[outputs], or null.</param>
/// <param name="images">Images.</param>
/// <param name="outputs">Channels of y.</param>
/// <param name="groupOutputs">Those of one group.</param>
/// <param name="groups">Groups.</param>
internal readonly unsafe struct DensePass(Bands bands, PixelSource source, float* y, float* bias, int images, int outputs, int groupOutputs, int groups)
{
    // The weights that one row of the kernel takes, for some outputs: half of a second-level cache.
    private const int WeightFloats = 128 * 1024;

    /// <summary>Inputs that an output sees: rows of the weights.</summary>
    private readonly int _depth = bands.KernelHeight * bands.KernelWidth * bands.Channels;

    /// <summary>Floats that the packed weights of one group take, a multiple of 16.</summary>
    public nint PackedFloats => GemmPack.Size(_depth, groupOutputs);

    /// <summary>Packs the weights of a group, [depth, outputs of the group] with rows <paramref name="stride"/> apart.</summary>
    public void Pack(Cpu cpu, float* w, int stride, float* packed)
    {
        var pack = new Packing(w, stride, _depth, groupOutputs, packed);
        cpu.Dispatch(ref pack);
    }

    /// <summary>Writes y.</summary>
    /// <param name="packed">The packed weights of all groups.</param>
    public void Run(Cpu cpu, float* packed)
    {
        var work = new Work(cpu, this, packed);
        cpu.Dispatch(ref work);
    }

    private readonly struct Packing(float* w, int stride, int depth, int columns, float* packed) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L> => GemmPack.B<L>(w, stride, depth, columns, packed);
    }

    private readonly struct Work(Cpu cpu, DensePass pass, float* packed) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int units = pass.Units;
            Rows.For(cpu, units, Rows.Grain(cpu, units, Math.Min(pass.Together, (units + cpu.Threads - 1) / cpu.Threads)), new UnitRows<L>(pass, packed));
        }
    }

    private int Units => images * bands.PerImage;

    private int Together => bands.Together;

    /// <summary>Bands of images, on one thread.</summary>
    private readonly struct UnitRows<L>(DensePass pass, float* packed) : IRows where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            float* scratch = Scratch.Floats(GemmBlock.EdgeFloats + pass.Together * pass.CopyFloats), copies = scratch + GemmBlock.EdgeFloats;
            new Span<float>(scratch, GemmBlock.EdgeFloats).Clear();
            for (int unit = start; unit < end; unit += pass.Together)
                pass.Group<L>(unit, Math.Min(pass.Together, end - unit), packed, scratch, copies);
        }
    }

    private nint CopyFloats => bands.CopyFloats;

    private void Group<L>(int first, int count, float* packed, float* scratch, float* copies) where L : struct, IVectorLane<L>
    {
        int slice = bands.KernelWidth * bands.Channels;
        int columns = Math.Min(groupOutputs, Math.Max(GemmPack.PanelColumns, WeightFloats / slice / GemmPack.PanelColumns * GemmPack.PanelColumns));
        for (int g = 0; g < groups; g++)
        {
            for (int u = 0; u < count; u++)
                bands.Copy<L>(source, (first + u) / bands.PerImage, (first + u) % bands.PerImage, g * bands.Channels, copies + u * bands.CopyFloats);
            for (int j = 0; j < groupOutputs; j += columns)
            {
                var panels = new GemmBlock.Panels { B = packed + g * PackedFloats + j * (nint)_depth, Depth = _depth, Columns = Math.Min(columns, groupOutputs - j) };
                for (int tap = 0; tap < bands.KernelHeight; tap++, panels.FirstRow += slice)
                {
                    for (int u = 0; u < count; u++)
                        TapRows<L>(first + u, tap, copies + u * bands.CopyFloats, g * groupOutputs + j, panels, scratch);
                }
            }
        }
    }

    /// <summary>What row <paramref name="tap"/> of the kernel adds to a band of the output, in some of its channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TapRows<L>(int unit, int tap, float* copy, int column, in GemmBlock.Panels panels, float* scratch) where L : struct, IVectorLane<L>
    {
        int band = unit % bands.PerImage, firstRow = bands.FirstRow(band), rows = bands.Rows(band), width = bands.OutputWidth;
        nint image = unit / bands.PerImage;
        for (int r = 0; r < rows; r++)
        {
            int row = firstRow + r;
            (int first, int last) = bands.Seen(row);
            // A row that sees nothing is the bias alone: a product of depth 0.
            bool blind = last < 0;
            if (blind ? tap != 0 : bands.SourceRow(row, tap) < 0)
                continue;
            var strip = new GemmBlock.Strip
            {
                ARow = (nint)bands.StrideWidth * bands.Channels,
                AStep = 1,
                CRow = outputs,
                K = blind ? 0 : bands.KernelWidth * bands.Channels,
                Accumulate = !blind && tap > first,
                Bias = bias is not null && (blind || tap == last) ? bias + column : null,
            };
            float* a = copy + (r * bands.StrideHeight + tap) * bands.RowFloats, c = y + ((image * bands.OutputHeight + row) * width) * outputs + column;
            for (int i = 0; i < width; i += strip.Rows)
            {
                strip.A = a + i * strip.ARow;
                strip.C = c + (nint)i * outputs;
                strip.Rows = GemmBlock.PanelRows(width - i);
                GemmBlock.Multiply<L>(strip, panels, scratch);
            }
        }
    }
}
