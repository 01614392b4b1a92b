using Volley.Kernels.Lanes;
using Volley.Nn;

namespace Volley.Tests.Nn;

/// <summary>Readouts and losses in double with derivatives carried along, from their definitions.</summary>
internal static class ReferenceScores
{
    /// <summary>[B][C].</summary>
    public static Dual[][] Read(ReadoutKind kind, DualSequence y)
    {
        var scores = new Dual[y.Batch][];
        for (int b = 0; b < y.Batch; b++)
        {
            scores[b] = new Dual[y.Units];
            int length = y.Length(b);
            for (int t = 0; t < length; t++)
            {
                Dual[] row = Row(y, b, t);
                Dual[] term = kind == ReadoutKind.SumSoftmax ? Softmax(row) : row;
                for (int c = 0; c < y.Units; c++)
                {
                    scores[b][c] = kind switch
                    {
                        ReadoutKind.Last => term[c],
                        ReadoutKind.Max => t == 0 || term[c].Value > scores[b][c].Value ? term[c] : scores[b][c],
                        ReadoutKind.Mean => scores[b][c] + term[c] / Dual.Of(length),
                        _ => scores[b][c] + term[c],
                    };
                }
            }
        }
        return scores;
    }

    /// <summary>Mean over the batch of −Σ q·ln softmax(scores), q = (1 − s)·y + s/C.</summary>
    public static Dual CrossEntropy(Dual[][] scores, Func<int, int, double> target, double smoothing)
    {
        Dual loss = default;
        for (int b = 0; b < scores.Length; b++)
            loss += One(scores[b], b, target, smoothing);
        return loss / Dual.Of(scores.Length);
    }

    /// <summary>(1 − λ)·meanₜ CE(y[t]) + λ·mean (y − target)², meaned over the samples.</summary>
    public static Dual Tet(DualSequence y, Func<int, int, double> target, double smoothing, double lambda, double wanted)
    {
        Dual loss = default;
        for (int b = 0; b < y.Batch; b++)
        {
            Dual entropy = default, error = default;
            for (int t = 0; t < y.Length(b); t++)
            {
                Dual[] row = Row(y, b, t);
                entropy += One(row, b, target, smoothing);
                foreach (Dual value in row)
                    error += (value - Dual.Of(wanted)) * (value - Dual.Of(wanted)) / Dual.Of(y.Units);
            }
            loss += (Dual.Of(1 - lambda) * entropy + Dual.Of(lambda) * error) / Dual.Of(y.Length(b));
        }
        return loss / Dual.Of(y.Batch);
    }

    /// <summary>Mean over the samples of the mean over their labelled steps of the cross entropy; a negative label is none.</summary>
    public static Dual StepCrossEntropy(DualSequence y, int[] labels, double smoothing)
    {
        Dual loss = default;
        for (int b = 0; b < y.Batch; b++)
        {
            Dual entropy = default;
            int labelled = 0;
            for (int t = 0; t < y.Steps; t++)
            {
                int label = labels[b * y.Steps + t];
                if (label < 0)
                    continue;
                labelled++;
                entropy += One(Row(y, b, t), b, (_, c) => c == label ? 1 : 0, smoothing);
            }
            loss += entropy / Dual.Of(labelled);
        }
        return loss / Dual.Of(y.Batch);
    }

    /// <summary>Mean over samples and classes of (count − rate·length)².</summary>
    public static Dual SpikeCount(Dual[][] counts, DualSequence y, int[] labels, double correct, double wrong)
    {
        Dual loss = default;
        for (int b = 0; b < counts.Length; b++)
        {
            for (int c = 0; c < y.Units; c++)
            {
                Dual error = counts[b][c] - Dual.Of((c == labels[b] ? correct : wrong) * y.Length(b));
                loss += error * error / Dual.Of(counts.Length * y.Units);
            }
        }
        return loss;
    }

    private static Dual One(Dual[] z, int b, Func<int, int, double> target, double smoothing)
    {
        Dual[] p = Softmax(z);
        Dual loss = default;
        for (int c = 0; c < z.Length; c++)
        {
            var log = new Dual(Math.Log(p[c].Value), p[c].Tangent / p[c].Value);
            loss -= Dual.Of((1 - smoothing) * target(b, c) + smoothing / z.Length) * log;
        }
        return loss;
    }

    private static Dual[] Softmax(Dual[] z)
    {
        Dual largest = Dual.Of(z.Max(v => v.Value)), sum = default;
        Dual[] e = [.. z.Select(v => Dual.Exp(v - largest))];
        foreach (Dual v in e)
            sum += v;
        return [.. e.Select(v => v / sum)];
    }

    private static Dual[] Row(DualSequence y, int b, int t) => y.Values.AsSpan((b * y.Steps + t) * y.Units, y.Units).ToArray();
}
