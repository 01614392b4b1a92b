namespace Volley.Plots;

/// <summary>A learned quantity of all neurons or synapses of a layer, before training and after.</summary>
/// <param name="Name">What it is, like "delay".</param>
/// <param name="Unit">Its unit, or nothing.</param>
public sealed record LearnedDistribution(string Layer, string Name, string Unit, IReadOnlyList<double> Before, IReadOnlyList<double> After);

/// <summary>Weights from every time step to every other, before training and after.</summary>
/// <param name="Steps">T, rows and columns of the whole matrix.</param>
/// <param name="Size">Rows and columns that are given, each a mean over ⌈T / Size⌉ steps.</param>
/// <param name="Before">Row-major [Size, Size].</param>
/// <param name="After">Row-major [Size, Size]; row t are the weights that step t sees all steps with.</param>
public sealed record LearnedMatrix(string Layer, int Steps, int Size, IReadOnlyList<double> Before, IReadOnlyList<double> After);

/// <summary>Something of a layer over time, before training and after, such as the impulse responses of a few channels.</summary>
/// <param name="Name">What it is.</param>
/// <param name="X">What it is over; values are 1 apart, from 0.</param>
public sealed record LearnedCurves(string Layer, string Name, string X, IReadOnlyList<LearnedLine> Lines);

/// <summary>One line of them.</summary>
/// <param name="Name">Nothing where there is one line.</param>
public sealed record LearnedLine(string Name, IReadOnlyList<double> Before, IReadOnlyList<double> After);
