using System.Runtime.InteropServices;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>How samples lie in a packet: interleaved I and Q, of the machine's byte order.</summary>
internal abstract class WireFormat
{
    /// <summary>Complex floats: full scale is 1.</summary>
    public static WireFormat ComplexFloat { get; } = new FloatFormat();

    /// <summary>Complex 16-bit integers: full scale is 32768, what exceeds it saturates.</summary>
    public static WireFormat ComplexInt16 { get; } = new Int16Format();

    /// <summary>All formats, the native one first.</summary>
    public static IReadOnlyList<WireFormat> All { get; } = [ComplexFloat, ComplexInt16];

    /// <summary>SoapySDR's name.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of a sample.</summary>
    public abstract int SampleBytes { get; }

    /// <summary>Writes samples.</summary>
    public abstract void Pack(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<byte> destination);

    /// <summary>Reads samples and scales them; each of I and Q is held within full scale before, and what is no number becomes zero.</summary>
    /// <returns>Whether a value was beyond full scale.</returns>
    public abstract bool Unpack(ReadOnlySpan<byte> source, float scale, Span<float> real, Span<float> imaginary);

    private sealed class FloatFormat : WireFormat
    {
        public override string Name => "CF32";

        public override int SampleBytes => 8;

        public override void Pack(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<byte> destination) =>
            SampleInterleaving.Interleave(real, imaginary, MemoryMarshal.Cast<byte, float>(destination));

        public override bool Unpack(ReadOnlySpan<byte> source, float scale, Span<float> real, Span<float> imaginary) =>
            SampleInterleaving.Split(MemoryMarshal.Cast<byte, float>(source), scale, real, imaginary);
    }

    private sealed class Int16Format : WireFormat
    {
        private const float FullScale = 32768;

        public override string Name => "CS16";

        public override int SampleBytes => 4;

        public override void Pack(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, Span<byte> destination)
        {
            Span<short> to = MemoryMarshal.Cast<byte, short>(destination);
            for (int i = 0; i < real.Length; i++)
            {
                to[2 * i] = Round(real[i]);
                to[(2 * i) + 1] = Round(imaginary[i]);
            }
        }

        public override bool Unpack(ReadOnlySpan<byte> source, float scale, Span<float> real, Span<float> imaginary)
        {
            ReadOnlySpan<short> from = MemoryMarshal.Cast<byte, short>(source);
            float factor = scale / FullScale;
            for (int i = 0; i < real.Length; i++)
            {
                real[i] = factor * from[2 * i];
                imaginary[i] = factor * from[(2 * i) + 1];
            }

            return false;
        }

        private static short Round(float value) => (short)Math.Clamp(MathF.Round(value * FullScale), short.MinValue, short.MaxValue);
    }
}
