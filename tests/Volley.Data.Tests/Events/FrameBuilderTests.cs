using Volley.Recipes;

namespace Volley.Data.Tests;

/// <summary>Frames of events beside the plainest way to count them.</summary>
public sealed class FrameBuilderTests
{
    [Theory]
    [InlineData(SliceBy.Number, null, 34)]
    [InlineData(SliceBy.Time, null, 34)]
    [InlineData(SliceBy.Time, 0.003, 34)]
    [InlineData(SliceBy.Number, null, 17)]
    [InlineData(SliceBy.Time, null, 20)]
    [InlineData(SliceBy.Time, null, 1)]
    public void Events_are_counted_in_their_frame(SliceBy by, double? bin, int size)
    {
        const int side = 34;
        foreach (int steps in (int[])[1, 2, 7, 30])
        {
            foreach (int count in (int[])[1, 2, 29, 1000])
            {
                CameraEvent[] events = EventWriter.Random(count, side, count);
                var options = new EventFrameOptions { Steps = steps, By = by, Bin = bin, Size = size };
                var expected = new double[steps, size, size, 2];
                int kept = 0;
                for (int i = 0; i < count; i++)
                {
                    long start = events[0].Time, span = events[^1].Time - start + 1;
                    double slice = by == SliceBy.Number ? (double)i * steps / count : bin is { } b ? (events[i].Time - start) / (b * 1e6) : (double)(events[i].Time - start) * steps / span;
                    if (slice >= steps)
                        continue;
                    kept++;
                    // A pixel is a square of the smaller grid: what of it lies in each cell.
                    double scale = (double)size / side;
                    for (int row = 0; row < size; row++)
                    {
                        for (int column = 0; column < size; column++)
                            expected[(int)(slice + 1e-12), row, column, events[i].On ? 1 : 0] += Overlap(events[i].Y, row, scale) * Overlap(events[i].X, column, scale);
                    }
                }
                float[] actual = Values(options, side, events);
                double sum = 0;
                for (int t = 0, at = 0; t < steps; t++)
                {
                    for (int row = 0; row < size; row++)
                    {
                        for (int column = 0; column < size; column++)
                        {
                            for (int p = 0; p < 2; p++, at++)
                            {
                                Assert.Equal(expected[t, row, column, p], actual[at], 1e-4);
                                sum += actual[at];
                            }
                        }
                    }
                }
                Assert.Equal(kept, sum, 1e-2);
            }
        }
    }

    [Fact]
    public void Spikes_say_whether_there_was_an_event()
    {
        const int side = 34;
        foreach (int size in (int[])[34, 17, 20])
        {
            CameraEvent[] events = EventWriter.Random(300, side, 5);
            var options = new EventFrameOptions { Steps = 4, By = SliceBy.Number, Size = size, As = FrameContent.Spikes };
            var expected = new bool[4 * size * size * 2];
            for (int i = 0; i < events.Length; i++)
            {
                int row = (int)((events[i].Y + 0.5) * size / side), column = (int)((events[i].X + 0.5) * size / side);
                expected[((i * 4 / 300 * size + row) * size + column) * 2 + (events[i].On ? 1 : 0)] = true;
            }
            EventFrames data = Data(options, side, events);
            Assert.Equal((SampleKind.Spikes, 2 * size * size), (data.Info.Kind, data.Info.Units));
            int words = SpikeWords.Per(data.Info.Units);
            var bits = new ulong[4 * words];
            Array.Fill(bits, ulong.MaxValue);
            data.ReadSpikes(0, bits);
            for (int t = 0; t < 4; t++)
            {
                for (int unit = 0; unit < 64 * words; unit++)
                    Assert.Equal(unit < data.Info.Units && expected[t * data.Info.Units + unit], (bits[t * words + unit / 64] >> unit % 64 & 1) == 1);
            }
        }
    }

    [Fact]
    public void By_hand()
    {
        // Four events at 0, 1, 2 and 9 microseconds of five pixels a side.
        CameraEvent[] events = [new(0, 0, 0, true), new(1, 1, 0, true), new(2, 0, 1, false), new(9, 4, 4, true)];
        var two = new EventFrameOptions { Steps = 2, Size = 5 };
        Assert.Equal([3, 1], Sums(Values(two, 5, events), 2));
        Assert.Equal([2, 2], Sums(Values(two with { By = SliceBy.Number }, 5, events), 2));
        Assert.Equal([2, 1], Sums(Values(two with { Bin = 2e-6 }, 5, events), 2));
        // Out of order, the first and the last count all the same.
        Assert.Equal([3, 1], Sums(Values(two, 5, [events[3], events[1], events[0], events[2]]), 2));
        // Five pixels become two: the middle one is shared, half and half.
        Assert.Equal([1, 1, 0.5f, 1, 1], PixelShare.Axis(5, 2, whole: false).Select(share => share.Part));
        Assert.Equal([0, 0, 0, 1, 1], PixelShare.Axis(5, 2, whole: false).Select(share => share.Cell));
        Assert.Equal([0, 0, 1, 1, 1], PixelShare.Axis(5, 2, whole: true).Select(share => share.Cell));
        // Three eighths a pixel: 0, 3, 6 | 9: pixel 2 has two thirds of itself before the edge at 8.
        Assert.Equal([1, 1, 2 / 3f, 1, 1, 1 / 3f, 1, 1], PixelShare.Axis(128, 48, whole: false).Take(8).Select(share => share.Part));
        Assert.All(PixelShare.Axis(128, 48, whole: false), share => Assert.InRange(share.Cell, 0, share.Part < 1 ? 46 : 47));
    }

    [Fact]
    public void One_recording_leaves_nothing_to_the_next()
    {
        var options = new EventFrameOptions { Steps = 3, Size = 20 };
        var builder = new FrameBuilder(options, 34);
        builder.Build(EventWriter.Random(700, 34, 1));
        CameraEvent[] events = EventWriter.Random(50, 34, 2);
        SparseFrames again = builder.Build(events), alone = new FrameBuilder(options, 34).Build(events);
        Assert.Equal(alone.Ends, again.Ends);
        Assert.Equal(alone.Places, again.Places);
        Assert.Equal(alone.Counts, again.Counts);
    }

    [Fact]
    public void Options_are_checked()
    {
        Says("Size is 35; expected 1 … 34", new EventFrameOptions { Size = 35 });
        Says("Steps is 0", new EventFrameOptions { Steps = 0 });
        Says("Bin is 0", new EventFrameOptions { Bin = 0 });
        Says("goes with slices by time", new EventFrameOptions { Bin = 1, By = SliceBy.Number });
        Assert.Contains("more than an array can hold", Assert.Throws<ArgumentException>(() => new FrameBuilder(new EventFrameOptions { Steps = 65_536, Size = 128 }, 128)).Message);

        void Says(string what, EventFrameOptions options) => Assert.Contains(what, Assert.ThrowsAny<ArgumentException>(() => new FrameBuilder(options, 34)).Message);
    }

    private static EventFrames Data(EventFrameOptions options, int side, CameraEvent[] events) =>
        new("events", ["a", "b"], options, [new FrameBuilder(options, side).Build(events)], [0]);

    private static float[] Values(EventFrameOptions options, int side, CameraEvent[] events)
    {
        EventFrames data = Data(options, side, events);
        var values = new float[data.Info.MaxSteps * data.Info.Units];
        Array.Fill(values, float.NaN);
        data.ReadValues(0, values);
        return values;
    }

    private static float[] Sums(float[] values, int frames) => [.. values.Chunk(values.Length / frames).Select(frame => frame.Sum())];

    private static double Overlap(int pixel, int cell, double scale) => Math.Max(0, Math.Min((pixel + 1) * scale, cell + 1) - Math.Max(pixel * scale, cell)) / scale;
}
