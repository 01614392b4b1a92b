using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>A stream of random numbers without state: element i is a pure function of (<see cref="Key"/>, i), so it depends neither on what was
/// drawn before nor on threads or vector widths. Fork a stream for every use.</summary>
/// <remarks>All draws but <see cref="FillBits"/> share the words of <see cref="Bits32"/>: element i of one is not independent of element i of another.</remarks>
public readonly unsafe record struct Rng
{
    // The third counter word keeps the uses of one key apart.
    private const uint ForWords = 0, ForNames = 1, ForIndices = 2, ForBits = 3;

    private const int ChunkBlocks = 64, ChunkWords = 4 * ChunkBlocks;

    public Rng(ulong seed) => Key = seed;

    /// <summary>All there is to the stream: the seed of a root, a hash for a fork. <c>new Rng(key)</c> is the same stream again.</summary>
    public ulong Key { get; }

    /// <summary>The stream of that name under this one; the same name gives the same stream in every process and on every machine.</summary>
    public Rng Fork(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Fork(Hash(name), ForNames);
    }

    /// <summary>The stream with that number (an epoch, a step, a sample) under this one.</summary>
    public Rng Fork(long index) => Fork((ulong)index, ForIndices);

    private Rng Fork(ulong value, uint use)
    {
        var (x0, x1, _, _) = Philox.Block((uint)value, (uint)(value >> 32), use, 0, Key);
        return new Rng(x0 | (ulong)x1 << 32);
    }

    /// <summary>FNV-1a over the UTF-16 code units, low byte first (Fowler, Noll &amp; Vo 1991).</summary>
    private static ulong Hash(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in name)
        {
            hash = (hash ^ (byte)c) * 1099511628211;
            hash = (hash ^ (byte)(c >> 8)) * 1099511628211;
        }
        return hash;
    }

    /// <summary>32 random bits.</summary>
    public uint Bits32(long index)
    {
        ulong block = (ulong)index >> 2;
        var (x0, x1, x2, x3) = Philox.Block((uint)block, (uint)(block >> 32), ForWords, 0, Key);
        return (index & 3) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>64 random bits: words 2·index and 2·index + 1.</summary>
    public ulong Bits64(long index) => Bits32(2 * index) | (ulong)Bits32(2 * index + 1) << 32;

    /// <summary>A whole number in 0 … <paramref name="end"/> − 1, from the 64 bits of <see cref="Bits64"/>: no value is favoured by more than 2⁻³².</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="end"/> is below 1.</exception>
    public int Below(int end, long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, 1);
        return (int)Math.BigMul(Bits64(index), (ulong)end, out _);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻²⁴.</summary>
    public float Uniform(long index) => Unit(Bits32(index));

    /// <summary>Normal with mean 0 and variance 1; at most 5.8 in size.</summary>
    public float Normal(long index)
    {
        NormalPair(new F32(UnitAboveZero(Bits32(index & ~1L))), new F32(Unit(Bits32(index | 1))), out F32 even, out F32 odd);
        return (index & 1) == 0 ? even.Value : odd.Value;
    }

    private static float Unit(uint word) => (word >> 8) * (1f / (1 << 24));

    private static float UnitAboveZero(uint word) => ((word >> 8) + 1) * (1f / (1 << 24));

    /// <summary>Box &amp; Muller 1958: √(−2 ln u)·(cos, sin)(2πv).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NormalPair<L>(L u, L v, out L even, out L odd) where L : struct, IVectorLane<L>
    {
        L radius = L.Sqrt(LaneMath.Log(u) * L.Of(-2));
        LaneMath.CosSinOfTurns(v, out L cos, out L sin);
        even = radius * cos;
        odd = radius * sin;
    }

    /// <summary>destination[i] = min + (max − min)·Uniform(i), kept below <paramref name="max"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="max"/> is not above <paramref name="min"/>, or one is not finite.</exception>
    public void FillUniform(Cpu cpu, Span<float> destination, float min, float max)
    {
        if (!(max > min) || !float.IsFinite(max - min))
            throw new ArgumentException($"The range [{min:R}, {max:R}) must be finite and not empty.", nameof(max));
        Fill(cpu, destination, normal: false, min, max - min, MathF.BitDecrement(max));
    }

    /// <summary>destination[i] = mean + sd·Normal(i).</summary>
    public void FillNormal(Cpu cpu, Span<float> destination, float mean, float sd) =>
        Fill(cpu, destination, normal: true, mean, sd, float.PositiveInfinity);

    private void Fill(Cpu cpu, Span<float> destination, bool normal, float offset, float scale, float most)
    {
        int count = destination.Length, chunks = (count + ChunkWords - 1) / ChunkWords;
        fixed (float* p = destination)
        {
            switch (cpu.Width)
            {
                case LaneWidth.Vector512: Rows.For(cpu, chunks, 8, new Chunks<F32x16, W8>(Key, p, count, normal, offset, scale, most)); break;
                case LaneWidth.Vector256: Rows.For(cpu, chunks, 8, new Chunks<F32x8, W4>(Key, p, count, normal, offset, scale, most)); break;
                case LaneWidth.Vector128: Rows.For(cpu, chunks, 8, new Chunks<F32x4, W2>(Key, p, count, normal, offset, scale, most)); break;
                default: Rows.For(cpu, chunks, 8, new Chunks<F32, W1>(Key, p, count, normal, offset, scale, most)); break;
            }
        }
    }

    private struct Chunks<L, W>(ulong key, float* destination, int count, bool normal, float offset, float scale, float most) : IRows
        where L : struct, IVectorLane<L>
        where W : struct, IWordLane<W>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            ulong* words = stackalloc ulong[2 * ChunkBlocks];
            float* values = stackalloc float[ChunkWords];
            float* u = stackalloc float[2 * ChunkBlocks];
            float* v = stackalloc float[2 * ChunkBlocks];
            for (int chunk = start; chunk < end; chunk++)
            {
                Draw(key, (ulong)chunk * ChunkBlocks, words);
                if (normal)
                    Normals(words, u, v, values);
                else
                    Units(words, values);
                for (int i = 0; i < ChunkWords; i += L.Count)
                    L.Store(values + i, L.Min(L.MulAdd(L.Load(values + i), L.Of(scale), L.Of(offset)), L.Of(most)));
                int first = chunk * ChunkWords;
                int length = Math.Min(ChunkWords, count - first);
                new ReadOnlySpan<float>(values, length).CopyTo(new Span<float>(destination + first, length));
            }
        }

        // Words 0 and 1 of every block, then words 2 and 3 of every block.
        private static void Draw(ulong key, ulong block, ulong* words)
        {
            for (int i = 0; i < ChunkBlocks; i += 2 * W.Count)
            {
                Philox.Blocks(block + (ulong)i, block + (ulong)(i + W.Count), ForWords, key, Philox.Rounds, out W low0, out W high0, out W low1, out W high1);
                W.Store(words + i, low0);
                W.Store(words + i + W.Count, low1);
                W.Store(words + ChunkBlocks + i, high0);
                W.Store(words + ChunkBlocks + i + W.Count, high1);
            }
        }

        private static void Units(ulong* words, float* values)
        {
            for (int i = 0; i < ChunkBlocks; i++)
            {
                ulong low = words[i], high = words[ChunkBlocks + i];
                values[4 * i] = Unit((uint)low);
                values[4 * i + 1] = Unit((uint)(low >> 32));
                values[4 * i + 2] = Unit((uint)high);
                values[4 * i + 3] = Unit((uint)(high >> 32));
            }
        }

        private static void Normals(ulong* words, float* u, float* v, float* values)
        {
            for (int i = 0; i < 2 * ChunkBlocks; i++)
            {
                u[i] = UnitAboveZero((uint)words[i]);
                v[i] = Unit((uint)(words[i] >> 32));
            }
            for (int i = 0; i < 2 * ChunkBlocks; i += L.Count)
            {
                NormalPair(L.Load(u + i), L.Load(v + i), out L even, out L odd);
                L.Store(u + i, even);
                L.Store(v + i, odd);
            }
            for (int i = 0; i < ChunkBlocks; i++)
            {
                values[4 * i] = u[i];
                values[4 * i + 1] = v[i];
                values[4 * i + 2] = u[ChunkBlocks + i];
                values[4 * i + 3] = v[ChunkBlocks + i];
            }
        }
    }

    /// <summary>Fills <paramref name="items"/> with 0 … length − 1 in random order (Fisher &amp; Yates), every order as likely as any other.</summary>
    public void Permutation(Span<int> items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            // Inside-out: item i goes to a random place among the first i + 1, and what was there moves to the end.
            int place = Below(i + 1, i);
            items[i] = items[place];
            items[place] = i;
        }
    }

    /// <summary>Fills words with independent bits that are 1 with probability <paramref name="probability"/>, rounded to a multiple of 2⁻¹⁶:
    /// the masks of dropout. Bit i of the stream is bit i mod 64 of word i / 64.</summary>
    /// <remarks>One block of Philox4x32-7 serves eight bits, 16 random bits each: bit 32h + 4j + q of word w is piece 4h + q of block 8w + j.</remarks>
    /// <param name="firstWord">The place of words[0] in the stream, for a mask that is filled in parts.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is not within 0 … 1.</exception>
    public void FillBits(Cpu cpu, Span<ulong> words, double probability, long firstWord = 0)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be between 0 and 1.");
        int limit = (int)Math.Round(probability * 65536);
        if (limit == 65536)
        {
            words.Fill(ulong.MaxValue);
            return;
        }
        fixed (ulong* p = words)
        {
            int grain = Rows.Grain(cpu, words.Length, 256);
            ulong first = (ulong)firstWord;
            switch (cpu.Width)
            {
                case LaneWidth.Vector512: Rows.For(cpu, words.Length, grain, new BitWords<W8>(Key, p, first, (ushort)limit)); break;
                case LaneWidth.Vector256: Rows.For(cpu, words.Length, grain, new BitWords<W4>(Key, p, first, (ushort)limit)); break;
                case LaneWidth.Vector128: Rows.For(cpu, words.Length, grain, new BitWords<W2>(Key, p, first, (ushort)limit)); break;
                default: Rows.For(cpu, words.Length, grain, new BitWords<W1>(Key, p, first, (ushort)limit)); break;
            }
        }
    }

    private struct BitWords<W>(ulong key, ulong* words, ulong first, ushort limit) : IRows where W : struct, IWordLane<W>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            ulong k = key;
            ushort l = limit;
            ulong* w = words;
            for (int i = start; i < end; i += 2)
            {
                ulong block = (first + (ulong)i) * 8, bits0 = 0, bits1 = 0;
                for (int j = 0; j < 8; j += W.Count)
                {
                    Philox.Blocks(block + (ulong)j, block + (ulong)(j + 8), ForBits, k, Philox.FewestRounds, out W low0, out W high0, out W low1, out W high1);
                    bits0 |= (W.LessBits(low0, l) | (ulong)W.LessBits(high0, l) << 32) << 4 * j;
                    bits1 |= (W.LessBits(low1, l) | (ulong)W.LessBits(high1, l) << 32) << 4 * j;
                }
                w[i] = bits0;
                if (i + 1 < end)
                    w[i + 1] = bits1;
            }
        }
    }
}
