namespace Volley.Testing.Reference;

/// <summary>Optimiser steps in double, from the papers, on one weight.</summary>
public sealed class OptimizerReference(double weight)
{
    private double _velocity, _mean, _square;
    private int _step;

    public double Weight { get; private set; } = weight;

    public void Sgd(double gradient, double rate, double momentum, double decay, bool nesterov)
    {
        double g = gradient + decay * Weight;
        _velocity = momentum * _velocity + g;
        Weight -= rate * (nesterov ? g + momentum * _velocity : _velocity);
    }

    public void Adam(double gradient, double rate, double decay, double beta1, double beta2, double epsilon, bool decoupled)
    {
        _step++;
        double g = decoupled ? gradient : gradient + decay * Weight;
        if (decoupled)
            Weight *= 1 - rate * decay;
        _mean = beta1 * _mean + (1 - beta1) * g;
        _square = beta2 * _square + (1 - beta2) * g * g;
        double mean = _mean / (1 - Math.Pow(beta1, _step)), square = _square / (1 - Math.Pow(beta2, _step));
        Weight -= rate * mean / (Math.Sqrt(square) + epsilon);
    }
}
