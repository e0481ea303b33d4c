namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Direction of a channel, as SoapySDR numbers them.</summary>
internal enum Direction
{
    Transmit = 0,
    Receive = 1,
}

/// <summary>Words for directions.</summary>
internal static class DirectionWords
{
    public static string Word(this Direction direction) => direction == Direction.Transmit ? "transmit" : "receive";
}
