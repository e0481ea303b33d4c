namespace IsacTestbed.Ether;

/// <summary>Power gain of a direct link, before fading. Closed: <see cref="Explicit"/> and <see cref="PathLoss"/>.</summary>
public abstract record LinkGain
{
    private LinkGain()
    {
    }

    /// <summary>Linear power gain at a distance.</summary>
    internal abstract double At(double distanceMeters);

    /// <summary>A given gain, whatever the distance.</summary>
    /// <param name="PowerGain">Linear power gain, not negative.</param>
    public sealed record Explicit(double PowerGain) : LinkGain
    {
        internal override double At(double distanceMeters) => PowerGain;
    }

    /// <summary>The gain G d^-alpha.</summary>
    /// <param name="ReferenceGain">G: linear power gain at one metre.</param>
    /// <param name="Exponent">alpha: path-loss exponent.</param>
    public sealed record PathLoss(double ReferenceGain, double Exponent) : LinkGain
    {
        internal override double At(double distanceMeters) => ReferenceGain * Math.Pow(distanceMeters, -Exponent);
    }
}
