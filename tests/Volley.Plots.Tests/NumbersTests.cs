using System.Globalization;

namespace Volley.Plots.Tests;

public class NumbersTests
{
    [Theory]
    [InlineData(0, NumberFormat.General, "0")]
    [InlineData(0.97314, NumberFormat.General, "0.9731")]
    [InlineData(-2.5, NumberFormat.General, "−2.5")]
    [InlineData(182344.4, NumberFormat.General, "182,344")]
    [InlineData(1e-5, NumberFormat.General, "10⁻⁵")]
    [InlineData(2.5e-12, NumberFormat.General, "2.5×10⁻¹²")]
    [InlineData(double.NaN, NumberFormat.General, "–")]
    [InlineData(double.NegativeInfinity, NumberFormat.Percent, "−∞")]
    [InlineData(0.9694, NumberFormat.Percent, "96.94%")]
    [InlineData(-0.00001, NumberFormat.Percent, "0.00%")]
    [InlineData(1234567, NumberFormat.Whole, "1,234,567")]
    [InlineData(0, NumberFormat.Seconds, "0\u202Fs")]
    [InlineData(2.5e-6, NumberFormat.Seconds, "2.5\u202Fµs")]
    [InlineData(0.0412, NumberFormat.Seconds, "41.2\u202Fms")]
    [InlineData(1.31, NumberFormat.Seconds, "1.31\u202Fs")]
    [InlineData(754, NumberFormat.Seconds, "12.6\u202Fmin")]
    [InlineData(9000, NumberFormat.Seconds, "2.5\u202Fh")]
    public void NumbersReadWell(double value, NumberFormat format, string expected) => Assert.Equal(expected, Numbers.Format(value, format));

    [Fact]
    public void TheCultureChangesNothing()
    {
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        odd.NumberFormat.NegativeSign = "~";
        string[] expected = [.. Gallery.All().Select(c => c.ToSvg()), RunReport.Build(Gallery.Run()).ToHtml()];
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = odd;
            string[] actual = [.. Gallery.All().Select(c => c.ToSvg()), RunReport.Build(Gallery.Run()).ToHtml()];
            Assert.Equal(expected, actual);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
