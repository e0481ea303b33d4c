namespace IsacTestbed.Lab.Simulation;

/// <summary>An instrument that does not exist: registers with the behaviour of the real one, and its commands.</summary>
/// <remarks>All members may be called from any thread.</remarks>
public interface ISimulatedInstrument
{
    /// <summary>Takes a command.</summary>
    /// <param name="command">The command, without its end.</param>
    /// <returns>Exactly what the instrument writes back, with line ends; empty when nothing.</returns>
    string Execute(string command);

    /// <summary>What the instrument writes of its own accord in this second, with line ends; empty when nothing.</summary>
    string Announce();
}
