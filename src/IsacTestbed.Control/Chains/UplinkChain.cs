using IsacTestbed.Control.Scheduling;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Control.Chains;

/// <summary>The uplink's modem on both ends: a message to packet waveforms, captured windows to what was decoded. Not thread safe.</summary>
public sealed class UplinkChain
{
    private readonly PacketModulator _modulator;
    private readonly PacketDemodulator _demodulator;

    /// <summary>Prepares the modem of a scenario.</summary>
    public UplinkChain(UplinkSection uplink)
    {
        Modulation modulation = uplink.Modulation switch
        {
            "bpsk" => Modulation.PiOver2Bpsk,
            "qpsk" => Modulation.Qpsk,
            _ => Modulation.Qam16,
        };
        CodeRate rate = uplink.CodeRate switch
        {
            "1/2" => CodeRate.Half,
            "2/3" => CodeRate.TwoThirds,
            _ => CodeRate.ThreeQuarters,
        };
        var format = new PacketFormat(modulation, rate, uplink.SamplesPerSymbol);
        _modulator = new PacketModulator(format);
        _demodulator = new PacketDemodulator(format);
        BytesPerPacket = uplink.PayloadBytes;
        PacketSamples = _modulator.LengthInSamples(BytesPerPacket);
    }

    /// <summary>Mean power of a packet relative to full scale.</summary>
    public static double MeanPower => PacketModulator.MeanPower;

    /// <summary>Symbol SNR, linear, below which the preamble goes undetected.</summary>
    public double DetectionSnr => _demodulator.DetectionSnr;

    /// <summary>Payload of a full packet.</summary>
    public int BytesPerPacket { get; }

    /// <summary>Samples of a full packet.</summary>
    public int PacketSamples { get; }

    /// <summary>Packets that a message needs.</summary>
    public int PacketsOf(int messageBytes) => (messageBytes + BytesPerPacket - 1) / BytesPerPacket;

    /// <summary>Makes the waveforms of a message; the last packet may be shorter.</summary>
    /// <param name="message">The message, at least one byte.</param>
    /// <param name="stream">Number of the sender, which the receiver checks.</param>
    public Waveform[] Modulate(ReadOnlySpan<byte> message, uint stream)
    {
        var waveforms = new Waveform[PacketsOf(message.Length)];
        for (int packet = 0; packet < waveforms.Length; packet++)
        {
            int start = packet * BytesPerPacket;
            ReadOnlySpan<byte> payload = message[start..Math.Min(start + BytesPerPacket, message.Length)];
            float[] real = new float[_modulator.LengthInSamples(payload.Length)], imaginary = new float[real.Length];
            _modulator.Modulate(payload, (uint)packet, stream, real, imaginary);
            waveforms[packet] = new Waveform($"packet-{packet}", real, imaginary);
        }

        return waveforms;
    }

    /// <summary>Decodes a window.</summary>
    /// <param name="window">What the server captured on its first channel.</param>
    /// <param name="packet">Which packet it should hold; another device's or another number's does not count.</param>
    public PacketReading Receive(CapturedWindow window, PacketWindow packet)
    {
        // The packet begins within the guard before its nominal start and the one behind it; searching further costs time and finds only noise.
        PacketReception reception = _demodulator.Receive(window.Real(0), window.Imaginary(0), 2 * UploadScheduler.GuardTicks);
        bool ours = reception.PayloadValid && reception.SequenceNumber == (uint)packet.Packet && reception.Stream == (uint)packet.Device;
        return new PacketReading(
            packet.BurstId,
            reception.Detected,
            reception.Detected ? Math.Max(reception.SnrLinear, 0) : 0,
            ours ? reception.Payload.ToArray() : null,
            window.Flags,
            window.HasGap);
    }

    /// <summary>Puts a message together from its packets, in the order in which they were sent.</summary>
    /// <returns>The message; null when a packet is missing.</returns>
    public static byte[]? Assemble(IReadOnlyList<PacketReading> packets) =>
        packets.All(p => p.Payload is not null) ? [.. packets.OrderBy(p => p.BurstId).SelectMany(p => p.Payload!)] : null;
}
