using System.Numerics;

namespace IsacTestbed.Dsp.Modem;

/// <summary>The convolutional code of constraint length 7 with generators 133 and 171 (octal), ended by six zeros.</summary>
/// <remarks>
/// The register is (state shifted left, new bit): the newest bit is the least significant. A state is the last six bits, so state s goes
/// to (2 s + bit) mod 64. Both generators tap the newest and the oldest bit, which gives the trellis its butterflies.
/// </remarks>
internal static class ConvolutionalCode
{
    /// <summary>Number of states.</summary>
    public const int States = 64;

    /// <summary>Zeros appended so that the trellis ends in state 0.</summary>
    public const int TailBits = 6;

    // 133 and 171 octal read with the newest bit first; reversed because the newest bit is the least significant one here.
    private const uint GeneratorA = 0b1101101;
    private const uint GeneratorB = 0b1001111;

    /// <summary>The two coded bits of a transition: first is generator 133, second is 171.</summary>
    public static (int A, int B) Output(int state, int bit)
    {
        uint register = ((uint)state << 1) | (uint)bit;
        return (BitOperations.PopCount(register & GeneratorA) & 1, BitOperations.PopCount(register & GeneratorB) & 1);
    }

    /// <summary>Trellis steps of a block: its bits and the tail.</summary>
    public static int Steps(int informationBytes) => (8 * informationBytes) + TailBits;

    /// <summary>Encodes bytes, most significant bit first, and the tail; punctured bits are left out.</summary>
    /// <param name="information">The bytes.</param>
    /// <param name="rate">Which bits are left out.</param>
    /// <param name="coded">Receives one coded bit per element, 0 or 1; <see cref="PuncturePattern.CodedBits"/> of the steps.</param>
    public static void Encode(ReadOnlySpan<byte> information, CodeRate rate, Span<byte> coded)
    {
        ReadOnlySpan<byte> pattern = PuncturePattern.Of(rate);
        int steps = Steps(information.Length);
        uint register = 0;
        int written = 0, phase = 0;
        for (int t = 0; t < steps; t++)
        {
            uint bit = t < 8 * information.Length ? (uint)(information[t >> 3] >> (7 - (t & 7))) & 1 : 0;
            register = ((register << 1) | bit) & 0x7F;
            byte kept = pattern[phase];
            if ((kept & 1) != 0)
            {
                coded[written++] = (byte)(BitOperations.PopCount(register & GeneratorA) & 1);
            }

            if ((kept & 2) != 0)
            {
                coded[written++] = (byte)(BitOperations.PopCount(register & GeneratorB) & 1);
            }

            phase = phase + 1 == pattern.Length ? 0 : phase + 1;
        }
    }
}
