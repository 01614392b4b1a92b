namespace Volley.Data.Tests;

/// <summary>A net without memory: a hidden ReLU layer sees one time step at a time, its output is averaged over the steps, softmax on top;
/// all trained. It can use which units fire together, but not when.</summary>
internal static class BagOfSteps
{
    public static double Accuracy(IDataset train, IDataset test, int hidden, int epochs)
    {
        int units = train.Info.Units, classes = train.Info.Classes;
        int[][][] samples = Group(train), testSamples = Group(test);
        int[] labels = Labels.Of(train), testLabels = Labels.Of(test);
        var random = new Random(1);
        var weights = new float[units * hidden];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (random.NextSingle() * 2 - 1) * 0.5f;
        var bias = new float[hidden];
        var readout = new Softmax(hidden, classes);
        float[] mean = new float[hidden], dHidden = new float[hidden], dLogits = new float[classes];
        int[] order = [.. Enumerable.Range(0, samples.Length)];
        for (int e = 0; e < epochs; e++)
        {
            random.Shuffle(order);
            foreach (int i in order)
            {
                Forward(samples[i], mean);
                readout.Step(mean, labels[i], dLogits, rate: 0.1f / (1 + 0.1f * e));
                for (int h = 0; h < hidden; h++)
                    dHidden[h] = readout.InputGradient(dLogits, h);
                Backward(samples[i], rate: 0.1f / (1 + 0.1f * e));
            }
        }
        int right = 0;
        for (int i = 0; i < testSamples.Length; i++)
        {
            Forward(testSamples[i], mean);
            right += readout.Predict(mean) == testLabels[i] ? 1 : 0;
        }
        return (double)right / testSamples.Length;

        // Only the steps with spikes differ between samples; the silent ones give a constant.
        void Forward(int[][] steps, float[] output)
        {
            Array.Clear(output);
            foreach (int[] active in steps)
            {
                for (int h = 0; h < hidden; h++)
                    output[h] += MathF.Max(0, Potential(active, h)) / units;
            }
        }

        void Backward(int[][] steps, float rate)
        {
            foreach (int[] active in steps)
            {
                for (int h = 0; h < hidden; h++)
                {
                    if (Potential(active, h) <= 0)
                        continue;
                    bias[h] -= rate * dHidden[h] / units;
                    // A weight takes part in one step of a sample only: its rate is `units` times that of the bias.
                    foreach (int u in active)
                        weights[u * hidden + h] -= rate * dHidden[h];
                }
            }
        }

        float Potential(int[] active, int h)
        {
            float sum = bias[h];
            foreach (int u in active)
                sum += weights[u * hidden + h];
            return sum;
        }
    }

    // [samples][steps with spikes][units that fire]
    private static int[][][] Group(IDataset dataset) =>
        [.. SpikeSteps.Of(dataset).Select(steps =>
            Enumerable.Range(0, steps.Length).GroupBy(u => steps[u]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray())];
}
