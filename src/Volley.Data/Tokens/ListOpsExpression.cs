using static Volley.Data.ListOpsSymbols;

namespace Volley.Data;

/// <summary>Expressions of ListOps as symbols without round brackets, such as [MAX 2 9 [MIN 4 7 ] 0 ].</summary>
internal static class ListOpsExpression
{
    // Of a list that is open: its operator, the number of its members, and how many of them are 0 … 9.
    private const int Operator = 0, Members = 1, Counts = 2, FrameSize = Counts + 10;

    /// <summary>The value of an expression, 0 … 9: MIN, MAX, MED (the mean of the middle two rounded down where there is no middle one) or SM (the
    /// sum modulo 10) of a list's members.</summary>
    /// <param name="expression">The symbols; a round bracket is no part of one.</param>
    /// <param name="value">The value; 0 where there is none.</param>
    /// <returns>What is wrong with the expression, as the end of a sentence; null for nothing.</returns>
    public static string? Evaluate(ReadOnlySpan<byte> expression, out byte value)
    {
        value = 0;
        // What stands outside all lists is one too. Few expressions nest deeper than those that are generated.
        var frames = new int[16 * FrameSize];
        int depth = 0;
        for (int i = 0; i < expression.Length; i++)
        {
            Span<int> frame = frames.AsSpan(depth * FrameSize, FrameSize);
            byte symbol = expression[i];
            if (symbol > End)
                return $"has a round bracket at symbol {i}";
            if (symbol is >= Min and < End)
            {
                if (++depth * FrameSize == frames.Length)
                    Array.Resize(ref frames, 2 * frames.Length);
                frame = frames.AsSpan(depth * FrameSize, FrameSize);
                frame.Clear();
                frame[Operator] = symbol;
                continue;
            }
            int result = symbol;
            if (symbol == End)
            {
                if (depth == 0)
                    return $"ends a list at symbol {i} that was not begun";
                if (frame[Members] == 0)
                    return $"has an empty list at symbol {i}";
                result = Result(frame);
                frame = frames.AsSpan(--depth * FrameSize, FrameSize);
            }
            frame[Members]++;
            frame[Counts + result]++;
            value = (byte)result;
        }
        if (depth > 0)
            return $"has {depth} lists without an end";
        return frames[Members] == 1 ? null : $"has {frames[Members]} values beside each other outside a list, expected one";
    }

    /// <summary>The same expression with the round brackets of the published files: every member but the first joins a list in brackets of its own,
    /// [MAX 2 9 ] is ( ( ( [MAX 2 ) 9 ) ] ). It has 3n − 2 symbols.</summary>
    /// <param name="expression">A sound expression of n symbols.</param>
    public static byte[] WithBrackets(ReadOnlySpan<byte> expression)
    {
        var members = new int[expression.Length];   // of the list that begins at this symbol
        var begun = new Stack<int>();
        for (int i = 0; i < expression.Length; i++)
        {
            if (expression[i] == End)
                begun.Pop();
            else if (begun.TryPeek(out int list))
                members[list]++;
            if (expression[i] is >= Min and < End)
                begun.Push(i);
        }

        var result = new byte[3 * expression.Length - 2];
        int at = 0;
        for (int i = 0; i < expression.Length; i++)
        {
            byte symbol = expression[i];
            bool begins = symbol is >= Min and < End;
            // One for each member, and one for the end.
            for (int k = 0; begins && k <= members[i]; k++)
                result[at++] = Open;
            result[at++] = symbol;
            if (begins)
                begun.Push(i);
            else if (begun.Count > 0)
                result[at++] = Close;
            if (symbol == End)
            {
                begun.Pop();
                if (begun.Count > 0)
                    result[at++] = Close;
            }
        }
        return result;
    }

    private static int Result(ReadOnlySpan<int> frame)
    {
        ReadOnlySpan<int> counts = frame[Counts..];
        int members = frame[Members];
        switch (frame[Operator])
        {
            case Min:
                return Ordered(counts, 0);
            case Max:
                return Ordered(counts, members - 1);
            case Median:
                return (Ordered(counts, (members - 1) / 2) + Ordered(counts, members / 2)) / 2;
            default:
                long sum = 0;
                for (int v = 0; v < 10; v++)
                    sum += (long)v * counts[v];
                return (int)(sum % 10);
        }
    }

    /// <summary>The member of that place when they are sorted.</summary>
    private static int Ordered(ReadOnlySpan<int> counts, int place)
    {
        int value = 0;
        while (place >= counts[value])
            place -= counts[value++];
        return value;
    }
}
