using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using IsacTestbed.Core;

namespace IsacTestbed.Learning.Kernels;

/// <summary>Blocked, vectorised, multi-threaded single-precision matrix product; holds the packed panels between calls.</summary>
/// <remarks>
/// Threads share rows and columns of the result, never the inner dimension, and a tile continues its sums from the result so far. Each
/// element
/// is therefore one chain of fused multiply-adds in the order of the inner index: the same bits on every machine, vector width and number
/// of threads, and the same as <see cref="MatrixProductReference"/>, which also serves where no vector unit has the instruction.
/// One caller at a time.
/// </remarks>
internal sealed unsafe class MatrixProduct(WorkTeam team, InstructionTier tier) : IPartitionedWork
{
    // One packed column panel of this depth is 32 KiB at most: it stays near the core while the rows of a block pass by it.
    private const int InnerBlock = 256;
    private const int TileRowsPerBlock = 5;

    // Below this many multiply-adds a product takes less time than waking a helper.
    private const long SharedWorkThreshold = 1 << 18;

    private readonly AlignedBuffer _packedB = new();
    private readonly AlignedBuffer _start = new();
    private readonly AlignedBuffer[] _packedA = [.. Enumerable.Range(0, team.Size).Select(_ => new AlignedBuffer())];

    private int _rows;
    private int _columns;
    private int _inner;
    private float* _a;
    private float* _b;
    private float* _c;
    private float* _panels;
    private float* _startRow;
    private bool _transposeA;
    private bool _transposeB;
    private bool _packing;

    /// <summary>A product on the widest vectors of this machine.</summary>
    public MatrixProduct(WorkTeam team)
        : this(team, BestTier)
    {
    }

    /// <summary>The widest vectors of this machine. The 512-bit ones are taken even where the runtime calls them slow, as on the first to
    /// have them.</summary>
    public static InstructionTier BestTier =>
        Avx512F.IsSupported ? InstructionTier.Vector512
        : Fma.IsSupported || AdvSimd.IsSupported ? InstructionTier.Vector256
        : InstructionTier.Scalar;

    private int TileRows => tier == InstructionTier.Vector512 ? Tile512.Rows : Tile256.Rows;

    private int TileColumns => tier == InstructionTier.Vector512 ? Tile512.Columns : Tile256.Columns;

    /// <summary>c = op(a) op(b) + bias on each row, all row-major and dense.</summary>
    /// <param name="rows">Rows of c and of op(a).</param>
    /// <param name="columns">Columns of c and of op(b).</param>
    /// <param name="inner">Columns of op(a), rows of op(b); 0 gives the bias.</param>
    /// <param name="a">rows x inner, or inner x rows if transposed.</param>
    /// <param name="transposeA">Whether op(a) is the transpose of a.</param>
    /// <param name="b">inner x columns, or columns x inner if transposed.</param>
    /// <param name="transposeB">Whether op(b) is the transpose of b.</param>
    /// <param name="bias">One value per column, from which the sums start; empty for zeros.</param>
    /// <param name="c">Receives rows x columns; must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">A length does not match its shape, or c overlaps an input.</exception>
    public void Multiply(
        int rows,
        int columns,
        int inner,
        ReadOnlySpan<float> a,
        bool transposeA,
        ReadOnlySpan<float> b,
        bool transposeB,
        ReadOnlySpan<float> bias,
        Span<float> c)
    {
        RequireShape(a.Length, rows, inner, nameof(a));
        RequireShape(b.Length, inner, columns, nameof(b));
        RequireShape(c.Length, rows, columns, nameof(c));
        if (!bias.IsEmpty)
        {
            RequireShape(bias.Length, 1, columns, nameof(bias));
        }

        if (c.Overlaps(a) || c.Overlaps(b) || c.Overlaps(bias))
        {
            throw new ArgumentException("The result must not overlap an input.", nameof(c));
        }

        if (tier == InstructionTier.Scalar)
        {
            MatrixProductReference.Multiply(rows, columns, inner, a, transposeA, b, transposeB, bias, c);
            return;
        }

        if (rows == 0 || columns == 0)
        {
            return;
        }

        if (rows == 1 && !transposeB)
        {
            // A single sample: packing the panels would read and write b once more than the product itself.
            ElementwiseKernels.RowProduct(a, b, bias, c);
            return;
        }

        int panels = (columns + TileColumns - 1) / TileColumns;
        int blocks = (rows + (TileRowsPerBlock * TileRows) - 1) / (TileRowsPerBlock * TileRows);
        (_rows, _columns, _inner, _transposeA, _transposeB) = (rows, columns, inner, transposeA, transposeB);
        _panels = _packedB.Reserve(checked(panels * TileColumns * Math.Max(inner, 1)));
        _startRow = _start.Reserve(panels * TileColumns);
        var start = new Span<float>(_startRow, panels * TileColumns);
        bias.CopyTo(start);
        start[bias.Length..].Clear();

        bool shared = (long)rows * columns * inner >= SharedWorkThreshold;
        fixed (float* pa = a, pb = b, pc = c)
        {
            _a = pa;
            _b = pb;
            _c = pc;
            _packing = true;
            RunParts(panels, shared);
            _packing = false;
            RunParts(blocks, shared);
        }

        _a = _b = _c = null;
    }

    /// <inheritdoc/>
    public void Execute(int part, int worker)
    {
        if (_packing)
        {
            PackPanel(part);
        }
        else
        {
            MultiplyBlock(part, _packedA[worker].Reserve(TileRowsPerBlock * TileRows * InnerBlock));
        }
    }

    private static void RequireShape(int length, int rows, int columns, string name)
    {
        if (rows < 0 || columns < 0 || length != (long)rows * columns)
        {
            throw new ArgumentException($"{length} elements are not {rows} x {columns}.", name);
        }
    }

    private void RunParts(int parts, bool shared)
    {
        if (shared)
        {
            team.Run(this, parts);
            return;
        }

        for (int part = 0; part < parts; part++)
        {
            Execute(part, 0);
        }
    }

    private void PackPanel(int panel)
    {
        int first = panel * TileColumns;
        int count = Math.Min(TileColumns, _columns - first);
        float* destination = _panels + ((long)first * _inner);
        if (_transposeB)
        {
            Packing.OneAfterAnother(_b + ((long)first * _inner), _inner, count, TileColumns, _inner, destination);
        }
        else
        {
            Packing.SideBySide(_b + first, _columns, count, TileColumns, _inner, destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyBlock(int block, float* packed)
    {
        int tileRows = TileRows, tileColumns = TileColumns;
        float* edge = stackalloc float[Tile512.Rows * Tile512.Columns];
        int firstRow = block * TileRowsPerBlock * tileRows;
        int endRow = Math.Min(_rows, firstRow + (TileRowsPerBlock * tileRows));
        int p = 0;
        do
        {
            int depth = Math.Min(InnerBlock, _inner - p);
            for (int row = firstRow; row < endRow; row += tileRows)
            {
                int count = Math.Min(tileRows, endRow - row);
                float* destination = packed + ((row - firstRow) * depth);
                if (_transposeA)
                {
                    Packing.SideBySide(_a + ((long)p * _rows) + row, _rows, count, tileRows, depth, destination);
                }
                else
                {
                    Packing.OneAfterAnother(_a + ((long)row * _inner) + p, _inner, count, tileRows, depth, destination);
                }
            }

            for (int column = 0; column < _columns; column += tileColumns)
            {
                int width = Math.Min(tileColumns, _columns - column);
                float* b = _panels + ((long)column * _inner) + ((long)p * tileColumns);
                for (int row = firstRow; row < endRow; row += tileRows)
                {
                    int height = Math.Min(tileRows, endRow - row);
                    float* a = packed + ((row - firstRow) * depth);
                    float* c = _c + ((long)row * _columns) + column;
                    bool whole = width == tileColumns && height == tileRows;
                    float* start = p == 0 ? _startRow + column : whole ? c : edge;
                    int startStride = p == 0 ? 0 : whole ? _columns : tileColumns;
                    if (!whole && p > 0)
                    {
                        Copy(c, _columns, edge, tileColumns, height, width);
                    }

                    MultiplyTile(depth, a, b, start, startStride, whole ? c : edge, whole ? _columns : tileColumns);
                    if (!whole)
                    {
                        Copy(edge, tileColumns, c, _columns, height, width);
                    }
                }
            }

            p += depth;
        }
        while (p < _inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MultiplyTile(int inner, float* a, float* b, float* start, int startStride, float* c, int stride)
    {
        if (tier == InstructionTier.Vector512)
        {
            Tile512.Multiply(inner, a, b, start, startStride, c, stride);
        }
        else
        {
            Tile256.Multiply(inner, a, b, start, startStride, c, stride);
        }
    }

    private static void Copy(float* source, int sourceStride, float* destination, int destinationStride, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(source + ((long)i * sourceStride), columns).CopyTo(
                new Span<float>(destination + ((long)i * destinationStride), columns));
        }
    }
}
