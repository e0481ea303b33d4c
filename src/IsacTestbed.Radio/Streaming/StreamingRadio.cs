namespace IsacTestbed.Radio;

/// <summary>A contract radio on a streaming device.</summary>
public sealed class StreamingRadio;
