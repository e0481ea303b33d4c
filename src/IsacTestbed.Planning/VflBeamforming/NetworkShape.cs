namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>The sizes of a multi-cell network.</summary>
/// <param name="Cells">Cells and base stations, M.</param>
/// <param name="Users">Users per cell, K.</param>
/// <param name="Targets">Targets per cell, J.</param>
/// <param name="Antennas">Transmit antennas of a base station, N_T.</param>
internal readonly record struct NetworkShape(int Cells, int Users, int Targets, int Antennas)
{
    /// <summary>Receivers of the whole network that a base station reaches: its own and all others' users and targets.</summary>
    public int Links => Cells * (Users + Targets);

    /// <summary>Complex entries of one base station's beamformers, N_T K.</summary>
    public int BeamEntries => Antennas * Users;

    /// <summary>Which link of a base station leads to a user.</summary>
    public int UserLink(int cell, int user) => (cell * Users) + user;

    /// <summary>Which link of a base station leads to a target.</summary>
    public int TargetLink(int cell, int target) => (Cells * Users) + (cell * Targets) + target;

    /// <inheritdoc/>
    public override string ToString() => $"{Cells} cells, {Users} users and {Targets} targets per cell, {Antennas} antennas";
}
