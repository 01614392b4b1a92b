using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>What a classifier of document pairs sees: (e₁, e₂, e₁ − e₂, e₁ ⊙ e₂), e the mean over the valid steps of each document. Maps [2B, T, H] to [B, 1, 4H].</summary>
public sealed class PairFeatures : Module, INonCausal
{
    public override string Kind => "pair-features";

    string INonCausal.Alternative => " Two documents are compared as wholes.";

    public override Shape OutputShape(Shape step) => step.WithLast(4 * step.Last);

    public override Signal Forward(Tape tape, Signal input)
    {
        if (input.Shape.Rank != 3 || input.Shape[0] % 2 != 0)
            throw new ArgumentException($"Layer {this} takes pairs of sequences [2·B, T, H], not the shape {input.Shape}.");
        Tensor x = tape.Floats(input);
        int n = x.Shape.Last, pairs = x.Shape[0] / 2;
        var means = Tensor.In(tape.Arena, new Shape(2 * pairs, n));
        Readouts.MeanForward(tape.Cpu, x.Data, input.Lengths, means.Data, x.Shape[0], x.Shape[1], n);
        var features = Tensor.In(tape.Arena, new Shape(pairs, 1, 4 * n));
        features.NeedsGradient = input.NeedsGradient;
        for (int b = 0; b < pairs; b++)
        {
            ReadOnlySpan<float> first = means.Data.Slice(2 * b * n, n), second = means.Data.Slice((2 * b + 1) * n, n);
            Span<float> to = features.Data.Slice(4 * b * n, 4 * n);
            for (int i = 0; i < n; i++)
                (to[i], to[n + i], to[2 * n + i], to[3 * n + i]) = (first[i], second[i], first[i] - second[i], first[i] * second[i]);
        }
        tape.Record(new PairNode(input, x, means, features));
        return features;
    }

    private sealed class PairNode(Signal input, Tensor x, Tensor means, Tensor features) : Node
    {
        public override void Backward(Tape tape)
        {
            if (features.Gradient is not { } gradient || !input.NeedsGradient)
                return;
            int n = x.Shape.Last;
            var dMeans = Tensor.In(tape.Arena, means.Shape);
            for (int b = 0; b < features.Shape[0]; b++)
            {
                ReadOnlySpan<float> first = means.Data.Slice(2 * b * n, n), second = means.Data.Slice((2 * b + 1) * n, n), d = gradient.Data.Slice(4 * b * n, 4 * n);
                Span<float> dFirst = dMeans.Data.Slice(2 * b * n, n), dSecond = dMeans.Data.Slice((2 * b + 1) * n, n);
                for (int i = 0; i < n; i++)
                {
                    dFirst[i] = d[i] + d[2 * n + i] + d[3 * n + i] * second[i];
                    dSecond[i] = d[n + i] - d[2 * n + i] + d[3 * n + i] * first[i];
                }
            }
            GradientTarget target = tape.Target(input);
            Readouts.MeanBackward(tape.Cpu, x.Data, input.Lengths, dMeans.Data, target.Span, x.Shape[0], x.Shape[1], n);
            target.Commit();
        }
    }
}
