using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;

namespace Volley.Tests.Neurons;

/// <summary>A mistake in the backward of a LIF: spoils what the right one computed.</summary>
internal interface IMistake
{
    static abstract void Spoil<L>(in Lif<L, SubtractReset> dBefore, ref Lif<L, SubtractReset> d, ref L dInput) where L : unmanaged, ILane<L>;
}

internal readonly struct ForgetsGainGradient : IMistake
{
    public static void Spoil<L>(in Lif<L, SubtractReset> dBefore, ref Lif<L, SubtractReset> d, ref L dInput) where L : unmanaged, ILane<L> => d.Gain = dBefore.Gain;
}

internal readonly struct FlipsThresholdGradient : IMistake
{
    public static void Spoil<L>(in Lif<L, SubtractReset> dBefore, ref Lif<L, SubtractReset> d, ref L dInput) where L : unmanaged, ILane<L> =>
        d.Threshold = dBefore.Threshold - (d.Threshold - dBefore.Threshold);
}

internal readonly struct ForgetsStateGradient : IMistake
{
    public static void Spoil<L>(in Lif<L, SubtractReset> dBefore, ref Lif<L, SubtractReset> d, ref L dInput) where L : unmanaged, ILane<L> => d.V = L.Of(0);
}

internal readonly struct ScalesInputGradient : IMistake
{
    public static void Spoil<L>(in Lif<L, SubtractReset> dBefore, ref Lif<L, SubtractReset> d, ref L dInput) where L : unmanaged, ILane<L> => dInput *= L.Of(1 + 1e-6);
}

/// <summary>A LIF whose backward makes a mistake.</summary>
internal struct SpoiltLif<L, TMistake> : INeuron<SpoiltLif<L, TMistake>, L>
    where L : unmanaged, ILane<L>
    where TMistake : struct, IMistake
{
    public Lif<L, SubtractReset> Right;

    public static int StateCount => 1;

    public static L Charge(ref SpoiltLif<L, TMistake> n, L input) => Lif<L, SubtractReset>.Charge(ref n.Right, input);

    public static void Fire(ref SpoiltLif<L, TMistake> n, L spike) => Lif<L, SubtractReset>.Fire(ref n.Right, spike);

    public static L Backward(in SpoiltLif<L, TMistake> before, L input, L spike, L slope, ref SpoiltLif<L, TMistake> d, L dSpike)
    {
        Lif<L, SubtractReset> dBefore = d.Right;
        L dInput = Lif<L, SubtractReset>.Backward(in before.Right, input, spike, slope, ref d.Right, dSpike);
        TMistake.Spoil(in dBefore, ref d.Right, ref dInput);
        return dInput;
    }
}

internal sealed class SpoiltLifKernel<TMistake>() : NeuronKernel("spoilt lif", ["V"], ["Decay", "Gain", "Threshold"]) where TMistake : struct, IMistake
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<SpoiltLif<L, TMistake>>();
}

/// <summary>A LIF that resets one way forward and another way backward.</summary>
internal struct TwoFacedLif<L, TForward, TBackward> : INeuron<TwoFacedLif<L, TForward, TBackward>, L>
    where L : unmanaged, ILane<L>
    where TForward : struct, IReset
    where TBackward : struct, IReset
{
    public Lif<L, TForward> Face;

    public static int StateCount => 1;

    public static L Charge(ref TwoFacedLif<L, TForward, TBackward> n, L input) => Lif<L, TForward>.Charge(ref n.Face, input);

    public static void Fire(ref TwoFacedLif<L, TForward, TBackward> n, L spike) => Lif<L, TForward>.Fire(ref n.Face, spike);

    public static L Backward(in TwoFacedLif<L, TForward, TBackward> before, L input, L spike, L slope, ref TwoFacedLif<L, TForward, TBackward> d, L dSpike) =>
        Lif<L, TBackward>.Backward(in Unsafe.As<Lif<L, TForward>, Lif<L, TBackward>>(ref Unsafe.AsRef(in before.Face)), input, spike, slope,
            ref Unsafe.As<Lif<L, TForward>, Lif<L, TBackward>>(ref d.Face), dSpike);
}

internal sealed class TwoFacedLifKernel<TForward, TBackward>() : NeuronKernel("two-faced lif", ["V"], ["Decay", "Gain", "Threshold"])
    where TForward : struct, IReset
    where TBackward : struct, IReset
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<TwoFacedLif<L, TForward, TBackward>>();
}

/// <summary>An adLIF whose backward does not see one of its parameters.</summary>
internal struct BlindAdLif<L, TField> : INeuron<BlindAdLif<L, TField>, L>
    where L : unmanaged, ILane<L>
    where TField : struct, IBlindSpot
{
    public AdLif<L> Seeing;

    public static int StateCount => 2;

    public static L Charge(ref BlindAdLif<L, TField> n, L input) => AdLif<L>.Charge(ref n.Seeing, input);

    public static void Fire(ref BlindAdLif<L, TField> n, L spike) => AdLif<L>.Fire(ref n.Seeing, spike);

    public static L Backward(in BlindAdLif<L, TField> before, L input, L spike, L slope, ref BlindAdLif<L, TField> d, L dSpike)
    {
        AdLif<L> blind = before.Seeing;
        TField.Hide(ref blind);
        return AdLif<L>.Backward(in blind, input, spike, slope, ref d.Seeing, dSpike);
    }
}

internal interface IBlindSpot
{
    static abstract void Hide<L>(ref AdLif<L> n) where L : unmanaged, ILane<L>;
}

internal readonly struct BlindToSpikeCoupling : IBlindSpot
{
    public static void Hide<L>(ref AdLif<L> n) where L : unmanaged, ILane<L> => n.B = L.Of(0);
}

internal readonly struct BlindToPotentialCoupling : IBlindSpot
{
    public static void Hide<L>(ref AdLif<L> n) where L : unmanaged, ILane<L> => n.A = L.Of(0);
}

internal sealed class BlindAdLifKernel<TField>() : NeuronKernel("blind adlif", ["V", "W"], ["Alpha", "Beta", "A", "B", "Threshold"]) where TField : struct, IBlindSpot
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<BlindAdLif<L, TField>>();
}

/// <summary>An integrator that does something odd to its input.</summary>
internal struct OddIntegrator<L, TOddity> : INeuron<OddIntegrator<L, TOddity>, L>
    where L : unmanaged, ILane<L>
    where TOddity : struct, IOddity
{
    public LeakyIntegrator<L> Plain;

    public static int StateCount => 1;

    public static L Charge(ref OddIntegrator<L, TOddity> n, L input) => LeakyIntegrator<L>.Charge(ref n.Plain, TOddity.Change(input));

    public static void Fire(ref OddIntegrator<L, TOddity> n, L spike)
    {
    }

    public static L Backward(in OddIntegrator<L, TOddity> before, L input, L spike, L slope, ref OddIntegrator<L, TOddity> d, L dSpike) =>
        LeakyIntegrator<L>.Backward(in before.Plain, input, spike, slope, ref d.Plain, dSpike);
}

internal interface IOddity
{
    static abstract L Change<L>(L input) where L : unmanaged, ILane<L>;
}

/// <summary>Looks at the lane it runs in.</summary>
internal readonly struct LaneDependent : IOddity
{
    public static L Change<L>(L input) where L : unmanaged, ILane<L> => typeof(L) == typeof(F32x8) ? input + L.Of(1e-6) : input;
}

/// <summary>Remembers how often it was called.</summary>
internal readonly struct Remembering : IOddity
{
    private static long s_calls;

    public static L Change<L>(L input) where L : unmanaged, ILane<L> => input + L.Of(s_calls++ * 1e-3);
}

/// <summary>Overflows.</summary>
internal readonly struct Overflowing : IOddity
{
    public static L Change<L>(L input) where L : unmanaged, ILane<L> => input + (input * input - input * input);
}

internal sealed class OddIntegratorKernel<TOddity>() : NeuronKernel("odd integrator", ["V"], ["Decay", "Gain"], spiking: false) where TOddity : struct, IOddity
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<OddIntegrator<L, TOddity>>();
}
