// Recognises a recording while it goes on: dotnet run -c Release --project samples/Streaming [MODEL] [WAV]
// Samples come in chunks of 20 ms; front end and network take one time step after another and allocate nothing.
// Without arguments no data are needed: recordings are made up, and a small network learns them first, in seconds.
using Volley.Data;
using Volley.Data.Audio;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Samples.Streaming;
using Volley.Serialization;
using Volley.Streaming;

if (args.Length == 1)
{
    Console.Error.WriteLine("A model needs a recording: samples/Streaming MODEL WAV");
    return 2;
}
using Chirps? chirps = args.Length == 0 ? new Chirps() : null;
string modelPath = chirps?.Train() ?? args[0], wavPath = chirps?.AnyRecording ?? args[1];

#region open
Model model = ModelFile.Open(modelPath);
using var wav = WavReader.Open(wavPath);
long samples = wav.Frames!.Value;

FrontEnd input = AudioInput.Of(model, wav.Rate);         // resampler where it is needed, front end, standardisation
FrontEndStream audio = input.Open(samples);
using var cpu = new Cpu(1);
var network = new ModelStream(model, cpu, spikes: input.Kind == SampleKind.Spikes);
var best = new int[1];
#endregion

IReadOnlyList<string> names = model.Input?.ClassNames ?? [.. Enumerable.Range(0, model.Classes).Select(c => $"class {c}")];
Console.WriteLine($"{Path.GetFileName(wavPath)}: {(double)samples / wav.Rate:F2} s at {wav.Rate} Hz; {model.Input?.FrontEnd?.Name}, a step of {1000 * input.TimeStep:0.#} ms"
    + (input.Causal ? "" : "; it needs the level of the whole recording, so the steps come at the end"));

var meter = new StepMeter(input.Steps(samples) + model.ExtraSteps, model.Classes);
var chunk = new float[Math.Min(wav.Rate / 50, samples)];
// Once without looking, so that what is measured is compiled.
meter.Start();
Feed(chunk);
End();
audio.Clear();
network.Clear();
meter.Clear();

int heard = 0;
while (wav.Read(chunk) is > 0 and int read)
{
    meter.Start();
    Feed(chunk.AsSpan(0, read));
    meter.Stop();
    heard += read;
    if (heard / (wav.Rate / 10) > (heard - read) / (wav.Rate / 10) && meter.Steps > 0)
        Console.WriteLine($"  {1000L * heard / wav.Rate,5} ms  {names[best[0]]}");
}
meter.Start();
End();
meter.Stop();

Console.WriteLine($"it was '{names[best[0]]}': {string.Join(", ", names.Zip(meter.Scores.ToArray()).OrderByDescending(pair => pair.Second).Take(3).Select(pair => $"{pair.First} {pair.Second:F2}"))}");
Console.WriteLine($"{meter.Steps} steps, {meter.Spikes} spikes; {meter.AllocatedBytes} bytes allocated");
Console.WriteLine($"a step takes {meter.Microseconds(0.5):F1} us (median), {meter.Microseconds(0.99):F1} us (p99); real-time factor {meter.Seconds * wav.Rate / samples:F4}");

(float[] scores, long spikes) = WholeRecording.Evaluate(model, wavPath);
bool same = meter.Scores.SequenceEqual(scores) && meter.Spikes == spikes;
Console.WriteLine(same ? "the whole recording at once: the same scores, bit for bit, and the same spikes" : $"the whole recording at once: OTHER scores or spikes ({spikes})");
return same && meter.AllocatedBytes == 0 ? 0 : 1;

#region feed
void Feed(ReadOnlySpan<float> block)                     // as it comes from the microphone
{
    while (block.Length > 0)
    {
        block = block[audio.Accept(block)..];
        TakeSteps();
    }
}

void End()                                               // the recording is over: what waited for more comes out
{
    audio.Finish();
    TakeSteps();
    while (network.Drain(out ReadOnlySpan<float> scores))    // what learned delays still hold
        Decide(scores);
}

void TakeSteps()
{
    while (audio.TryRead(network.Input))
    {
        Decide(network.Step());                          // the scores of the recording up to here
    }
}

void Decide(ReadOnlySpan<float> scores)
{
    Metrics.ArgMax(scores, best, 1, model.Classes);
    meter.Step(scores, network.Fired);
}
#endregion
