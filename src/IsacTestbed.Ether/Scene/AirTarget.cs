using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>A point target. Closed: <see cref="Moving"/> and <see cref="Dwelling"/>.</summary>
public abstract record AirTarget
{
    private AirTarget()
    {
    }

    /// <summary>Name, unique among the targets.</summary>
    public required string Id { get; init; }

    /// <summary>A target with a constant velocity; at rest by default.</summary>
    public sealed record Moving : AirTarget
    {
        /// <summary>Where it is at tick zero, metres.</summary>
        public required Position Position { get; init; }

        /// <summary>Its velocity, metres per second along each axis.</summary>
        public Position VelocityMetersPerSecond { get; init; }
    }

    /// <summary>A target that stands at a fixed range of its owner and takes a new bearing in every dwell.</summary>
    public sealed record Dwelling : AirTarget
    {
        /// <summary>The node from whose array the bearing counts.</summary>
        public required string Owner { get; init; }

        /// <summary>Distance from the owner, metres.</summary>
        public required double RangeMeters { get; init; }

        /// <summary>The script of bearings.</summary>
        public required TargetDwell Dwell { get; init; }

        /// <summary>Length of a dwell: at tick t the target stands where the script says for dwell floor(t / DwellTicks).</summary>
        public required long DwellTicks { get; init; }
    }
}
