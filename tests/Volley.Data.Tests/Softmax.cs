namespace Volley.Data.Tests;

/// <summary>Softmax regression by plain stochastic gradient descent: what a linear reader can learn from fixed features.</summary>
internal sealed class Softmax
{
    private readonly float[] _weights;   // [classes, features + 1], the bias last
    private readonly int _classes, _features;

    public Softmax(int features, int classes)
    {
        _features = features;
        _classes = classes;
        _weights = new float[classes * (features + 1)];
    }

    public static double Accuracy(float[][] train, int[] labels, float[][] test, int[] testLabels, int classes, int epochs = 60)
    {
        var model = new Softmax(train[0].Length, classes);
        var random = new Random(1);
        int[] order = [.. Enumerable.Range(0, train.Length)];
        var dLogits = new float[classes];
        for (int e = 0; e < epochs; e++)
        {
            random.Shuffle(order);
            foreach (int i in order)
                model.Step(train[i], labels[i], dLogits, rate: 0.05f / (1 + 0.1f * e));
        }
        return test.Zip(testLabels, (x, y) => model.Predict(x) == y ? 1.0 : 0).Average();
    }

    /// <summary>One step on one sample; leaves the gradient at the logits in <paramref name="dLogits"/>.</summary>
    public void Step(ReadOnlySpan<float> x, int label, Span<float> dLogits, float rate)
    {
        Logits(x, dLogits);
        float most = float.MinValue, sum = 0;
        foreach (float v in dLogits)
            most = Math.Max(most, v);
        for (int c = 0; c < _classes; c++)
            sum += dLogits[c] = MathF.Exp(dLogits[c] - most);
        for (int c = 0; c < _classes; c++)
        {
            dLogits[c] = dLogits[c] / sum - (c == label ? 1 : 0);
            Span<float> w = _weights.AsSpan(c * (_features + 1), _features + 1);
            for (int f = 0; f < _features; f++)
                w[f] -= rate * dLogits[c] * x[f];
            w[_features] -= rate * dLogits[c];
        }
    }

    /// <summary>Σ_c dLogits[c] · W[c, f].</summary>
    public float InputGradient(ReadOnlySpan<float> dLogits, int feature)
    {
        float sum = 0;
        for (int c = 0; c < _classes; c++)
            sum += dLogits[c] * _weights[c * (_features + 1) + feature];
        return sum;
    }

    public int Predict(ReadOnlySpan<float> x)
    {
        Span<float> logits = stackalloc float[_classes];
        Logits(x, logits);
        int best = 0;
        for (int c = 1; c < _classes; c++)
            best = logits[c] > logits[best] ? c : best;
        return best;
    }

    private void Logits(ReadOnlySpan<float> x, Span<float> logits)
    {
        for (int c = 0; c < _classes; c++)
        {
            ReadOnlySpan<float> w = _weights.AsSpan(c * (_features + 1), _features + 1);
            float sum = w[_features];
            for (int f = 0; f < _features; f++)
                sum += w[f] * x[f];
            logits[c] = sum;
        }
    }
}
