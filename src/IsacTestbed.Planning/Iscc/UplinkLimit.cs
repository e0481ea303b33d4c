namespace IsacTestbed.Planning.Iscc;

/// <summary>What the upload of one user can at best achieve, whatever the others do.</summary>
/// <remarks>
/// By (7), gamma^c is at most g |f|^2 with g = sigma_max(H_k)^2 / sigma_1^2, and |u|^2 is at least the sensing floor s. So a spectral
/// efficiency of r = log2(1 + gamma^c) costs at least P(r) = s + (2^r - 1) / g. With one transmit antenna the two beams have the same
/// direction everywhere: (8) then demands |u|^2 at least gamma_th |f|^2 + s, and (7) becomes at most g |f|^2 / (g |u|^2 + 1), which gives
/// |f|^2 = gamma (g s + 1) / (g (1 - gamma_th gamma)) and P = s + (1 + gamma_th) |f|^2.
/// </remarks>
internal sealed class UplinkLimit
{
    private readonly double _gain;
    private readonly double _floor;
    private readonly double _leak;

    /// <summary>Folds the constants.</summary>
    /// <param name="gain">g, per watt.</param>
    /// <param name="sensingFloor">s in watts, at most the budget.</param>
    /// <param name="budget">P_max.</param>
    /// <param name="threshold">gamma_th.</param>
    /// <param name="singleAntenna">Whether there is one transmit antenna.</param>
    public UplinkLimit(double gain, double sensingFloor, double budget, double threshold, bool singleAntenna)
    {
        _gain = gain;
        _floor = sensingFloor;
        _leak = singleAntenna ? threshold : 0;
        DataPower = Math.Max(0, budget - sensingFloor) / (1 + _leak);
        double disturbance = singleAntenna ? 1 + (gain * (sensingFloor + (_leak * DataPower))) : 1;
        ReceivedPower = gain * (singleAntenna ? budget : DataPower);
        Efficiency = Math.Log2(1 + (gain * DataPower / disturbance));
    }

    /// <summary>Most power that is left for data, in watts.</summary>
    public double DataPower { get; }

    /// <summary>Largest spectral efficiency in bit/s/Hz.</summary>
    public double Efficiency { get; }

    /// <summary>Share of the degrees of freedom that sensing takes with it per share of data: gamma_th with one transmit antenna, else 0.</summary>
    public double Leak => _leak;

    /// <summary>Most received power in units of the noise: of the data, and with one transmit antenna of both beams.</summary>
    public double ReceivedPower { get; }

    /// <summary>Least transmit power in watts at a spectral efficiency in [0, <see cref="Efficiency"/>].</summary>
    public double LeastPower(double efficiency)
    {
        double sinr = Math.Exp(efficiency * Math.Log(2)) - 1;
        if (_leak == 0)
        {
            return _floor + (sinr / _gain);
        }

        double rest = 1 - (_leak * sinr);
        return rest > 0 ? _floor + ((1 + _leak) * sinr * ((_gain * _floor) + 1) / (_gain * rest)) : double.PositiveInfinity;
    }
}
