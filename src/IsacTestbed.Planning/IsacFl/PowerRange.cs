namespace IsacTestbed.Planning.IsacFl;

/// <summary>Bounds of a transmit power in watts, both included.</summary>
/// <param name="Minimum">Smallest power; zero or above.</param>
/// <param name="Maximum">Largest power; above zero and not below the minimum.</param>
public readonly record struct PowerRange(double Minimum, double Maximum);
