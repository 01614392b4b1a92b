using Volley.Kernels;
using static Volley.Data.ListOpsSymbols;

namespace Volley.Data;

/// <summary>Draws expressions by the rules of the Long Range Arena: at depth 1 … 9 a node is a list with probability 1/4, at depth 10 and else a
/// digit; a list has 2 … 10 members and one of four operators. Kept are those whose length lies between the bounds, each once.</summary>
internal sealed class ListOpsGenerator
{
    private const int MaxDepth = 10, MinMembers = 2, MaxMembers = 10;

    // So many misses in a row say that there is hardly an expression of the wanted length (the LRA's own: one of about 40 fits).
    private const int MostMisses = 500_000;

    private readonly byte[] _symbols;
    private Rng _random;
    private int _count;
    private long _drawn;

    private ListOpsGenerator(int maxLength) => _symbols = new byte[maxLength];

    /// <summary>Distinct expressions, in the order in which they were drawn.</summary>
    /// <exception cref="ArgumentException">Nearly no expression has such a length, or there are not as many.</exception>
    public static List<byte[]> Draw(int count, ListOpsOptions options)
    {
        var generator = new ListOpsGenerator(options.MaxLength);
        Rng random = new Rng(options.Seed).Fork("volley.data.listops");
        var all = new List<byte[]>(count);
        var known = new HashSet<byte[]>(new Same());
        for (long attempt = 0, last = 0; all.Count < count; attempt++)
        {
            if (attempt - last > MostMisses)
            {
                throw new ArgumentException(
                    $"Of {MostMisses} expressions in a row none is new and has more than {options.MinLength} and fewer than {options.MaxLength} symbols "
                    + $"({all.Count} of {count} were found); widen these bounds or ask for fewer.", nameof(options));
            }
            generator._random = random.Fork(attempt);
            (generator._count, generator._drawn) = (0, 0);
            if (!generator.Grow(1) || generator._count <= options.MinLength)
                continue;
            byte[] expression = generator._symbols[..generator._count];
            if (!known.Add(expression))
                continue;
            all.Add(expression);
            last = attempt;
        }
        return all;
    }

    /// <summary>False where the expression has become too long.</summary>
    private bool Grow(int depth)
    {
        ulong bits = _random.Bits64(_drawn++);
        // Three numbers from separate parts of one draw; the bias of the second and third is below 1e-5.
        bool list = depth < MaxDepth && (bits & 3) == 0;
        uint first = (uint)(bits >> 8) & 0xFFFFFF, second = (uint)(bits >> 32) & 0xFFFFFF;
        if (!list)
            return Put((byte)(first * 10UL >> 24));
        if (!Put((byte)(Min + (first >> 22))))
            return false;
        int members = MinMembers + (int)(second * (ulong)(MaxMembers - MinMembers + 1) >> 24);
        for (int i = 0; i < members; i++)
        {
            if (!Grow(depth + 1))
                return false;
        }
        return Put(End);
    }

    private bool Put(byte symbol)
    {
        // One place stays free: the bound itself is too long.
        if (_count == _symbols.Length - 1)
            return false;
        _symbols[_count++] = symbol;
        return true;
    }

    private sealed class Same : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
