namespace Volley.Data;

/// <summary>Which label of a CIFAR record is the class, and so how long a record is.</summary>
public enum CifarLabels
{
    /// <summary>CIFAR-10: one label byte, 10 classes.</summary>
    Ten,

    /// <summary>CIFAR-100, two label bytes: the second, 100 classes.</summary>
    Fine,

    /// <summary>CIFAR-100, two label bytes: the first, 20 classes.</summary>
    Coarse,
}
