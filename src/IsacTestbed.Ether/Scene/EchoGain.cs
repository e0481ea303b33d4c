namespace IsacTestbed.Ether;

/// <summary>
/// Two-way power gain of an echo, before fading and array gain. Closed: <see cref="Explicit"/>, <see cref="PathLoss"/> and
/// <see cref="RadarEquation"/>.
/// </summary>
public abstract record EchoGain
{
    private EchoGain()
    {
    }

    /// <summary>Linear power gain for the distances of the two legs.</summary>
    internal abstract double At(double transmitMeters, double receiveMeters, double wavelengthMeters);

    /// <summary>A given two-way gain, whatever the distance: the papers' normalised form with G psi / d^alpha worked out by the caller.</summary>
    /// <param name="PowerGain">Linear two-way power gain, not negative.</param>
    public sealed record Explicit(double PowerGain) : EchoGain
    {
        internal override double At(double transmitMeters, double receiveMeters, double wavelengthMeters) => PowerGain;
    }

    /// <summary>The gain G d^-alpha with d^2 the product of the two legs, so that d is the range of a monostatic echo.</summary>
    /// <param name="ReferenceGain">G: linear two-way power gain at one metre.</param>
    /// <param name="Exponent">alpha: two-way exponent; 4 in free space.</param>
    public sealed record PathLoss(double ReferenceGain, double Exponent) : EchoGain
    {
        internal override double At(double transmitMeters, double receiveMeters, double wavelengthMeters) =>
            ReferenceGain * Math.Pow(transmitMeters * receiveMeters, -Exponent / 2);
    }

    /// <summary>The radar equation: Gt Gr lambda^2 sigma / ((4 pi)^3 Rt^2 Rr^2).</summary>
    /// <param name="CrossSectionSquareMeters">sigma: radar cross-section.</param>
    /// <param name="TransmitElementGain">Gt: linear gain of one transmit element.</param>
    /// <param name="ReceiveElementGain">Gr: linear gain of one receive element.</param>
    public sealed record RadarEquation(double CrossSectionSquareMeters, double TransmitElementGain = 1, double ReceiveElementGain = 1) : EchoGain
    {
        internal override double At(double transmitMeters, double receiveMeters, double wavelengthMeters)
        {
            double spread = transmitMeters * receiveMeters;
            return TransmitElementGain * ReceiveElementGain * wavelengthMeters * wavelengthMeters * CrossSectionSquareMeters
                / (Math.Pow(4 * Math.PI, 3) * spread * spread);
        }
    }
}
