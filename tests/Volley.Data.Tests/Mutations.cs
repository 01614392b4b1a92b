namespace Volley.Data.Tests;

/// <summary>Damages good files.</summary>
internal static class Mutations
{
    /// <summary>Cut, with a byte more, or with a few bytes changed; half of the damage goes to the first 60 bytes, where it matters most.</summary>
    public static byte[] Of(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                int at = random.Next(bytes.Length);
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            default:
                for (int changes = random.Next(1, 5); changes > 0; changes--)
                {
                    int place = random.Next(2) == 0 ? random.Next(Math.Min(60, bytes.Length)) : random.Next(bytes.Length);
                    bytes[place] = random.Next(3) switch
                    {
                        0 => (byte)random.Next(256),
                        1 => (byte)(bytes[place] ^ 1 << random.Next(8)),
                        _ => random.Next(2) == 0 ? (byte)0 : (byte)255,
                    };
                }
                return bytes;
        }
    }
}
