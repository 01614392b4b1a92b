using Volley.Autograd;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>Which test samples a report shows: two that the network was most sure about and wrong, of different classes where there are any, and for each a sample of the same class that it recognised.</summary>
internal static class SampleChoice
{
    private const int Wrong = 2, All = 4;

    /// <summary>Wrong samples whose confidence is looked at; evenly chosen where there are more.</summary>
    private const int MostCandidates = 64;

    /// <summary>Indices of at most four samples: recognised ones first.</summary>
    /// <param name="model">The network.</param>
    /// <param name="cpu">Runs it.</param>
    /// <param name="part">The samples.</param>
    /// <param name="predictions">The predicted class of each sample, or of each of its steps where those have labels.</param>
    public static int[] Of(Model model, Cpu cpu, IDataset part, IReadOnlyList<int> predictions)
    {
        if (part.Info.LabelsSteps)
            return OfSteps(part, predictions);
        int[] wrong = [.. Enumerable.Range(0, part.Count).Where(i => predictions[i] != part.Label(i))];
        int[] sure = MostConfident(model, cpu, part, wrong);
        var right = new List<int>();
        foreach (int i in sure)
            AddRight(part.Label(i));
        for (int c = 0; c < part.Info.Classes && right.Count + sure.Length < All; c++)
            AddRight(c);
        return [.. right.Order(), .. sure];

        // Of one class the first; where it has none, nothing.
        void AddRight(int label)
        {
            int first = Enumerable.Range(0, part.Count).FirstOrDefault(i => part.Label(i) == label && predictions[i] == label && !right.Contains(i), -1);
            if (first >= 0 && right.Count + sure.Length < All)
                right.Add(first);
        }
    }

    /// <summary>The candidates with the largest softmax score of a wrong class.</summary>
    private static int[] MostConfident(Model model, Cpu cpu, IDataset part, int[] wrong)
    {
        int count = Math.Min(wrong.Length, MostCandidates);
        if (count <= Wrong)
            return wrong;
        int[] candidates = [.. Enumerable.Range(0, count).Select(i => wrong[(int)((long)i * wrong.Length / count)])];
        var confidence = new List<double>();
        using var arena = new Arena();
        var tape = new Tape(cpu, arena, training: false);
        using var loader = new Loader(part.Subset(candidates), new LoaderOptions { BatchSize = 16, Shuffle = false, Prefetch = false });
        foreach (Batch batch in loader.Epoch(0))
        {
            tape.Clear();
            arena.Reset();
            tape.Random = new Rng(0).Fork("confidence").Fork(confidence.Count);
            ReadOnlySpan<float> scores = model.Forward(tape, batch.Input).Scores.Data;
            for (int b = 0; b < batch.Count; b++)
                confidence.Add(Largest(scores.Slice(b * model.Classes, model.Classes)));
        }
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => confidence[i]).ThenBy(i => i).Select(i => candidates[i])];
        // Two errors of one kind show no more than one.
        int other = order.FirstOrDefault(i => part.Label(i) != part.Label(order[0]), order[1]);
        return [order[0], other];
    }

    /// <summary>The largest of the softmax of the scores.</summary>
    private static double Largest(ReadOnlySpan<float> scores)
    {
        double sum = 0, most = scores[0];
        foreach (float score in scores)
            most = Math.Max(most, score);
        foreach (float score in scores)
            sum += Math.Exp(score - most);
        return 1 / sum;
    }

    /// <summary>The samples with the largest and the smallest shares of labelled steps right, two each.</summary>
    private static int[] OfSteps(IDataset part, IReadOnlyList<int> predictions)
    {
        var shares = new double[part.Count];
        for (int i = 0, at = 0; i < part.Count; at += part.Length(i), i++)
        {
            var labels = new int[part.Length(i)];
            part.ReadStepLabels(i, labels);
            int labelled = labels.Count(label => label >= 0), start = at;
            int right = labels.Where((label, t) => label >= 0 && label == predictions[start + t]).Count();
            shares[i] = labelled == 0 ? 0 : (double)right / labelled;
        }
        int[] order = [.. Enumerable.Range(0, part.Count).OrderByDescending(i => shares[i]).ThenBy(i => i)];
        return [.. order.Take(All - Wrong).Concat(order.Skip(All - Wrong).TakeLast(Wrong))];
    }
}
