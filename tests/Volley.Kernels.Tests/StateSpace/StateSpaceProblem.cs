using Volley.Kernels.StateSpace;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.StateSpace;

/// <summary>A layer with random parameters, its input and lengths; runs the kernels between guard pages.</summary>
internal sealed class StateSpaceProblem
{
    private readonly float[] _logStep, _logDecay, _frequency, _b, _c, _d;

    public StateSpaceProblem(StateSpaceCall call, int[]? lengths = null, double step = 0.1)
    {
        (Call, Lengths) = (call, lengths);
        int pairs = call.Sets * call.Modes;
        _logStep = Values.Normal(call.Channels, "logStep", 0.4f);
        for (int i = 0; i < _logStep.Length; i++)
            _logStep[i] += (float)Math.Log(step);
        _logDecay = Values.Normal(pairs, "logDecay", 0.5f);
        _frequency = Values.Normal(pairs, "frequency", 4);
        _b = Values.Normal(2 * pairs, "b");
        _c = Values.Normal(2 * call.Directions * call.Channels * call.Modes, "c", 0.7f);
        _d = Values.Normal(call.Channels, "d");
        X = Values.Normal(call.Batch * call.Steps * call.Channels, "x");
        DY = Values.Normal(X.Length, "dY");
        for (int b = 0; b < call.Batch; b++)
        {
            int length = lengths?[b] ?? call.Steps;
            // What is in the padding must not matter; its gradient is 0.
            X.AsSpan((b * call.Steps + length) * call.Channels, (call.Steps - length) * call.Channels).Fill(1e6f);
            DY.AsSpan((b * call.Steps + length) * call.Channels, (call.Steps - length) * call.Channels).Clear();
        }
    }

    public StateSpaceCall Call { get; }

    public int[]? Lengths { get; }

    public float[] X { get; }

    public float[] DY { get; }

    public StateSpaceParameters Parameters => new() { LogStep = _logStep, LogDecay = _logDecay, Frequency = _frequency, B = _b, C = _c, D = _d };

    public StateSpaceReference Reference => new(Call)
    {
        LogStep = Numbers.ToDouble(_logStep),
        LogDecay = Numbers.ToDouble(_logDecay),
        Frequency = Numbers.ToDouble(_frequency),
        B = Numbers.ToDouble(_b),
        C = Numbers.ToDouble(_c),
        D = Numbers.ToDouble(_d),
    };

    public float[] Forward(Cpu cpu, float[]? factors = null, float[]? offsets = null)
    {
        using var table = new TwiddleTable(Math.Max(1, Call.Steps));
        using GuardedBuffer<float> x = GuardedBuffer<float>.Of(X), y = new(X.Length), spectra = new((int)Call.SpectrumCount(Lengths));
        StateSpaceConvolution.Forward(cpu, table, Parameters, x.Span, y.Span, spectra.Span, Call, Lengths, factors, offsets);
        return y.Span.ToArray();
    }

    public float[] Scan(Cpu cpu)
    {
        using GuardedBuffer<float> x = GuardedBuffer<float>.Of(X), y = new(X.Length), coefficients = new(Call.ScanCount);
        StateSpaceScan.Coefficients(Parameters, coefficients.Span, Call);
        StateSpaceScan.Forward(cpu, coefficients.Span, x.Span, y.Span, default, Call, Lengths);
        return y.Span.ToArray();
    }

    /// <summary>dX, then the gradients of LogStep, LogDecay, Frequency, B, C and D, each of which starts from 1.</summary>
    public float[][] Backward(Cpu cpu, float[]? factors = null, float[]? offsets = null)
    {
        using var table = new TwiddleTable(Math.Max(1, Call.Steps));
        using GuardedBuffer<float> x = GuardedBuffer<float>.Of(X), y = new(X.Length), spectra = new((int)Call.SpectrumCount(Lengths));
        using GuardedBuffer<float> dY = GuardedBuffer<float>.Of(DY), dX = new(X.Length), partials = new((int)Call.PartialCount(Lengths));
        StateSpaceConvolution.Forward(cpu, table, Parameters, x.Span, y.Span, spectra.Span, Call, Lengths, factors, offsets);
        float[][] gradients = [Ones(_logStep), Ones(_logDecay), Ones(_frequency), Ones(_b), Ones(_c), Ones(_d)];
        var views = new StateSpaceParameters { LogStep = gradients[0], LogDecay = gradients[1], Frequency = gradients[2], B = gradients[3], C = gradients[4], D = gradients[5] };
        StateSpaceConvolution.Backward(cpu, table, Parameters, x.Span, dY.Span, dX.Span, views, spectra.Span, partials.Span, Call, Lengths, factors, offsets);
        return [dX.Span.ToArray(), .. gradients];
    }

    private static float[] Ones(float[] like) => [.. like.Select(_ => 1f)];
}
