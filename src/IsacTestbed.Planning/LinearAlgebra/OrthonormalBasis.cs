namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Orthonormal bases of the span of vectors, by the modified Gram-Schmidt process, run twice against its rounding.</summary>
internal static class OrthonormalBasis
{
    // Of a unit vector, what the others must leave of its squared norm.
    private const double Dependent = 1e-20;

    /// <summary>A basis; vectors of no length and those that depend on earlier ones add nothing.</summary>
    /// <param name="vectors">Vectors of one length; stay as they are.</param>
    public static ComplexVector[] Of(IEnumerable<ComplexVector> vectors)
    {
        var basis = new List<ComplexVector>();
        foreach (ComplexVector vector in vectors)
        {
            if (basis.Count == vector.Length)
            {
                break;
            }

            ComplexVector rest = vector.Clone();
            if (!rest.Normalise())
            {
                continue;
            }

            for (int pass = 0; pass < 2; pass++)
            {
                foreach (ComplexVector direction in basis)
                {
                    rest.Add(-direction.Inner(rest), direction);
                }
            }

            if (rest.SquaredNorm() > Dependent && rest.Normalise())
            {
                basis.Add(rest);
            }
        }

        return [.. basis];
    }
}
