using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>What the samples of an open stream look like.</summary>
/// <param name="Format">Layout on the host.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="RateHz">Sample rate at which ticks are counted.</param>
internal sealed record StreamShape(SampleFormat Format, int Channels, double RateHz)
{
    /// <summary>Value of a sample at full scale; libuhd scales by 32767 both ways.</summary>
    public float FullScale => Format == SampleFormat.ComplexFloat32 ? 1 : short.MaxValue;

    /// <summary>Refuses a buffer of another kind.</summary>
    public void Require(StreamBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Format != Format || buffer.ChannelCount != Channels)
        {
            throw new ArgumentException(
                $"A buffer of {buffer.ChannelCount} channels of {buffer.Format} for a stream of {Channels} channels of {Format}.",
                nameof(buffer));
        }
    }
}
