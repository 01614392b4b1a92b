using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Tests.Tensors;

public sealed class ArenaTests
{
    [Fact]
    public void ATensorThrowsAfterItsArenaWasReset()
    {
        using var arena = new Arena();
        var tensor = Tensor.In(arena, new Shape(2, 3));
        var spikes = Spikes.In(arena, new Shape(2, 3), withSigns: true);
        Tensor view = tensor.Reshaped(new Shape(6));
        arena.Reset();
        foreach (Action use in (Action[])[() => _ = tensor.Data[0], () => _ = view.Data[0], () => _ = spikes.Bits[0], () => _ = spikes.Negative[0]])
            Assert.Contains("reset", Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATensorThrowsAfterItsArenaWasDisposed()
    {
        var arena = new Arena();
        var tensor = Tensor.In(arena, new Shape(4));
        arena.Dispose();
        Assert.Throws<InvalidOperationException>(() => _ = tensor.Data[0]);
    }

    [Fact]
    public void TensorsDoNotOverlapAndKeepTheirValuesWhileTheArenaGrows()
    {
        using var arena = new Arena();
        var tensors = new List<Tensor>();
        for (int i = 0; i < 40; i++)
        {
            var tensor = Tensor.In(arena, new Shape(1 + i * 4001));
            tensor.Data.Fill(i);
            tensors.Add(tensor);
        }
        for (int i = 0; i < tensors.Count; i++)
            Assert.Equal(-1, tensors[i].Data.IndexOfAnyExcept(i));
    }

    [Fact]
    public void AfterAStepThatGrewTheNextOneAllocatesNothing()
    {
        using var arena = new Arena();
        nint used = Fill();
        for (int step = 0; step < 3; step++)
        {
            arena.Reset();
            Assert.Equal(0, arena.UsedBytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(used, Fill());
            // Forty small objects, and no buffer.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 * 160);
        }

        nint Fill()
        {
            for (int i = 0; i < 40; i++)
                Tensor.In(arena, new Shape(30_000)).Data[^1] = 1;
            return arena.UsedBytes;
        }
    }

    [Fact]
    public void EverythingStartsAtACacheLine()
    {
        using var arena = new Arena();
        for (int i = 1; i < 20; i++)
        {
            nint before = arena.UsedBytes;
            Tensor.In(arena, new Shape(i));
            Assert.Equal(0, before % 64);
        }
    }

    [Fact]
    public void TheCollectorKnowsOfMemoryOutsideItsHeap()
    {
        // A gigabyte of tensors that nobody holds: the collector must find a reason to run. Waiting for finalizers does not make it run.
        long before = Environment.WorkingSet;
        for (int i = 0; i < 256; i++)
        {
            Tensor.Zeros(new Shape(1 << 20));
            if (i % 16 == 0)
                GC.WaitForPendingFinalizers();
        }
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 700L << 20);
    }

    [Fact]
    public void ABufferRefusesViewsBeyondItsEndAndAfterItsEnd()
    {
        var buffer = new AlignedBuffer(64);
        Assert.Equal(16, buffer.View<float>(0, 16).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = buffer.View<float>(4, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = buffer.View<float>(-4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = buffer.View<float>(0, int.MaxValue));
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = buffer.View<float>(0, 1));
    }
}
