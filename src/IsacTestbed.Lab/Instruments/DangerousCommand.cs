namespace IsacTestbed.Lab.Instruments;

/// <summary>
/// A command that can harm: it changes what an instrument keeps in its memory, how it is reached, or everything at once. It is a type of its
/// own, so that it cannot be sent by the way of ordinary commands, and it is sent only to an instrument that was opened with dangerous
/// commands switched on.
/// </summary>
/// <param name="Text">The command, without its end.</param>
/// <param name="Effect">What it does, for the message that refuses it.</param>
public sealed record DangerousCommand(string Text, string Effect);
