namespace IsacTestbed.Ether;

/// <summary>A point or displacement in a right-handed Cartesian frame, metres; z is up. Immutable and thread safe.</summary>
/// <param name="X">Metres along x, from which azimuths count.</param>
/// <param name="Y">Metres along y, at azimuth pi/2.</param>
/// <param name="Z">Metres of height.</param>
public readonly record struct Position(double X, double Y, double Z = 0)
{
    /// <summary>Distance from the origin, metres.</summary>
    public double Length => Math.Sqrt(Dot(this));

    /// <summary>Distance to another point, metres.</summary>
    public double DistanceTo(Position other) => (this - other).Length;

    /// <summary>The scalar product.</summary>
    public double Dot(Position other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>The sum of two displacements.</summary>
    public static Position operator +(Position left, Position right) => new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

    /// <summary>The displacement from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static Position operator -(Position left, Position right) => new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

    /// <summary>A displacement scaled.</summary>
    public static Position operator *(double factor, Position position) => new(factor * position.X, factor * position.Y, factor * position.Z);

    internal bool IsFinite => double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(Z);
}
