using System.Globalization;

namespace Volley.Cli.Views;

/// <summary>Numbers as people read them; the same in every culture.</summary>
internal static class Text
{
    public static string Percent(double? fraction, int decimals = 2) =>
        fraction is { } f && double.IsFinite(f) ? (100 * f).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " %" : "–";

    public static string Number(double? value, string format) => value is { } v && double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) : "–";

    public static string Whole(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    public static string Seconds(double? seconds) => seconds switch
    {
        null => "–",
        < 120 => Number(seconds, "0.0") + " s",
        < 7200 => Number(seconds / 60, "0.0") + " min",
        _ => Number(seconds / 3600, "0.0") + " h",
    };

    /// <summary>A path as it can be typed: quoted where it must be.</summary>
    public static string Argument(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
