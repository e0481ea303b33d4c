namespace IsacTestbed.Dsp.Modem;

/// <summary>Header bytes to header symbols and back. Not thread safe: owns its buffers and a decoder.</summary>
internal sealed class HeaderCodec
{
    // Both copies are permuted by a multiplier coprime to the 220 coded bits, each by its own, so that a fade hits different bits of each.
    private const int FirstStride = 67;
    private const int SecondStride = 89;

    private readonly byte[] _bytes = new byte[PacketLayout.HeaderBytes];
    private readonly byte[] _coded = new byte[PacketLayout.HeaderCodedBits];
    private readonly byte[] _sent = new byte[PacketLayout.HeaderSymbols];
    private readonly float[] _ratios = new float[PacketLayout.HeaderSymbols];
    private readonly float[] _combined = new float[PacketLayout.HeaderCodedBits];
    private readonly sbyte[] _soft = new sbyte[PacketLayout.HeaderCodedBits];
    private readonly ViterbiDecoder _decoder = new();

    /// <summary>Makes the <see cref="PacketLayout.HeaderSymbols"/> symbols of a header.</summary>
    public void Encode(PacketHeader header, Span<float> re, Span<float> im)
    {
        header.Write(_bytes);
        Scrambler.Apply(_bytes);
        ConvolutionalCode.Encode(_bytes, CodeRate.Half, _coded);
        int length = PacketLayout.HeaderCodedBits;
        for (int i = 0; i < length; i++)
        {
            _sent[i] = _coded[i * FirstStride % length];
            _sent[length + i] = _coded[i * SecondStride % length];
        }

        Constellation.Map(Modulation.PiOver2Bpsk, _sent, re, im);
    }

    /// <summary>Decodes equalised header symbols; false when the checksum does not hold.</summary>
    public bool TryDecode(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> snr, out PacketHeader header)
    {
        Constellation.Demap(Modulation.PiOver2Bpsk, re, im, snr, _ratios);
        int length = PacketLayout.HeaderCodedBits;
        Array.Clear(_combined);
        for (int i = 0; i < length; i++)
        {
            _combined[i * FirstStride % length] += _ratios[i];
            _combined[i * SecondStride % length] += _ratios[length + i];
        }

        SoftQuantiser.Quantise(_combined, _soft);
        _decoder.Decode(_soft, _bytes);
        Scrambler.Apply(_bytes);
        return PacketHeader.TryRead(_bytes, out header);
    }
}
