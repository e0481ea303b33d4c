using System.Globalization;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>What a client asks of a stream.</summary>
/// <param name="Format">How samples lie in its packets.</param>
/// <param name="Channels">The channels, in the order of the packets.</param>
/// <param name="IsDatagram">UDP instead of TCP.</param>
/// <param name="TransferUnit">Bytes of a packet with room for the network's headers.</param>
/// <param name="Window">Bytes of socket buffer.</param>
internal sealed record StreamParameters(WireFormat Format, IReadOnlyList<int> Channels, bool IsDatagram, int TransferUnit, long Window)
{
    private const int DatagramUnit = 1500;
    private const int StreamUnit = 4096;
    private const int LargestUnit = 1 << 20;
    private const long DefaultWindow = 42L << 20;

    /// <summary>Bit mask of the channels.</summary>
    public uint ChannelMask => Channels.Aggregate(0u, (mask, channel) => mask | (1u << channel));

    /// <summary>Samples per channel of the largest packet.</summary>
    public int Elements => StreamLink.ElementsOf(TransferUnit, Channels.Count, Format.SampleBytes);

    /// <summary>Checks a request.</summary>
    /// <param name="format">Name of the format.</param>
    /// <param name="channels">The channels; none means the first.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="available">How many channels the device has in that direction.</param>
    /// <exception cref="DeviceCallException">Says what cannot be.</exception>
    public static StreamParameters Parse(string format, int[] channels, Dictionary<string, string> arguments, int available)
    {
        WireFormat wire = WireFormat.All.FirstOrDefault(f => f.Name == format)
            ?? throw new DeviceCallException($"stream format {format}: use {string.Join(" or ", WireFormat.All.Select(f => f.Name))}");
        int[] wanted = channels.Length == 0 ? [0] : channels;
        foreach (int channel in wanted)
        {
            if (channel < 0 || channel >= available)
            {
                throw new DeviceCallException($"channel {channel}: the device has {available} in this direction, counted from 0");
            }
        }

        if (wanted.Distinct().Count() != wanted.Length)
        {
            throw new DeviceCallException("a channel stands twice in one stream");
        }

        string protocol = arguments.GetValueOrDefault("remote:prot", "udp");
        bool isDatagram = protocol == "udp";
        if (!isDatagram && protocol != "tcp")
        {
            throw new DeviceCallException($"remote:prot={protocol}: use tcp or udp");
        }

        int least = 48 + StreamHeader.Size + (wanted.Length * wire.SampleBytes);
        double unit = Number(arguments, "remote:mtu", isDatagram ? DatagramUnit : StreamUnit, least, isDatagram ? ushort.MaxValue : LargestUnit);
        double window = Number(arguments, "remote:window", DefaultWindow, 1024, int.MaxValue);
        return new StreamParameters(wire, wanted, isDatagram, (int)unit, (long)window);
    }

    private static double Number(Dictionary<string, string> arguments, string key, double otherwise, double least, double most)
    {
        if (!arguments.TryGetValue(key, out string? text))
        {
            return otherwise;
        }

        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        return isNumber && value >= least && value <= most
            ? value
            : throw new DeviceCallException(string.Create(CultureInfo.InvariantCulture, $"{key}={text}: from {least} to {most} bytes are possible here"));
    }
}
