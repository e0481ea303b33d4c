namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>The box in which a target is looked for, and the grid of the coarse search in it.</summary>
/// <param name="Low">Corner with the smallest coordinates.</param>
/// <param name="High">Corner with the largest coordinates; not below <paramref name="Low"/> in any.</param>
/// <param name="StepsX">Grid points along X, at least 1; they stand in the middle of equal parts.</param>
/// <param name="StepsY">Grid points along Y.</param>
/// <param name="StepsZ">Grid points along Z.</param>
public sealed record SearchRegion(Location Low, Location High, int StepsX, int StepsY, int StepsZ)
{
    /// <summary>The middle of the box.</summary>
    public Location Middle => At(0.5, 0.5, 0.5);

    /// <summary>Diagonal of a cell of the grid, in metres.</summary>
    public double CellDiagonal
    {
        get
        {
            double x = (High.X - Low.X) / StepsX, y = (High.Y - Low.Y) / StepsY, z = (High.Z - Low.Z) / StepsZ;
            return Math.Sqrt((x * x) + (y * y) + (z * z));
        }
    }

    /// <summary>The grid points, StepsX StepsY StepsZ of them, always in the same order.</summary>
    public IReadOnlyList<Location> Grid()
    {
        var points = new List<Location>(StepsX * StepsY * StepsZ);
        for (int i = 0; i < StepsX; i++)
        {
            for (int j = 0; j < StepsY; j++)
            {
                for (int k = 0; k < StepsZ; k++)
                {
                    points.Add(At((i + 0.5) / StepsX, (j + 0.5) / StepsY, (k + 0.5) / StepsZ));
                }
            }
        }

        return points;
    }

    /// <summary>The nearest place within the box.</summary>
    /// <param name="place">Any place.</param>
    public Location Clamp(Location place) => new(
        Math.Clamp(place.X, Low.X, High.X), Math.Clamp(place.Y, Low.Y, High.Y), Math.Clamp(place.Z, Low.Z, High.Z));

    private Location At(double x, double y, double z) =>
        new(Low.X + (x * (High.X - Low.X)), Low.Y + (y * (High.Y - Low.Y)), Low.Z + (z * (High.Z - Low.Z)));
}
