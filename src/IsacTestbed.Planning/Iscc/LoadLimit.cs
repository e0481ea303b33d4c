namespace IsacTestbed.Planning.Iscc;

/// <summary>What the access point separates of some users: the sum of w_k x_k, x = gamma / (1 + gamma), is at most D.</summary>
/// <param name="Dimensions">D.</param>
/// <param name="Weights">w_k of every user, 1 or more; 0 for users that do not count.</param>
internal sealed record LoadLimit(double Dimensions, double[] Weights)
{
    /// <summary>x of a spectral efficiency.</summary>
    public static double Load(double efficiency) => 1 - Math.Exp(-efficiency * Math.Log(2));
}
