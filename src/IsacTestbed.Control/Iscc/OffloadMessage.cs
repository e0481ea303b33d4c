using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Control.Iscc;

/// <summary>What one user offloads in one round: bits, cut into packets, and what the access point has of them. Not thread safe.</summary>
internal sealed class OffloadMessage
{
    private readonly byte[] _message;
    private readonly MessageFragmenter _fragmenter;
    private readonly MessageAssembler _assembler;
    private readonly PacketModulator _modulator;
    private readonly bool[] _arrived;

    /// <param name="seed">Seed of the scenario.</param>
    /// <param name="user">The user.</param>
    /// <param name="round">The round.</param>
    /// <param name="bits">Bits to offload, above zero; whole bytes travel.</param>
    /// <param name="format">Modulation and code.</param>
    public OffloadMessage(ulong seed, int user, int round, double bits, LinkFormat format)
    {
        var random = new CounterRandom(seed, RandomPurpose.PacketBits, (uint)user, (uint)round);
        _message = new byte[(int)Math.Ceiling(bits / 8)];
        for (int i = 0; i < _message.Length; i++)
        {
            _message[i] = (byte)random.UInt64At((ulong)i);
        }

        Format = format;
        Stream = (uint)user;
        _fragmenter = new MessageFragmenter(format.PayloadBytes);
        _assembler = new MessageAssembler(Stream, format.PayloadBytes, _message.Length);
        _modulator = new PacketModulator(format.Format);
        _arrived = new bool[_fragmenter.FragmentCount(_message.Length)];
    }

    /// <summary>Modulation and code.</summary>
    public LinkFormat Format { get; }

    /// <summary>Number of the stream, by which the receiver knows the user.</summary>
    public uint Stream { get; }

    /// <summary>Packets of the message.</summary>
    public int Packets => _arrived.Length;

    /// <summary>Packets that have not arrived.</summary>
    public int[] Missing => [.. Enumerable.Range(0, Packets).Where(p => !_arrived[p])];

    /// <summary>Samples of the radio from the first of a transmission that loses nothing, of one packet per slot, to its last.</summary>
    /// <param name="slotSamples">Samples of a slot.</param>
    /// <param name="band">The user's band.</param>
    public long SamplesWithoutLoss(int slotSamples, UserBand band) =>
        ((Packets - 1L) * slotSamples) + band.AtRadio(_modulator.LengthInSamples(_fragmenter.FragmentLength(_message.Length, Packets - 1)));

    /// <summary>Bits of the message in packets that have arrived.</summary>
    public long ArrivedBits => 8L * Enumerable.Range(0, Packets)
        .Where(p => _arrived[p])
        .Sum(p => (long)_fragmenter.FragmentLength(_message.Length, p) - MessageFragmenter.PrefixBytes);

    /// <summary>Whether the access point has the message, byte for byte.</summary>
    public bool IsWhole => _assembler.IsComplete && _assembler.Message.Span.SequenceEqual(_message);

    /// <summary>The samples of one packet at the modem's rate.</summary>
    public (float[] Re, float[] Im) Modulate(int packet)
    {
        byte[] payload = new byte[_fragmenter.FragmentLength(_message.Length, packet)];
        _fragmenter.WriteFragment(_message, packet, payload);
        float[] re = new float[_modulator.LengthInSamples(payload.Length)], im = new float[re.Length];
        _modulator.Modulate(payload, (uint)packet, Stream, re, im);
        return (re, im);
    }

    /// <summary>Takes what a demodulator found.</summary>
    /// <returns>Whether it is one of this message's packets.</returns>
    public bool Accept(PacketReception reception)
    {
        FragmentOutcome outcome = reception.PayloadValid
            ? _assembler.Accept(reception.SequenceNumber, reception.Stream, reception.Payload.Span)
            : FragmentOutcome.Malformed;
        if (outcome is not (FragmentOutcome.Accepted or FragmentOutcome.Duplicate))
        {
            return false;
        }

        _arrived[reception.SequenceNumber] = true;
        return true;
    }
}
