using Volley.Tensors;

namespace Volley.Autograd;

/// <summary>A signal that is seen in another way, with other axes or lengths: the elements lie where they lay, so the gradient is the same memory.</summary>
/// <param name="source">The signal.</param>
/// <param name="view">The same elements.</param>
internal sealed class ViewNode(Signal source, Signal view) : Node
{
    public override void Backward(Tape tape)
    {
        if (view.Gradient is { } gradient && source.NeedsGradient)
            tape.Target(source, spent: gradient).Commit();
    }
}
