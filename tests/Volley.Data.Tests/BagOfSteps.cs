namespace Volley.Data.Tests;

/// <summary>A net without memory: a hidden ReLU layer sees one time step at a time, its output is averaged over the steps with spikes, softmax
/// on top; all of it trained with Adam. It can use which units fire together, but not when.</summary>
internal sealed class BagOfSteps
{
    private const int Batch = 20;

    private readonly int _units, _hidden, _classes;
    private readonly float[] _p, _g, _m, _v;   // [units + 1, hidden], then [hidden + 1, classes]; the last row is the bias
    private readonly float[] _mean, _dMean, _logits;
    private int _step;

    private BagOfSteps(int units, int hidden, int classes)
    {
        (_units, _hidden, _classes) = (units, hidden, classes);
        int size = (units + 1) * hidden + (hidden + 1) * classes;
        (_p, _g, _m, _v) = (new float[size], new float[size], new float[size], new float[size]);
        (_mean, _dMean, _logits) = (new float[hidden], new float[hidden], new float[classes]);
        var random = new Random(1);
        for (int i = 0; i < size; i++)
            _p[i] = (random.NextSingle() * 2 - 1) * 0.5f;
    }

    private int Readout => (_units + 1) * _hidden;

    public static double Accuracy(IDataset train, IDataset test, int hidden = 32, int epochs = 15)
    {
        var net = new BagOfSteps(train.Info.Units, hidden, train.Info.Classes);
        int[][][] samples = Group(train), testSamples = Group(test);
        int[] labels = Labels.Of(train), testLabels = Labels.Of(test), order = [.. Enumerable.Range(0, samples.Length)];
        var random = new Random(1);
        for (int e = 0; e < epochs; e++)
        {
            random.Shuffle(order);
            for (int i = 0; i < order.Length; i++)
            {
                net.Gradient(samples[order[i]], labels[order[i]]);
                if ((i + 1) % Batch == 0)
                    net.Adam(rate: 0.02f * (1 - (float)e / epochs));
            }
        }
        return testSamples.Zip(testLabels, (x, y) => net.Predict(x) == y ? 1.0 : 0).Average();
    }

    // [samples][steps with spikes][units that fire]: the silent steps are the same for all samples.
    private static int[][][] Group(IDataset dataset) =>
        [.. SpikeSteps.Of(dataset).Select(steps =>
            Enumerable.Range(0, steps.Length).GroupBy(u => steps[u]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray())];

    private int Predict(int[][] steps)
    {
        Forward(steps);
        return Array.IndexOf(_logits, _logits.Max());
    }

    private void Forward(int[][] steps)
    {
        Array.Clear(_mean);
        foreach (int[] active in steps)
        {
            for (int h = 0; h < _hidden; h++)
                _mean[h] += MathF.Max(0, Potential(active, h)) / steps.Length;
        }
        for (int c = 0; c < _classes; c++)
        {
            _logits[c] = _p[Readout + _hidden * _classes + c];
            for (int h = 0; h < _hidden; h++)
                _logits[c] += _mean[h] * _p[Readout + h * _classes + c];
        }
    }

    private void Gradient(int[][] steps, int label)
    {
        Forward(steps);
        float most = _logits.Max(), sum = _logits.Sum(l => MathF.Exp(l - most));
        Array.Clear(_dMean);
        for (int c = 0; c < _classes; c++)
        {
            float d = (MathF.Exp(_logits[c] - most) / sum - (c == label ? 1 : 0)) / Batch;
            _g[Readout + _hidden * _classes + c] += d;
            for (int h = 0; h < _hidden; h++)
            {
                _g[Readout + h * _classes + c] += d * _mean[h];
                _dMean[h] += d * _p[Readout + h * _classes + c];
            }
        }
        foreach (int[] active in steps)
        {
            for (int h = 0; h < _hidden; h++)
            {
                if (Potential(active, h) <= 0)
                    continue;
                float d = _dMean[h] / steps.Length;
                _g[_units * _hidden + h] += d;
                foreach (int u in active)
                    _g[u * _hidden + h] += d;
            }
        }
    }

    private float Potential(int[] active, int h)
    {
        float sum = _p[_units * _hidden + h];
        foreach (int u in active)
            sum += _p[u * _hidden + h];
        return sum;
    }

    private void Adam(float rate)
    {
        _step++;
        float first = 1 - MathF.Pow(0.9f, _step), second = 1 - MathF.Pow(0.999f, _step);
        for (int i = 0; i < _p.Length; i++)
        {
            _m[i] = 0.9f * _m[i] + 0.1f * _g[i];
            _v[i] = 0.999f * _v[i] + 0.001f * _g[i] * _g[i];
            _p[i] -= rate * (_m[i] / first) / (MathF.Sqrt(_v[i] / second) + 1e-8f);
            _g[i] = 0;
        }
    }
}
