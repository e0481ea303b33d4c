namespace IsacTestbed.Lab.Dialogues;

/// <summary>How an instrument is talked to.</summary>
/// <param name="Terminator">What ends a command.</param>
/// <param name="Prompt">What it writes before it takes a command, as in "scpi >"; empty when nothing.</param>
/// <param name="ReplyTimeout">How long an answer may take.</param>
/// <param name="CommandInterval">Least time from one command to the next.</param>
internal sealed record DialogueSettings(string Terminator, string Prompt, TimeSpan ReplyTimeout, TimeSpan CommandInterval);

/// <summary>A line that an instrument sent.</summary>
/// <param name="Text">Its text, without its end.</param>
/// <param name="Timestamp">When it was complete, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
internal readonly record struct ReceivedLine(string Text, long Timestamp);

/// <summary>Reads an answer.</summary>
/// <returns>Whether it is one.</returns>
internal delegate bool AnswerParser<T>(string answer, out T value);
