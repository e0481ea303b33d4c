using System.Buffers.Binary;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>What may cross the network during training; there is no other way across.</summary>
public enum BackhaulContent
{
    /// <summary>Samples of a base station's channels to users, upwards: M K N_T complex numbers per sample.</summary>
    UserChannels,

    /// <summary>Samples of its sensing channels, upwards: M J N_T complex numbers per sample. The paper does not count them.</summary>
    SensingChannels,

    /// <summary>Its beamformers, upwards: K N_T complex numbers per sample.</summary>
    Beamformers,

    /// <summary>The loss of a batch, downwards: one number.</summary>
    Loss,

    /// <summary>
    /// The derivatives of the loss with respect to the base station's own beamformers, downwards: K N_T complex numbers per sample. The
    /// paper's "loss information": without them there is no chain rule at the base station.
    /// </summary>
    LossSlopes,
}

/// <summary>
/// The network between one base station and the server: it carries numbers as little-endian singles, four bytes each, and counts them.
/// </summary>
/// <remarks>Not thread safe; every base station has its own.</remarks>
internal sealed class Backhaul
{
    private readonly long[] _bytes = new long[Enum.GetValues<BackhaulContent>().Length];
    private byte[] _wire = [];

    /// <summary>Bytes carried so far.</summary>
    public long Bytes(BackhaulContent content) => _bytes[(int)content];

    /// <summary>Carries numbers across: the receiver gets what came out of the bytes, never the sender's memory.</summary>
    /// <param name="content">What they are.</param>
    /// <param name="sent">The sender's numbers.</param>
    /// <param name="received">The receiver's memory, of the same length.</param>
    public void Carry(BackhaulContent content, ReadOnlySpan<float> sent, Span<float> received)
    {
        int length = sizeof(float) * sent.Length;
        if (_wire.Length < length)
        {
            _wire = new byte[length];
        }

        Span<byte> wire = _wire.AsSpan(0, length);
        for (int i = 0; i < sent.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(wire[(sizeof(float) * i)..], sent[i]);
        }

        _bytes[(int)content] += length;
        for (int i = 0; i < received.Length; i++)
        {
            received[i] = BinaryPrimitives.ReadSingleLittleEndian(wire[(sizeof(float) * i)..]);
        }
    }
}
