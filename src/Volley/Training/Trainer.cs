using System.Diagnostics;
using System.Runtime.InteropServices;
using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Training.Costs;

namespace Volley.Training;

/// <summary>Trains a model. The loop is the caller's: <see cref="Fit"/> yields a report an epoch, and the caller may stop, save or go on.</summary>
/// <remarks>Every random number is a pure function of (seed, epoch, batch), so a run that was saved anywhere and loaded again goes on with the same bits.</remarks>
public sealed class Trainer : IDisposable
{
    private readonly Model _model;
    private readonly Optimizer _optimizer;
    private readonly Cpu _cpu;
    private readonly TrainerOptions _options;
    private readonly Arena _arena = new(), _evaluationArena = new();
    private readonly Tape _tape, _evaluationTape;
    private readonly KeptTensors _statistics;
    private readonly IAnnealed[] _annealed;
    private readonly double[] _norms;
    private readonly Dictionary<string, float> _groupRates = [];

    public Trainer(Model model, Optimizer optimizer, Cpu cpu, TrainerOptions options)
    {
        (_model, _optimizer, _cpu, _options) = (model, optimizer, cpu, options);
        _tape = new Tape(cpu, _arena, training: true) { Truncate = options.Truncate };
        _evaluationTape = new Tape(cpu, _evaluationArena, training: false);
        _statistics = new KeptTensors(model.Buffers);
        _annealed = [.. model.Modules.OfType<IAnnealed>()];
        _norms = new double[optimizer.Parameters.Count];
        State = new TrainerState();
    }

    /// <summary>Where training stands; with the model's and the optimiser's tensors, all there is to resume from.</summary>
    public TrainerState State { get; internal set; }

    internal Model Model => _model;

    internal Optimizer Optimizer => _optimizer;

    /// <summary>Trains the epochs that are left and reports each. With a cancelled token the current step is finished and the enumeration ends;
    /// <see cref="State"/> then stands inside an epoch, and another call goes on from there.</summary>
    /// <param name="train">Batches to learn from.</param>
    /// <param name="valid">Batches that decide which epoch is best; null for none.</param>
    /// <param name="onStep">Called after every step, on this thread; it may save.</param>
    /// <exception cref="TrainingFailedException">A loss or gradient is not finite. Nothing was changed by the failing step.</exception>
    public IEnumerable<EpochReport> Fit(IBatches train, IBatches? valid, IProgress<StepReport>? onStep = null, CancellationToken cancellation = default)
    {
        while (State.Epoch < _options.Epochs && !State.Stopped)
        {
            var watch = Stopwatch.StartNew();
            foreach (Batch batch in train.Epoch(State.Epoch, State.Batch))
            {
                if (cancellation.IsCancellationRequested)
                    yield break;
                double loss = Step(batch, train.BatchesPerEpoch);
                onStep?.Report(new StepReport(State.Epoch, State.Batch, train.BatchesPerEpoch, loss));
            }
            if (cancellation.IsCancellationRequested && State.Batch < train.BatchesPerEpoch)
                yield break;
            double seconds = watch.Elapsed.TotalSeconds;
            Evaluation? result = valid is null ? null : Evaluate(valid);
            yield return EndEpoch(result, seconds);
        }
    }

    /// <summary>Learns from one batch; returns its loss. <see cref="Fit"/> does nothing else with each batch, so a loop of the caller's own may.</summary>
    /// <exception cref="TrainingFailedException">A loss or gradient is not finite. Parameters and running statistics are as they were before the step.</exception>
    public double Step(Batch batch, int batchesPerEpoch)
    {
        _statistics.Keep();
        try
        {
            return Learn(batch, batchesPerEpoch);
        }
        catch
        {
            _statistics.Restore();
            throw;
        }
    }

    private double Learn(Batch batch, int batchesPerEpoch)
    {
        foreach (IAnnealed module in _annealed)
            module.Anneal(State.Epoch, _options.Epochs);
        var progress = new Progress((long)State.Epoch * batchesPerEpoch + State.Batch, batchesPerEpoch, _options.Epochs);
        _tape.Clear();
        _arena.Reset();
        _tape.Random = new Rng(_options.Seed).Fork("pass").Fork(State.Epoch).Fork(State.Batch);
        _optimizer.ClearGradients();
        Check(batch);
        Prediction prediction = _model.Forward(_tape, batch.Input);
        Tensor lossTensor = _options.Loss.Compute(_tape, prediction, batch);
        double loss = lossTensor.Data[0];
        if (_options.RateRegularizer is { } regularizer)
            loss += regularizer.Apply(_tape);
        if (!double.IsFinite(loss))
            throw Explain(batch, "loss");
        _tape.Backward(lossTensor);
        CheckAndClip(batch);
        double rate = _options.Rate * _options.Schedule.Factor(progress) * State.Plateau.Factor;
        foreach ((string name, GroupRate group) in _options.Groups)
            _groupRates[name] = (float)(group.Rate * group.Schedule.Factor(progress) * State.Plateau.Factor);
        _optimizer.Step(_cpu, (float)rate, (float?)_options.Schedule.Momentum(progress), _groupRates);

        State.Batch++;
        State.Rate = rate;
        State.LossSum += loss * batch.Count;
        State.Samples += batch.Count;
        Count(prediction.Scores, batch);
        foreach (Observation observation in _tape.Observations)
        {
            State.Spikes += SpikeBits.CountSpikes(observation.Spikes.Bits);
            State.NeuronSamples += (long)observation.Spikes.Shape.Step.Count * batch.Count;
        }
        return loss;
    }

    private TrainingFailedException Explain(Batch batch, string what)
    {
        _statistics.Restore();
        return Failure.Explain(_model, _tape, batch, State, what);
    }

    private void CheckAndClip(Batch batch)
    {
        double squares = 0;
        // Backwards, as gradients flow: the first that is not finite is where it began.
        for (int i = _optimizer.Parameters.Count - 1; i >= 0; i--)
        {
            NamedParameter parameter = _optimizer.Parameters[i];
            double square = Reduce.SquaredNorm(_cpu, parameter.Parameter.Gradient.Data);
            squares += square;
            if (!double.IsFinite(squares))
                throw Explain(batch, $"gradient of {parameter.Path}");
            _norms[i] = Math.Sqrt(square);
        }
        CountNorms();
        double norm = Math.Sqrt(squares);
        if (_options.ClipNorm is not { } limit || norm <= limit)
            return;
        foreach (NamedParameter parameter in _optimizer.Parameters)
            Elementwise.Scale(_cpu, parameter.Parameter.Gradient.Data, (float)(limit / norm));
    }

    private void CountNorms()
    {
        // A checkpoint of a version that did not count them brings none.
        if (State.GradientNorms.Length != _norms.Length)
            (State.GradientNorms, State.GradientSteps) = (new double[_norms.Length], 0);
        State.GradientSteps++;
        for (int i = 0; i < _norms.Length; i++)
            State.GradientNorms[i] += _norms[i];
    }

    private EpochReport EndEpoch(Evaluation? valid, double seconds)
    {
        bool best = valid is not null && (valid.Accuracy > State.BestAccuracy || (valid.Accuracy == State.BestAccuracy && valid.Loss < State.BestLoss));
        if (best)
        {
            (State.BestAccuracy, State.BestLoss, State.BestEpoch, State.EpochsSinceBest) = (valid!.Accuracy, valid.Loss, State.Epoch, 0);
            State.Best = Snapshot.Of(_model);
        }
        else
        {
            State.EpochsSinceBest++;
        }
        if (valid is not null && _options.Schedule is PlateauSchedule plateau)
            State.Plateau = plateau.Observe(State.Plateau, valid.Accuracy);
        if (_options.Patience > 0 && valid is not null && State.EpochsSinceBest >= _options.Patience)
            State.Stopped = true;
        var report = new EpochReport(State.Epoch, State.LossSum / Math.Max(State.Samples, 1), (double)State.Correct / Math.Max(State.Labels, 1), valid,
            State.Rate, seconds, State.NeuronSamples == 0 ? 0 : (double)State.Spikes / State.NeuronSamples, best)
        {
            Steps = State.Batch,
            GradientNorms = State.GradientSteps == 0 ? [] : [.. State.GradientNorms.Select((sum, i) => new GradientNorm(_optimizer.Parameters[i].Path, sum / State.GradientSteps))],
        };
        State.Epoch++;
        State.Batch = 0;
        (State.LossSum, State.Samples, State.Labels, State.Correct, State.Spikes, State.NeuronSamples) = (0, 0, 0, 0, 0, 0);
        State.GradientSteps = 0;
        Array.Clear(State.GradientNorms);
        return report;
    }

    /// <summary>Runs the model over <paramref name="batches"/> in evaluation mode.</summary>
    /// <param name="batches">The samples.</param>
    /// <param name="interpolateDelays">False to round learned delays to whole steps, as they are deployed; true to evaluate what training sees.</param>
    /// <param name="measureCost">True to count operations too: <see cref="Evaluation.Cost"/>.</param>
    public Evaluation Evaluate(IBatches batches, bool interpolateDelays = false, bool measureCost = false)
    {
        CostCounter? cost = measureCost ? new CostCounter(_model) : null;
        Tape tape = interpolateDelays || measureCost
            ? new Tape(_cpu, _evaluationArena, training: false) { InterpolatesDelays = interpolateDelays, Watcher = cost is null ? null : cost.Watch }
            : _evaluationTape;
        var confusion = new int[_model.Classes, _model.Classes];
        Span<int> counts = MemoryMarshal.CreateSpan(ref confusion[0, 0], confusion.Length);
        var rates = new RateCounter();
        double loss = 0;
        int samples = 0, number = 0;
        int[] predictions = [];
        var all = new List<int>(batches.Samples);
        foreach (Batch batch in batches.Epoch(0))
        {
            tape.Clear();
            _evaluationArena.Reset();
            tape.Random = new Rng(_options.Seed).Fork("evaluation").Fork(number++);
            Check(batch);
            Prediction prediction = _model.Forward(tape, batch.Input);
            loss += _options.Loss.Compute(tape, prediction, batch).Data[0] * batch.Count;
            samples += batch.Count;
            bool steps = !batch.StepLabels.IsEmpty;
            ReadOnlySpan<int> labels = steps ? batch.StepLabels.Span : batch.Labels.Span;
            Array.Resize(ref predictions, labels.Length);
            Metrics.ArgMax(prediction.Scores.Data, predictions, labels.Length, _model.Classes);
            if (steps)
            {
                AddOwnSteps(all, predictions, batch.Input);
                Metrics.AddStepConfusion(labels, predictions, counts, _model.Classes);
            }
            else
            {
                all.AddRange(predictions);
                Metrics.AddConfusion(labels, predictions, counts, _model.Classes);
            }
            rates.Add(tape, batch.Count);
            cost?.Add(tape, batch.Count);
        }
        return new Evaluation(loss / Math.Max(samples, 1), confusion, rates) { Predictions = all, Cost = cost?.Report() };
    }

    private void Count(Tensor scores, Batch batch)
    {
        ReadOnlySpan<int> labels = batch.StepLabels.IsEmpty ? batch.Labels.Span : batch.StepLabels.Span;
        Span<int> predictions = _arena.Take((nint)labels.Length * sizeof(int)).View<int>(labels.Length);
        Metrics.ArgMax(scores.Data, predictions, labels.Length, scores.Shape.Last);
        for (int i = 0; i < labels.Length; i++)
        {
            State.Labels += labels[i] >= 0 ? 1 : 0;
            State.Correct += labels[i] == predictions[i] ? 1 : 0;
        }
    }

    /// <summary>Adds what was predicted for the steps of each sample, without its padding.</summary>
    private static void AddOwnSteps(List<int> all, int[] predictions, Signal input)
    {
        int steps = input.Shape[1];
        for (int b = 0; b < input.Shape[0]; b++)
            all.AddRange(predictions.AsSpan(b * steps, input.Lengths?[b] ?? steps));
    }

    /// <summary>Labels of steps and decisions at steps go together.</summary>
    private void Check(Batch batch)
    {
        if (_model.Readout == ReadoutKind.EachStep != !batch.StepLabels.IsEmpty)
        {
            throw new ArgumentException(_model.Readout == ReadoutKind.EachStep
                ? $"The readout of {_model.Name} is each-step, but the batch has one label a sample; choose another readout."
                : $"The batch has a label for every time step, but the readout of {_model.Name} is {_model.Readout}; it must be each-step.", nameof(batch));
        }
    }

    public void Dispose()
    {
        _arena.Dispose();
        _evaluationArena.Dispose();
    }
}
