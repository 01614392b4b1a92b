using Volley.Tensors;

namespace Volley.Autograd;

/// <summary>One call of a layer, as the tape remembers it: what its backward pass needs.</summary>
public abstract class Node
{
    /// <summary>Reads the gradient of the outputs, writes those of the inputs (see <see cref="Tape.Target(Signal)"/>) and adds those of the parameters.</summary>
    public abstract void Backward(Tape tape);
}
