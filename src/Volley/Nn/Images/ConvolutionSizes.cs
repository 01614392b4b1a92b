using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Checks of what windows over images have in common.</summary>
internal static class ConvolutionSizes
{
    /// <summary>The shape of a kernel [height, width, inputs / groups, outputs].</summary>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public static Shape Kernel(int height, int width, int inputs, int outputs, int stride, int padding, int groups)
    {
        CheckWindow(width, stride, padding);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (inputs % groups != 0)
            throw new ArgumentException($"{inputs} inputs cannot be cut into {groups} groups.", nameof(groups));
        return new Shape(height, width, inputs / groups, outputs);
    }

    /// <summary>Throws unless a window of that size can move like that.</summary>
    public static void CheckWindow(int size, int stride, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (padding >= size)
            throw new ArgumentException($"A padding of {padding} is not smaller than the {size} places of the window.", nameof(padding));
    }
}
