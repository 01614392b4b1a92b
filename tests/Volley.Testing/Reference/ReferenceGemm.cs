namespace Volley.Testing.Reference;

/// <summary>The dense product, naively: in double precision, and as the chain of float operations that the kernel promises.</summary>
public static class ReferenceGemm
{
    /// <summary>C[m, n] = (C or 0) + op(A)·op(B) + bias in double precision.</summary>
    public static double[] Multiply(
        float[] a, float[] b, float[] c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, float[] bias)
    {
        var result = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = accumulate ? c[i * n + j] : 0;
                for (int p = 0; p < k; p++)
                    sum += (double)a[transposeA ? p * m + i : i * k + p] * b[transposeB ? j * k + p : p * n + j];
                result[i * n + j] = sum + (bias.Length > 0 ? bias[j] : 0);
            }
        }
        return result;
    }

    /// <summary>The same in float: one fused multiply-add an input, in ascending order, the bias last. The kernel gives exactly these bits.</summary>
    public static float[] Chain(
        float[] a, float[] b, float[] c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, float[] bias)
    {
        var result = new float[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = accumulate ? c[i * n + j] : 0;
                for (int p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(a[transposeA ? p * m + i : i * k + p], b[transposeB ? j * k + p : p * n + j], sum);
                result[i * n + j] = bias.Length > 0 ? sum + bias[j] : sum;
            }
        }
        return result;
    }
}
