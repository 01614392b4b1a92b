using System.Runtime.CompilerServices;
using Volley.Tensors;

namespace Volley.Tests.Tensors;

public sealed class OwnMemoryTests
{
    /// <summary>A kernel has only the span of a tensor that nobody else refers to any more.</summary>
    [Fact]
    public void ASpanKeepsItsTensorsMemoryAlive()
    {
        for (int round = 0; round < 20; round++)
        {
            Span<float> data = Filled();
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                // What was freed would be handed out again.
                Filled().Fill(-1);
            }
            Assert.Equal(-1, data.IndexOfAnyExcept(7f));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Span<float> Filled()
        {
            Span<float> data = Tensor.Zeros(new Shape(100_000)).Data;
            data.Fill(7);
            return data;
        }
    }

    [Fact]
    public unsafe void ATensorBeginsAtACacheLine()
    {
        for (int size = 1; size < 40; size += 3)
        {
            fixed (float* data = Tensor.Zeros(new Shape(size)).Data)
                Assert.Equal(0, (nint)data % 64);
        }
    }
}
