using System.Globalization;

namespace Volley.Recipes.Json;

/// <summary>The range of a number, or of every number in a list; bounds belong to it unless said otherwise.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class LimitsAttribute(double min, double max) : Attribute
{
    public double Min { get; } = min;

    public double Max { get; } = max;

    /// <summary>Whether <see cref="Min"/> itself lies outside.</summary>
    public bool AboveMin { get; init; }

    /// <summary>Whether <see cref="Max"/> itself lies outside.</summary>
    public bool BelowMax { get; init; }

    /// <summary>False for NaN too.</summary>
    public bool Contains(double value) =>
        (AboveMin ? value > Min : value >= Min) && (BelowMax ? value < Max : value <= Max);

    /// <summary>Like <c> from 1 to 10</c>, with its leading space.</summary>
    public override string ToString()
    {
        string min = Min.ToString(CultureInfo.InvariantCulture), max = Max.ToString(CultureInfo.InvariantCulture);
        return (AboveMin, BelowMax) switch
        {
            (false, false) => $" from {min} to {max}",
            (true, false) => $" above {min} and at most {max}",
            (false, true) => $" from {min} and below {max}",
            (true, true) => $" above {min} and below {max}",
        };
    }
}

/// <summary>How many items a list may have.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class ItemsAttribute(int min, int max) : Attribute
{
    public int Min { get; } = min;

    public int Max { get; } = max;
}

/// <summary>The member that a bare number stands for: with <c>[ShortForm("min")]</c>, <c>0.02</c> means <c>{ "min": 0.02 }</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShortFormAttribute(string member) : Attribute
{
    public string Member { get; } = member;
}

/// <summary>A record whose members must also fit each other.</summary>
internal interface IChecked
{
    /// <summary>What does not fit, as the end of a sentence; null where all does.</summary>
    string? Problem();
}
