using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Makes one event of a burst out of the messages of its channels: each channel tells by itself.</summary>
/// <remarks>
/// A burst has ended when the last channel says so. It has failed when the first one says so; the others' word on the same failure follows
/// within milliseconds and is not a second one. Not thread safe.
/// </remarks>
internal sealed class ChannelEvents
{
    private const double SameFailureSeconds = 0.01;

    private readonly long[] _ended;
    private readonly bool[] _hasTold;
    private readonly long _sameFailureTicks;
    private TransmitEvent _failure;
    private long _reported;

    /// <summary>Begins with no burst on its way.</summary>
    /// <param name="channels">Channels that acknowledge each burst.</param>
    /// <param name="rateHz">Rate at which ticks are counted.</param>
    public ChannelEvents(int channels, double rateHz)
    {
        _ended = new long[channels];
        _hasTold = new bool[channels];
        _sameFailureTicks = (long)(SameFailureSeconds * rateHz);
    }

    /// <summary>Forgets bursts that are no longer on their way.</summary>
    public void Reset()
    {
        Array.Clear(_ended);
        _reported = 0;
        _failure = default;
    }

    /// <summary>Takes a channel's message.</summary>
    /// <returns>Whether it is news of the burst as a whole.</returns>
    public bool IsNews(TransmitEvent told, int channel)
    {
        if (channel < 0 || channel >= _ended.Length)
        {
            return true;
        }

        if (told.Kind == TransmitEventKind.BurstEnded)
        {
            _ended[channel]++;
            foreach (long ended in _ended)
            {
                if (ended <= _reported)
                {
                    return false;
                }
            }

            _reported++;
            return true;
        }

        bool isSame = told.Kind == _failure.Kind && !_hasTold[channel] && told.Tick is { } now && _failure.Tick is { } first
            && Math.Abs(now - first) <= _sameFailureTicks;
        if (!isSame)
        {
            _failure = told;
            Array.Clear(_hasTold);
        }

        _hasTold[channel] = true;
        return !isSame;
    }
}
