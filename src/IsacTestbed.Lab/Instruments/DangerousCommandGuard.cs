namespace IsacTestbed.Lab.Instruments;

/// <summary>Keeps dangerous commands from an instrument unless they are switched on and sent as what they are.</summary>
/// <param name="rules">What is dangerous for this kind of instrument.</param>
/// <param name="allowed">Whether dangerous commands are switched on.</param>
internal sealed class DangerousCommandGuard(IReadOnlyList<DangerousCommandRule> rules, bool allowed)
{
    /// <summary>Refuses an ordinary command that is a dangerous one in truth, as a profile of another hand might hold it.</summary>
    /// <exception cref="InstrumentException">It is.</exception>
    public void Check(string instrument, string command)
    {
        if (rules.FirstOrDefault(r => r.Matches(command)) is { } rule)
        {
            throw new InstrumentException(
                InstrumentFault.DangerousCommand,
                instrument,
                command,
                string.Empty,
                $"not sent: it {rule.Effect}. Send it as a dangerous command, to an instrument opened with dangerous commands switched on");
        }
    }

    /// <summary>Refuses a dangerous command unless they are switched on.</summary>
    /// <exception cref="InstrumentException">They are not.</exception>
    public void Require(string instrument, DangerousCommand command)
    {
        if (!allowed)
        {
            throw new InstrumentException(
                InstrumentFault.DangerousCommand,
                instrument,
                command.Text,
                string.Empty,
                $"not sent: it {command.Effect}. Set allowDangerousCommands: true for this instrument if that is what you want");
        }
    }
}
