namespace Volley.Kernels.Lanes;

/// <summary>A lane without a value that counts multiplications: what a neuron's equations take, read off the equations themselves.</summary>
internal readonly struct Counted : ILane<Counted>
{
    // A lane's operations have no argument that could carry the count; it lives from one CountOf to its end, on one thread.
    [ThreadStatic] private static int s_multiplications;

    /// <summary>Multiplications, divisions, roots and exponentials that <paramref name="maths"/> takes; one with an addition behind it counts once.</summary>
    public static int CountOf(Action maths)
    {
        s_multiplications = 0;
        maths();
        return s_multiplications;
    }

    public static Counted Of(float value) => default;
    public static Counted Of(double value) => default;
    public static Counted operator +(Counted a, Counted b) => default;
    public static Counted operator -(Counted a, Counted b) => default;
    public static Counted operator *(Counted a, Counted b) => One();
    public static Counted operator /(Counted a, Counted b) => One();
    public static Counted operator -(Counted a) => default;
    public static Counted MulAdd(Counted a, Counted b, Counted c) => One();
    public static Counted Min(Counted a, Counted b) => default;
    public static Counted Max(Counted a, Counted b) => default;
    public static Counted Abs(Counted a) => default;
    public static Counted Sqrt(Counted a) => One();
    public static Counted Reciprocal(Counted a) => One();
    public static Counted Exp(Counted a) => One();
    public static Counted IfGreater(Counted a, Counted b, Counted then, Counted otherwise) => default;
    public static Counted IfGreaterOrEqual(Counted a, Counted b, Counted then, Counted otherwise) => default;
    public static Counted Detach(Counted a) => default;
    public static Counted Spike(Counted hard, Counted slope, Counted distance) => default;

    private static Counted One()
    {
        s_multiplications++;
        return default;
    }
}
