using Volley.Kernels;

namespace Volley.Testing.Reference;

/// <summary>Spike matrices for tests, their expansion bit by bit, and the products of dense matrices: in double precision (what is right)
/// and as the chains of float fused multiply-adds of design.md "Bits" (which bits).</summary>
public static class SpikeReference
{
    /// <summary>What a <see cref="SpikeMatrix"/> is made of.</summary>
    public sealed record Spikes(ulong[] Bits, float[] Values, ulong[] Negative, float Scale, int Rows, int Columns)
    {
        public SpikeMatrix Matrix => new(Bits, Rows, Columns, Scale, Values, Negative);

        /// <summary>The dense matrix, by the definition of the bit layout.</summary>
        public float[] Expand()
        {
            int words = (Columns + 63) / 64;
            var dense = new float[Rows * Columns];
            for (int r = 0; r < Rows; r++)
            {
                for (int c = 0; c < Columns; c++)
                {
                    bool set = (Bits[r * words + c / 64] >> (c % 64) & 1) == 1;
                    bool minus = Negative.Length > 0 && (Negative[r * words + c / 64] >> (c % 64) & 1) == 1;
                    dense[r * Columns + c] = !set ? 0 : Values.Length > 0 ? Scale * Values[r * Columns + c] : minus ? -Scale : Scale;
                }
            }
            return dense;
        }
    }

    /// <summary>Random spikes; kind "bits", "values" or "ternary". Values where there is no spike are NaN, so that nobody reads them unpunished.</summary>
    public static Spikes Random(int rows, int columns, double density, string kind, int seed)
    {
        var random = new Random(seed);
        int words = (columns + 63) / 64;
        var bits = new ulong[rows * words];
        ulong[] negative = kind == "ternary" ? new ulong[rows * words] : [];
        float[] values = kind == "values" ? new float[rows * columns] : [];
        Array.Fill(values, float.NaN);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                ulong bit = 1ul << (c % 64);
                if (negative.Length > 0 && random.Next(2) == 0)
                    negative[r * words + c / 64] |= bit;
                if (random.NextDouble() >= density)
                    continue;
                bits[r * words + c / 64] |= bit;
                if (values.Length > 0)
                    values[r * columns + c] = random.Next(1, 5) * 0.7f;
            }
        }
        return new Spikes(bits, values, negative, kind == "bits" && seed % 2 == 0 ? 1 : 1.25f, rows, columns);
    }

    public static float[] RandomFloats(int length, int seed)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1);
        return values;
    }

    /// <summary>result[i, j] = start[i, j] + Σ_k a(i, k) · b(k, j), and the sum of the terms' sizes, in double precision.</summary>
    public static (double[] Sum, double[] Size) Multiply(int rows, int inner, int columns, Func<int, int, float> a, Func<int, int, float> b, float[] start)
    {
        var sum = new double[rows * columns];
        var size = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double s = start[i * columns + j], t = Math.Abs(s);
                for (int k = 0; k < inner; k++)
                {
                    double term = (double)a(i, k) * b(k, j);
                    s += term;
                    t += Math.Abs(term);
                }
                (sum[i * columns + j], size[i * columns + j]) = (s, t);
            }
        }
        return (sum, size);
    }

    /// <summary>The same product as one float chain of fused multiply-adds, k ascending from start.</summary>
    public static float[] Chain(int rows, int inner, int columns, Func<int, int, float> a, Func<int, int, float> b, float[] start)
    {
        var result = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float s = start[i * columns + j];
                for (int k = 0; k < inner; k++)
                    s = MathF.FusedMultiplyAdd(a(i, k), b(k, j), s);
                result[i * columns + j] = s;
            }
        }
        return result;
    }
}
