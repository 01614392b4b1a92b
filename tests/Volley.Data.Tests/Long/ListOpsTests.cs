using System.Security.Cryptography;
using System.Text;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests;

public sealed class ListOpsTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData("[MIN 3 9 ]", 3)]
    [InlineData("[MAX 3 9 4 ]", 9)]
    [InlineData("[MED 5 ]", 5)]
    [InlineData("[MED 9 0 ]", 4)]
    [InlineData("[MED 1 2 ]", 1)]
    [InlineData("[MED 8 1 3 ]", 3)]
    [InlineData("[MED 1 9 4 9 ]", 6)]
    [InlineData("[SM 9 9 9 ]", 7)]
    [InlineData("[SM 5 5 ]", 0)]
    [InlineData("[MAX 2 9 [MIN 4 7 ] 0 ]", 9)]
    [InlineData("[SM [MAX 1 [MED 6 6 8 X X 2 ]", 8)]
    public void Values(string expression, int value)
    {
        Assert.Null(ListOpsExpression.Evaluate(Symbols(expression), out byte found));
        Assert.Equal(value, found);
    }

    [Theory]
    [InlineData("", "has 0 values beside each other outside a list, expected one")]
    [InlineData("1 2", "has 2 values beside each other outside a list, expected one")]
    [InlineData("[MAX 1", "has 1 lists without an end")]
    [InlineData("[MAX [MIN", "has 2 lists without an end")]
    [InlineData("[MAX ]", "has an empty list at symbol 1")]
    [InlineData("1 ]", "ends a list at symbol 1 that was not begun")]
    [InlineData("[MAX 1 ] ]", "ends a list at symbol 3 that was not begun")]
    [InlineData("( 1 )", "has a round bracket at symbol 0")]
    public void What_is_no_expression(string expression, string problem) =>
        Assert.Equal(problem, ListOpsExpression.Evaluate(Symbols(expression), out _));

    [Fact]
    public void Nesting_has_no_bound()
    {
        string deep = string.Concat(Enumerable.Repeat("[MAX ", 30_000)) + "4" + string.Concat(Enumerable.Repeat(" ]", 30_000));
        Assert.Null(ListOpsExpression.Evaluate(Symbols(deep), out byte value));
        Assert.Equal(4, value);
    }

    [Fact]
    public void Brackets_join_member_after_member()
    {
        Assert.Equal("( ( ( [MAX 2 ) 9 ) ] )", ListOpsSymbols.Text(ListOpsExpression.WithBrackets(Symbols("[MAX 2 9 ]"))));
        Assert.Equal("( ( ( [SM ( ( [MED 5 ) ] ) ) 0 ) ] )", ListOpsSymbols.Text(ListOpsExpression.WithBrackets(Symbols("[SM [MED 5 ] 0 ]"))));
        Assert.Equal("3", ListOpsSymbols.Text(ListOpsExpression.WithBrackets(Symbols("3"))));
    }

    [RealDataFact("listops")]
    public void The_published_expressions_have_these_values()
    {
        foreach (string name in (string[])["test_d20s.tsv", "test_d20a.tsv"])
        {
            string path = RealData.Of(Path.Combine("listops", name));
            // Reading checks every value; here they are compared once more, with those of a recursive evaluator, and the brackets with the text.
            IDataset data = ListOps.Read(path, new ListOpsOptions { MaxLength = 65_536 });
            string[] lines = File.ReadAllLines(path);
            Assert.Equal((10_000, 10_000), (data.Count, lines.Length));
            for (int i = 0; i < lines.Length; i++)
            {
                string[] columns = lines[i].Split('\t');
                byte[] plain = Symbols(columns[1].Replace("(", "").Replace(")", ""));
                Assert.Equal(columns[0], data.Label(i).ToString());
                Assert.Equal(plain.Length, data.Length(i));
                Assert.Equal(data.Label(i), Naive(plain));
                Assert.Equal(columns[1], ListOpsSymbols.Text(ListOpsExpression.WithBrackets(plain)));
            }
        }
    }

    [Fact]
    public void Generated_expressions_obey_the_rules()
    {
        // Without an upper bound and with a list at the root, what is kept is nearly what is drawn.
        List<byte[]> all = ListOpsGenerator.Draw(4000, new ListOpsOptions { MinLength = 1, MaxLength = 65_536 });
        int lists = 0, nodes = 0, members = 0, membered = 0;
        var operators = new int[4];
        foreach (byte[] expression in all)
        {
            var open = new Stack<int>();
            foreach (byte symbol in expression)
            {
                if (symbol == ListOpsSymbols.End)
                {
                    int count = open.Pop();
                    Assert.InRange(count, 2, 10);
                    (members, membered) = (members + count, membered + 1);
                    continue;
                }
                int depth = open.Count + 1;
                Assert.InRange(depth, 1, 10);
                if (open.TryPop(out int before))
                    open.Push(before + 1);
                bool list = symbol > 9;
                if (depth is > 1 and < 10)
                    (lists, nodes) = (lists + (list ? 1 : 0), nodes + 1);
                Assert.False(list && depth == 10);
                if (!list)
                    continue;
                operators[symbol - ListOpsSymbols.Min]++;
                open.Push(0);
            }
        }
        Assert.InRange(lists / (double)nodes, 0.245, 0.255);
        Assert.InRange(members / (double)membered, 5.95, 6.05);
        Assert.All(operators, count => Assert.InRange(count / (double)operators.Sum(), 0.245, 0.255));
        Assert.Equal(all.Count, all.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Generated_samples_are_what_was_asked_for()
    {
        var options = new ListOpsOptions { MinLength = 40, MaxLength = 90, Train = 500, Valid = 60, Test = 80, Seed = 3 };
        DatasetSplits splits = ListOps.Generate(options);
        Assert.Equal((500, 60, 80), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(DataRecipes.Describe(new ListOpsRecipe(40, 90)) with { ClassNames = splits.Test.Info.ClassNames }, splits.Test.Info);
        string[] texts = [.. new[] { splits.Train, splits.Valid, splits.Test }.SelectMany(part => Enumerable.Range(0, part.Count).Select(i => Text(part, i)))];
        Assert.Equal(640, texts.Distinct().Count());
        Assert.All(texts, text => Assert.InRange(text.Split(' ').Length, 41, 89));
        for (int i = 0; i < splits.Test.Count; i++)
            Assert.Equal(Naive(Symbols(Text(splits.Test, i))), splits.Test.Label(i));
        // Every class is there.
        Assert.Equal(10, Labels.Of(splits.Train).Distinct().Count());

        // More training samples change no other, another seed all of them; a limit takes a share of each class.
        DatasetSplits more = ListOps.Generate(options with { Train = 700 });
        Assert.Equal(Hash(splits.Test, splits.Valid), Hash(more.Test, more.Valid));
        Assert.Equal(Hash(splits.Train), Hash(more.Train.Slice(0, 500)));
        Assert.NotEqual(Hash(splits.Test), Hash(ListOps.Generate(options with { Seed = 4 }).Test));
        Assert.Equal(100, ListOps.Generate(options with { Split = new SplitOptions(Limit: 100) }).Train.Count);
    }

    [Fact]
    public void Generated_samples_are_the_same_everywhere_and_for_ever()
    {
        DatasetSplits splits = ListOps.Generate(new ListOpsOptions { Train = 200, Valid = 20, Test = 20 });
        Assert.Equal(Pinned, Hash(splits.Train, splits.Valid, splits.Test));
    }

    private const string Pinned = "73E4F121CF9F45F2";

    [Fact]
    public void Brackets_are_symbols_where_asked_for()
    {
        var options = new ListOpsOptions { MinLength = 3, MaxLength = 30, Train = 50, Valid = 5, Test = 5 };
        IDataset plain = ListOps.Generate(options).Train, full = ListOps.Generate(options with { Brackets = true }).Train;
        Assert.Equal((17, 3 * 29 - 2), (full.Info.Units, full.Info.MaxSteps));
        for (int i = 0; i < plain.Count; i++)
        {
            Assert.Equal(3 * plain.Length(i) - 2, full.Length(i));
            Assert.Equal(Text(plain, i), string.Join(' ', Text(full, i).Split(' ').Where(word => word is not ("(" or ")"))));
        }
    }

    [Theory]
    [InlineData(0, 2, 11)]
    [InlineData(65_000, 65_002, 1)]
    public void Lengths_that_hardly_any_expression_has_are_refused(int min, int max, int train) =>
        Assert.Contains("widen these bounds", Assert.Throws<ArgumentException>(
            () => ListOps.Generate(new ListOpsOptions { MinLength = min, MaxLength = max, Train = train, Valid = 1, Test = 1 })).Message);

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Contains("MaxLength is 70000", Assert.Throws<ArgumentOutOfRangeException>(() => ListOps.Generate(new ListOpsOptions { MaxLength = 70_000 })).Message);
        Assert.Contains("MinLength is 1999", Assert.Throws<ArgumentOutOfRangeException>(() => ListOps.Generate(new ListOpsOptions { MinLength = 1999 })).Message);
        Assert.Contains("Valid is 0", Assert.Throws<ArgumentOutOfRangeException>(() => ListOps.Generate(new ListOpsOptions { Valid = 0 })).Message);
    }

    [Theory]
    [InlineData(true, "\n")]
    [InlineData(true, "\r\n")]
    [InlineData(false, "\n")]
    public void Files_of_the_arena(bool titled, string end)
    {
        using var folder = new TempFolder();
        string[] expressions = ["( ( ( [MAX 2 ) 9 ) ] )", "[SM 4 4 4 ]", "( ( ( [MED 1 ) 2 ) ] )"];
        int[] values = [9, 2, 1];
        foreach (string part in (string[])["train", "val", "test"])
        {
            IEnumerable<string> lines = expressions.Zip(values, (e, v) => titled ? $"{e}\t{v}" : $"{v}\t{e}").Take(part == "train" ? 3 : 2);
            folder.Write($"basic_{part}.tsv", Encoding.UTF8.GetBytes((titled ? "Source\tTarget" + end : "") + string.Join(end, lines) + end));
        }
        DatasetSplits splits = DataRecipes.Open(new ListOpsRecipe(), folder.Root, null);
        Assert.Equal((3, 2, 2), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(values, Labels.Of(splits.Train));
        Assert.Equal(["[MAX 2 9 ]", "[SM 4 4 4 ]", "[MED 1 2 ]"], Enumerable.Range(0, 3).Select(i => Text(splits.Train, i)));
        DatasetSplits full = DataRecipes.Open(new ListOpsRecipe(Brackets: true), folder.Root, null);
        Assert.Equal("( ( ( ( [SM 4 ) 4 ) 4 ) ] )", Text(full.Test, 1));
    }

    [Theory]
    [InlineData("Source\tTarget\n[MAX 1 ]\t2\n", "line 2: the expression has the value 1, but 2 is given for it")]
    [InlineData("Source\tTarget\n[MAX 1\t1\n", "line 2: the expression has 1 lists without an end")]
    [InlineData("Source\tTarget\n[TOP 1 ]\t1\n", "line 2: '[TOP' is no symbol")]
    [InlineData("Source\tTarget\n[MAX 1 ]\n", "line 2: there are 1 columns")]
    [InlineData("1\t[MAX 1 ]\n1\t2\t3\n", "line 2: there are 3 columns")]
    [InlineData("12\t[MAX 1 ]\n", "line 1: the value is '12', expected a digit")]
    [InlineData("1\t[MAX 1 1 1 1 1 1 1 1 ]\n", "line 1: the expression has 10 symbols or more; raise 'maxLength'")]
    [InlineData("Source\tTarget\n", "line 1: there are no expressions")]
    [InlineData("", "line 0: there are no expressions")]
    public void One_wrong_line_is_found(string content, string says)
    {
        using var folder = new TempFolder();
        string path = folder.Write("basic_train.tsv", Encoding.UTF8.GetBytes(content));
        string message = Assert.Throws<InvalidDataException>(() => ListOps.Read(path, new ListOpsOptions { MinLength = 0, MaxLength = 10 })).Message;
        Assert.Contains(path, message);
        Assert.Contains(says, message);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("basic_train.tsv", Assert.Throws<FileNotFoundException>(() => ListOps.Open(folder.Root)).Message);
        Assert.Contains("/nowhere", Assert.Throws<DirectoryNotFoundException>(() => ListOps.Open("/nowhere")).Message);
    }

    [Fact]
    public void The_cache_has_the_same_samples()
    {
        using var folder = new TempFolder();
        var warnings = new List<string>();
        var options = new ListOpsOptions { MinLength = 10, MaxLength = 40, Train = 100, Valid = 10, Test = 10, Cache = new DiskCache(folder.Root, warnings.Add) };
        string first = Hash(ListOps.Generate(options));
        Assert.Equal(first, Hash(ListOps.Generate(options)));
        Assert.Equal(first, Hash(ListOps.Generate(options with { Cache = null })));
        string entry = Assert.Single(Directory.GetFiles(folder.Root));
        ListOps.Generate(options with { Seed = 2 });
        Assert.Equal(2, Directory.GetFiles(folder.Root).Length);

        // Damage is found by the checksum, and what the checksum accepts must still be expressions.
        byte[] bytes = File.ReadAllBytes(entry);
        bytes[^1] = 3;
        File.WriteAllBytes(entry, bytes);
        Assert.Equal(first, Hash(ListOps.Generate(options)));
        Assert.Contains("damaged", Assert.Single(warnings));
        byte[] content = File.ReadAllBytes(entry);
        content[^1] = 3;
        SHA256.HashData(content.AsSpan(48)).CopyTo(content, 16);
        File.WriteAllBytes(entry, content);
        Assert.Equal(first, Hash(ListOps.Generate(options)));
        Assert.Equal(2, warnings.Count);
    }

    internal static byte[] Symbols(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (byte)ListOpsSymbols.Of(Encoding.ASCII.GetBytes(word)))];

    private static string Text(IDataset data, int index) => ListOpsSymbols.Text(Tokens.Of(data, index));

    private static string Hash(DatasetSplits splits) => Hash(splits.Train, splits.Valid, splits.Test);

    private static string Hash(params IDataset[] parts) => Convert.ToHexString(SHA256.HashData(
        [.. parts.SelectMany(part => Enumerable.Range(0, part.Count).SelectMany(i => (byte[])[(byte)part.Label(i), .. Tokens.Of(part, i)]))]), 0, 8);

    /// <summary>The value by recursion and sorting.</summary>
    private static int Naive(ReadOnlySpan<byte> expression)
    {
        int at = 0;
        return Value(expression, ref at);

        static int Value(ReadOnlySpan<byte> expression, ref int at)
        {
            int symbol = expression[at++];
            if (symbol < 10)
                return symbol;
            var members = new List<int>();
            while (expression[at] != ListOpsSymbols.End)
                members.Add(Value(expression, ref at));
            at++;
            members.Sort();
            int n = members.Count;
            return symbol switch
            {
                ListOpsSymbols.Min => members[0],
                ListOpsSymbols.Max => members[^1],
                ListOpsSymbols.SumMod => members.Sum() % 10,
                _ => n % 2 == 1 ? members[n / 2] : (int)Math.Truncate((members[n / 2 - 1] + members[n / 2]) / 2.0),
            };
        }
    }
}
