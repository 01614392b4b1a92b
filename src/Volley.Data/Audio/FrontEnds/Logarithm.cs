namespace Volley.Data.Audio;

/// <summary>scale · ln max(E + <paramref name="plus"/>, <paramref name="least"/>), element by element.</summary>
internal sealed class Logarithm(FrameSource energies, double scale, double plus, double least) : FrameSource(energies.Channels)
{
    public override bool Ended => energies.Ended;

    public override bool TryNext(Span<double> frame, out bool silence)
    {
        if (!energies.TryNext(frame, out silence))
            return false;
        for (int c = 0; c < frame.Length; c++)
            frame[c] = scale * StableMath.Log(Math.Max(frame[c] + plus, least));
        return true;
    }

    public override void Clear() => energies.Clear();
}
