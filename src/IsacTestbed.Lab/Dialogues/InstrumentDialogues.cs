using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Dialogues;

/// <summary>Begins the dialogue that a profile describes.</summary>
internal static class InstrumentDialogues
{
    /// <summary>Begins to listen.</summary>
    /// <exception cref="ArgumentException">The profile is that of another kind of instrument.</exception>
    public static InstrumentDialogue Open(
        string id,
        InstrumentProfile profile,
        InstrumentKind kind,
        IInstrumentTransport transport,
        TimeProvider time,
        bool allowDangerousCommands,
        Func<ReceivedLine, bool>? unsolicited = null)
    {
        if (profile.Kind != kind)
        {
            throw new ArgumentException($"Instrument {id}: the profile of {profile.Model} is that of a {profile.Kind}; a {kind} is needed.", nameof(profile));
        }

        string end = profile.CommandEnd switch
        {
            CommandEnd.Cr => "\r",
            CommandEnd.Lf => "\n",
            _ => "\r\n",
        };
        return new InstrumentDialogue(
            id,
            transport,
            new DialogueSettings(end, profile.Prompt, profile.ReplyTimeout, profile.CommandInterval),
            new DangerousCommandGuard(DangerousCommands.Of(kind), allowDangerousCommands),
            time,
            unsolicited);
    }
}
