using Volley.Kernels;

namespace Volley.Testing;

/// <summary>Every vector width, and one thread or several: the result of a kernel must not depend on either.</summary>
public static class TestCpus
{
    /// <summary>Runs <paramref name="test"/> on 1 and 3 threads at every width.</summary>
    public static void ForEach(Action<Cpu> test)
    {
        foreach (LaneWidth width in LaneWidths.All)
        {
            foreach (int threads in (int[])[1, 3])
            {
                using var cpu = new Cpu(threads, width);
                test(cpu);
            }
        }
    }

    /// <summary>Runs <paramref name="compute"/> at every width on 1 and 3 threads and returns its result; throws unless all are the same bits.</summary>
    public static float[] SameBits(Func<Cpu, float[]> compute)
    {
        float[]? first = null;
        ForEach(cpu =>
        {
            float[] result = compute(cpu);
            if (first is null)
            {
                first = result;
                return;
            }
            if (result.Length != first.Length)
                throw new InvalidOperationException($"{cpu.Width} x {cpu.Threads} threads: {result.Length} elements, not {first.Length}.");
            for (int i = 0; i < result.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(result[i]) != BitConverter.SingleToInt32Bits(first[i]))
                    throw new InvalidOperationException($"{cpu.Width} x {cpu.Threads} threads: element {i} is {result[i]:R}, not {first[i]:R}.");
            }
        });
        return first!;
    }
}
