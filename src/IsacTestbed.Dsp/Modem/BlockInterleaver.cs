namespace IsacTestbed.Dsp.Modem;

/// <summary>Rectangular block interleaver: coded bits fill columns from top to bottom and are sent row by row.</summary>
/// <remarks>
/// The number of columns is odd, so neighbours of the coded sequence fall on places of different reliability of a 16-QAM symbol. It is
/// the odd number from about the square root of the length to twice that which needs the fewest filling bits; both ends compute it.
/// </remarks>
internal readonly record struct BlockInterleaver
{
    /// <summary>The interleaver for a number of coded bits.</summary>
    /// <param name="codedBits">Bits to send, at least one.</param>
    /// <param name="bitsPerSymbol">The interleaved length is a multiple of it: 1, 2 or 4.</param>
    public BlockInterleaver(int codedBits, int bitsPerSymbol)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(codedBits);
        int smallest = (int)Math.Sqrt(codedBits) | 1, fewest = int.MaxValue;
        for (int columns = smallest; columns <= (2 * smallest) + 1; columns += 2)
        {
            int unit = columns * bitsPerSymbol;
            int length = (codedBits + unit - 1) / unit * unit;
            if (length < fewest)
            {
                (fewest, Columns) = (length, columns);
            }
        }

        Length = fewest;
        Rows = fewest / Columns;
        CodedBits = codedBits;
    }

    /// <summary>Bits before interleaving.</summary>
    public int CodedBits { get; }

    /// <summary>Columns, odd.</summary>
    public int Columns { get; }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Bits after interleaving: the coded bits and a few that fill the rectangle.</summary>
    public int Length { get; }

    /// <summary>Interleaves.</summary>
    /// <param name="source"><see cref="Length"/> elements; the filling ones are at the end.</param>
    /// <param name="destination">Receives as many.</param>
    public void Interleave(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int column = 0, read = 0; column < Columns; column++)
        {
            for (int row = 0, write = column; row < Rows; row++, write += Columns)
            {
                destination[write] = source[read++];
            }
        }
    }

    /// <summary>Undoes <see cref="Interleave"/> on soft bits.</summary>
    public void Deinterleave(ReadOnlySpan<sbyte> source, Span<sbyte> destination)
    {
        for (int column = 0, write = 0; column < Columns; column++)
        {
            for (int row = 0, read = column; row < Rows; row++, read += Columns)
            {
                destination[write++] = source[read];
            }
        }
    }
}
