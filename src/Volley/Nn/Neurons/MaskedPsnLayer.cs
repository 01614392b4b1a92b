using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Tensors;

namespace Volley.Nn.Neurons;

/// <summary>Masked PSN: the weights of a PSN times a mask that training closes step by step. H = (W∘M(λ))·X, M(λ) = λ·M + (1 − λ), M[t, s] = 1 for
/// 0 ≤ t − s &lt; k, else 0. At λ = 1 a step sees itself and the k − 1 steps before it, and the layer can run as a stream of T steps.</summary>
public sealed class MaskedPsnLayer : ParallelNeuronLayer, ICausal, IAnnealed
{
    private readonly int _steps;
    private readonly Tensor _lambda;

    /// <param name="steps">T; sequences of another length are refused.</param>
    /// <param name="order">k, 1 … T.</param>
    /// <param name="random">Draws W from U(−1/√T, 1/√T).</param>
    /// <param name="lambda">λ at the start, 0 … 1; a trainer sets it at every epoch.</param>
    /// <param name="surrogate">The spike's slope; ATan(2) when null.</param>
    public MaskedPsnLayer(int steps, int order, Rng random, float lambda = 0, ISurrogate? surrogate = null)
        : base(StepWeights.Draw(steps, random), steps, surrogate)
    {
        if (order < 1 || order > steps)
            throw new ArgumentOutOfRangeException(nameof(order), order, $"The order of a masked PSN must be between 1 and its {steps} steps.");
        (_steps, Order) = (steps, order);
        _lambda = Tensor.Zeros(new Shape(1));
        Buffers = [new NamedTensor("lambda", _lambda)];
        Lambda = lambda;
    }

    public override string Kind => "masked-psn";

    public override int? Steps => _steps;

    /// <summary>k.</summary>
    public int Order { get; }

    /// <summary>λ, from 0 (a PSN) to 1 (causal). Kept in model files.</summary>
    public float Lambda
    {
        get => _lambda.Data[0];
        set
        {
            if (!(value is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "λ must be between 0 and 1.");
            _lambda.Data[0] = value;
        }
    }

    public override IReadOnlyList<NamedTensor> Buffers { get; }

    /// <summary>λ = min(1, 8·epoch / (epochs − 1)): closed after the first eighth of training; from the start where there is one epoch.</summary>
    public static float LambdaAt(int epoch, int epochs) => epochs <= 1 ? 1 : (float)Math.Min(1, 8.0 * epoch / (epochs - 1));

    void IAnnealed.Anneal(int epoch, int epochs) => Lambda = LambdaAt(epoch, epochs);

    private protected override PsnCall CallFor(PsnCall shape)
    {
        StepWeights.Check(this, shape.Steps, _steps);
        return shape with { Order = Lambda == 1 ? Order : 0 };
    }

    private protected override Tensor PassWeights(Tape tape)
    {
        if (Lambda == 0)
            return Weight.Value;
        var masked = Tensor.In(tape.Arena, Weight.Value.Shape);
        Weight.Value.Data.CopyTo(masked.Data);
        ScaleOutside(masked.Data);
        return masked;
    }

    private protected override Tensor PassGradient(Tape tape)
    {
        // At λ = 1 the kernel adds nothing outside of the band.
        if (Lambda is 0 or 1)
            return Weight.Gradient;
        var gradient = Tensor.In(tape.Arena, Weight.Value.Shape);
        gradient.Data.Clear();
        return gradient;
    }

    private protected override void AddGradient(Tensor passGradient)
    {
        if (passGradient == Weight.Gradient)
            return;
        ScaleOutside(passGradient.Data);
        Span<float> sum = Weight.Gradient.Data, values = passGradient.Data;
        for (int i = 0; i < sum.Length; i++)
            sum[i] += values[i];
    }

    /// <summary>Multiplies by 1 − λ what lies outside of the band.</summary>
    private void ScaleOutside(Span<float> matrix)
    {
        float outside = 1 - Lambda;
        for (int t = 0; t < _steps; t++)
        {
            Span<float> row = matrix.Slice(t * _steps, _steps);
            Scale(row[..Math.Max(0, t - Order + 1)], outside);
            Scale(row[(t + 1)..], outside);
        }
    }

    private static void Scale(Span<float> values, float factor)
    {
        if (factor == 0)
        {
            values.Clear();
            return;
        }
        foreach (ref float value in values)
            value *= factor;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        if (Lambda < 1)
            throw new NotSupportedException($"Layer {this} cannot run as a stream: its mask is open (λ = {Lambda}), so that its output depends on later input. Train it until λ is 1, or use a sliding PSN instead.");
        var rows = new float[_steps * Order];
        ReadOnlySpan<float> weights = Weight.Value.Data;
        for (int t = 0; t < _steps; t++)
        {
            int seen = Math.Min(t + 1, Order);
            weights.Slice(t * _steps + t + 1 - seen, seen).CopyTo(rows.AsSpan((t + 1) * Order - seen));
        }
        return new ParallelStage(this, input, Order, rows, Bias.Value.Data.ToArray());
    }
}
