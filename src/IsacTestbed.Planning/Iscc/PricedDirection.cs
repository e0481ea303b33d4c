using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// The direction of a beam that trades its own gain against priced interference and power: parallel to (A + epsilon I)^-1 h, with h the
/// own link and A the sum of l l^H over the links l to its victims, each scaled by the root of its price.
/// </summary>
internal static class PricedDirection
{
    /// <summary>Computes the direction; null where it is not defined in double precision.</summary>
    /// <param name="own">h.</param>
    /// <param name="victims">l, each as long as h.</param>
    /// <param name="epsilon">The price of power, above zero.</param>
    /// <returns>A unit vector.</returns>
    public static ComplexVector? Of(ComplexVector own, ComplexVector[] victims, double epsilon)
    {
        // With A = C C^H of few columns: (h - C (epsilon I + C^H C)^-1 C^H h) / epsilon.
        ComplexVector direction = own.Clone();
        if (victims.Length > 0)
        {
            ComplexMatrix small = ComplexMatrix.Create(
                victims.Length, victims.Length, (i, j) => (victims[i].Inner(victims[j]) / epsilon) + (i == j ? 1 : 0));
            if (CholeskyFactor.TryCreate(small) is not { } factor)
            {
                return null;
            }

            Complex[] weights = factor.Solve([.. victims.Select(v => v.Inner(own) / epsilon)]);
            for (int i = 0; i < victims.Length; i++)
            {
                direction.Add(-weights[i], victims[i]);
            }
        }

        return direction.Normalise() ? direction : null;
    }
}
