namespace Volley.Testing.Reference;

/// <summary>The optimisers in double, one parameter at a time.</summary>
public static class OptimizerReference
{
    public static void Sgd(ref double value, double gradient, ref double buffer, double rate, double momentum, double weightDecay, bool nesterov, bool firstStep)
    {
        double g = gradient + weightDecay * value;
        if (momentum != 0)
        {
            buffer = firstStep ? g : momentum * buffer + g;
            g = nesterov ? g + momentum * buffer : buffer;
        }
        value -= rate * g;
    }

    /// <summary>Adam; with <paramref name="decoupled"/> AdamW.</summary>
    public static void Adam(ref double value, double gradient, ref double m, ref double v, long step, double rate, double beta1, double beta2,
        double epsilon, double weightDecay, bool decoupled)
    {
        if (decoupled)
            value -= rate * weightDecay * value;
        else
            gradient += weightDecay * value;
        m = beta1 * m + (1 - beta1) * gradient;
        v = beta2 * v + (1 - beta2) * gradient * gradient;
        double unbiasedM = m / (1 - Math.Pow(beta1, step)), unbiasedV = v / (1 - Math.Pow(beta2, step));
        value -= rate * unbiasedM / (Math.Sqrt(unbiasedV) + epsilon);
    }
}
