using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc.Paper;

/// <summary>
/// An orthonormal basis of the span of a user's two beams and its two links. All covariances of one outer iteration stay in it: they start
/// there, every gradient lies there, and outside of it V only shrinks towards zero. So M_t x M_t matrices become at most 4 x 4, exactly.
/// </summary>
internal sealed class BeamSpace
{
    private readonly ComplexVector[] _basis;

    /// <summary>Orthonormalises the vectors; those that depend on earlier ones add nothing.</summary>
    public BeamSpace(params ComplexVector[] vectors) => _basis = OrthonormalBasis.Of(vectors);

    /// <summary>Number of dimensions.</summary>
    public int Size => _basis.Length;

    /// <summary>Coordinates of a vector in the span.</summary>
    public ComplexVector Coordinates(ComplexVector vector)
    {
        var coordinates = new ComplexVector(Size);
        for (int i = 0; i < Size; i++)
        {
            coordinates[i] = _basis[i].Inner(vector);
        }

        return coordinates;
    }

    /// <summary>The vector with given coordinates.</summary>
    public ComplexVector Vector(ComplexVector coordinates)
    {
        var vector = new ComplexVector(_basis[0].Length);
        for (int i = 0; i < Size; i++)
        {
            vector.Add(coordinates[i], _basis[i]);
        }

        return vector;
    }
}
