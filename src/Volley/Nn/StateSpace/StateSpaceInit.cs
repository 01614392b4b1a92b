using System.Collections.Concurrent;

namespace Volley.Nn.StateSpace;

/// <summary>Where the imaginary parts of A start; the real parts start at −½. N states are N/2 modes and their conjugates.</summary>
public enum StateSpaceInit
{
    /// <summary>S4D-Inv: Im Aₙ = (N/π)·(N/(2n + 1) − 1) (Gu et al. 2022).</summary>
    Inverse,

    /// <summary>S4D-Lin: Im Aₙ = π·n.</summary>
    Linear,

    /// <summary>S4D-LegS: the imaginary parts of the eigenvalues of the normal part of HiPPO-LegS.</summary>
    LegS,

    /// <summary>Im Aₙ = (1 + 2n)²/π.</summary>
    Quadratic,
}

/// <summary>The frequencies that a <see cref="StateSpaceInit"/> stands for.</summary>
public static class StateSpaceFrequencies
{
    /// <summary>The eigenvalues of <see cref="StateSpaceInit.LegS"/> are found in a time that grows with the cube of the states: a second for as many.</summary>
    public const int MostLegSStates = 256;

    // Every layer of a network asks for the same.
    private static readonly ConcurrentDictionary<int, double[]> s_legS = new();

    /// <summary>Im Aₙ for n below <paramref name="modes"/>, in radians a unit of time.</summary>
    /// <param name="init">Which.</param>
    /// <param name="modes">N/2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no modes, or more than <see cref="StateSpaceInit.LegS"/> takes.</exception>
    public static double[] Of(StateSpaceInit init, int modes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(modes);
        if (init == StateSpaceInit.LegS)
        {
            if (modes > MostLegSStates / 2)
                throw new ArgumentOutOfRangeException(nameof(modes), modes, $"LegS takes at most {MostLegSStates} states.");
            return [.. s_legS.GetOrAdd(2 * modes, LegS)];
        }
        double states = 2.0 * modes;
        var frequencies = new double[modes];
        for (int n = 0; n < modes; n++)
        {
            frequencies[n] = init switch
            {
                StateSpaceInit.Inverse => states / Math.PI * (states / (2 * n + 1) - 1),
                StateSpaceInit.Linear => Math.PI * n,
                _ => (1 + 2.0 * n) * (1 + 2 * n) / Math.PI,
            };
        }
        return frequencies;
    }

    /// <summary>The normal part of HiPPO-LegS is −½·I + S with Sₙₖ = ∓½·√(2n + 1)·√(2k + 1), skew-symmetric: its eigenvalues are pairs ±iω, and −S² has each ω² twice.</summary>
    private static double[] LegS(int n)
    {
        double[,] skew = new double[n, n], square = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < n; k++)
                skew[i, k] = i == k ? 0 : Math.Sqrt((2.0 * i + 1) * (2.0 * k + 1)) / (i > k ? -2 : 2);
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++)
                    square[i, j] += skew[i, k] * skew[j, k];
            }
        }
        double[] values = Eigenvalues(square);
        Array.Sort(values);
        // The two of a pair differ by rounding alone.
        return [.. Enumerable.Range(0, n / 2).Select(i => Math.Sqrt(Math.Max(0, (values[2 * i] + values[2 * i + 1]) / 2)))];
    }

    /// <summary>Eigenvalues of a symmetric matrix by Jacobi's rotations (1846), which keep small ones accurate; destroys the matrix.</summary>
    private static double[] Eigenvalues(double[,] a)
    {
        int n = a.GetLength(0);
        const int MostSweeps = 50;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool turned = false;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    turned |= Rotate(a, p, q);
            }
            if (!turned)
                break;
        }
        return [.. Enumerable.Range(0, n).Select(i => a[i, i])];
    }

    private static bool Rotate(double[,] a, int p, int q)
    {
        int n = a.GetLength(0);
        if (Math.Abs(a[p, q]) <= 1e-17 * Math.Sqrt(Math.Abs(a[p, p] * a[q, q])))
            return false;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1)), c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        return true;
    }
}
