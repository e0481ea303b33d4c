using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Eigenvalues and eigenvectors of many small Hermitian matrices at once: the rotations of <see cref="JacobiWorkspace"/>, one matrix per lane.</summary>
/// <remarks>A matrix rests once it is diagonal, so that its result does not depend on its neighbours. Mutable, not thread safe; allocates nothing after construction.</remarks>
internal sealed class JacobiBatch
{
    private const int MaxSweeps = 40;
    private readonly int _order;
    private readonly MatrixBatch _matrices;
    private readonly double[] _scales;

    /// <summary>Creates the workspace.</summary>
    /// <param name="count">Number of matrices.</param>
    /// <param name="order">Rows of each.</param>
    public JacobiBatch(int count, int order)
    {
        _order = order;
        _matrices = new MatrixBatch(count, order, order);
        Vectors = new MatrixBatch(count, order, order);
        Values = new double[order * Vectors.Stride];
        _scales = new double[Vectors.Stride];
    }

    /// <summary>The eigenvalues, ascending: value j of matrix k at j times <see cref="MatrixBatch.Stride"/> plus k.</summary>
    public double[] Values { get; }

    /// <summary>Orthonormal eigenvectors: row j, conjugated, belongs to value j, so that Vectors A Vectors^H is diagonal.</summary>
    public MatrixBatch Vectors { get; }

    /// <summary>Decomposes all matrices.</summary>
    /// <param name="matrices">Hermitian; only the lower triangles are read.</param>
    public void Decompose(MatrixBatch matrices)
    {
        int width = Vector<double>.Count;
        for (int lane = 0; lane < matrices.Stride; lane += width)
        {
            Load(matrices, lane).CopyTo(_scales, lane);
        }

        // The lanes are the innermost loop: while one vector of them waits for a root, the next one begins.
        for (int sweep = 0; sweep < MaxSweeps && Rests() < matrices.Stride; sweep++)
        {
            for (int p = 0; p < _order - 1; p++)
            {
                for (int q = p + 1; q < _order; q++)
                {
                    for (int lane = 0; lane < matrices.Stride; lane += width)
                    {
                        Rotate(p, q, lane);
                    }
                }
            }
        }

        for (int lane = 0; lane < matrices.Stride; lane += width)
        {
            Sort(lane);
        }
    }

    // Copies the matrices and returns their squared norms.
    private Vector<double> Load(MatrixBatch source, int lane)
    {
        Vector<double> scale = Vector<double>.Zero;
        for (int i = 0; i < _order; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                int x = source.Entry(i, j) + lane;
                Vector<double> re = new(source.Values.Re, x), im = i == j ? Vector<double>.Zero : new Vector<double>(source.Values.Im, x);
                Store(_matrices, i, j, lane, re, im);
                Store(_matrices, j, i, lane, re, -im);
                scale += ((re * re) + (im * im)) * new Vector<double>(i == j ? 1 : 2);
                Store(Vectors, i, j, lane, new Vector<double>(i == j ? 1 : 0), Vector<double>.Zero);
                Store(Vectors, j, i, lane, new Vector<double>(i == j ? 1 : 0), Vector<double>.Zero);
            }
        }

        return scale;
    }

    // A matrix that is diagonal rests: nothing is above the threshold of a scale of infinity. Returns how many lanes rest.
    private int Rests()
    {
        int count = 0;
        for (int lane = 0; lane < _scales.Length; lane += Vector<double>.Count)
        {
            var scale = new Vector<double>(_scales, lane);
            Vector<long> rests = Vector.LessThanOrEqual(OffDiagonal(lane), new Vector<double>(1e-32) * scale);
            Vector.ConditionalSelect(rests, new Vector<double>(double.PositiveInfinity), scale).CopyTo(_scales, lane);
            count -= (int)Vector.Sum(rests);
        }

        return count;
    }

    private Vector<double> OffDiagonal(int lane)
    {
        Vector<double> sum = Vector<double>.Zero;
        for (int i = 1; i < _order; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int x = _matrices.Entry(i, j) + lane;
                Vector<double> re = new(_matrices.Values.Re, x), im = new(_matrices.Values.Im, x);
                sum += (re * re) + (im * im);
            }
        }

        return sum + sum;
    }

    // Makes entry (p, q) zero. Rows p and q of the matrix and of the vectors turn by [c, s e; -s e^*, c]; the columns follow by symmetry.
    private void Rotate(int p, int q, int lane)
    {
        int pq = _matrices.Entry(p, q) + lane, pp = _matrices.Entry(p, p) + lane, qq = _matrices.Entry(q, q) + lane;
        Vector<double> re = new(_matrices.Values.Re, pq), im = new(_matrices.Values.Im, pq);
        Vector<double> squared = (re * re) + (im * im);
        Vector<long> turns = Vector.GreaterThan(squared, new Vector<double>(1e-36) * new Vector<double>(_scales, lane));
        if (Vector.EqualsAll(turns, Vector<long>.Zero))
        {
            return;
        }

        Vector<double> inverse = Vector<double>.One / Vector.SquareRoot(Vector.ConditionalSelect(turns, squared, Vector<double>.One));
        Vector<double> a = new(_matrices.Values.Re, pp), b = new(_matrices.Values.Re, qq);
        Vector<double> tau = new Vector<double>(0.5) * (b - a) * inverse;
        Vector<double> size = Vector<double>.One / (Vector.Abs(tau) + Vector.SquareRoot(Vector<double>.One + (tau * tau)));
        Vector<double> tangent = Vector.ConditionalSelect(turns, Vector.CopySign(size, tau), Vector<double>.Zero);
        Vector<double> c = Vector<double>.One / Vector.SquareRoot(Vector<double>.One + (tangent * tangent));
        Vector<double> s = tangent * c * inverse;
        var turn = new Turn(c, s * re, s * im);
        ref double vectorsRe = ref MemoryMarshal.GetArrayDataReference(Vectors.Values.Re), vectorsIm = ref MemoryMarshal.GetArrayDataReference(Vectors.Values.Im);
        ref double matricesRe = ref MemoryMarshal.GetArrayDataReference(_matrices.Values.Re), matricesIm = ref MemoryMarshal.GetArrayDataReference(_matrices.Values.Im);
        nuint step = (nuint)_matrices.Stride, row = (nuint)_order * step;
        nuint pk = (nuint)(_matrices.Entry(p, 0) + lane), qk = (nuint)(_matrices.Entry(q, 0) + lane);
        nuint kp = (nuint)(_matrices.Entry(0, p) + lane), kq = (nuint)(_matrices.Entry(0, q) + lane);
        for (int k = 0; k < _order; k++, pk += step, qk += step, kp += row, kq += row)
        {
            (Vector<double> pr, Vector<double> pi, Vector<double> qr, Vector<double> qi) = turn.Of(ref vectorsRe, ref vectorsIm, pk, qk);
            pr.StoreUnsafe(ref vectorsRe, pk);
            pi.StoreUnsafe(ref vectorsIm, pk);
            qr.StoreUnsafe(ref vectorsRe, qk);
            qi.StoreUnsafe(ref vectorsIm, qk);
            if (k == p || k == q)
            {
                continue;
            }

            (pr, pi, qr, qi) = turn.Of(ref matricesRe, ref matricesIm, pk, qk);
            pr.StoreUnsafe(ref matricesRe, pk);
            pi.StoreUnsafe(ref matricesIm, pk);
            qr.StoreUnsafe(ref matricesRe, qk);
            qi.StoreUnsafe(ref matricesIm, qk);
            pr.StoreUnsafe(ref matricesRe, kp);
            (-pi).StoreUnsafe(ref matricesIm, kp);
            qr.StoreUnsafe(ref matricesRe, kq);
            (-qi).StoreUnsafe(ref matricesIm, kq);
        }

        Vector<double> shift = tangent * squared * inverse;
        Store(_matrices, p, p, lane, a - shift, Vector<double>.Zero);
        Store(_matrices, q, q, lane, b + shift, Vector<double>.Zero);
        Vector<double> leftRe = Vector.ConditionalSelect(turns, Vector<double>.Zero, re), leftIm = Vector.ConditionalSelect(turns, Vector<double>.Zero, im);
        Store(_matrices, p, q, lane, leftRe, leftIm);
        Store(_matrices, q, p, lane, leftRe, -leftIm);
    }

    // By exchanges of neighbours, the same ones in every lane.
    private void Sort(int lane)
    {
        for (int i = 0; i < _order; i++)
        {
            new Vector<double>(_matrices.Values.Re, _matrices.Entry(i, i) + lane).CopyTo(Values, (i * Vectors.Stride) + lane);
        }

        for (int end = _order - 1; end > 0; end--)
        {
            for (int i = 0; i < end; i++)
            {
                int low = (i * Vectors.Stride) + lane, high = low + Vectors.Stride;
                Vector<long> exchanged = Vector.LessThan(new Vector<double>(Values, high), new Vector<double>(Values, low));
                if (Vector.EqualsAll(exchanged, Vector<long>.Zero))
                {
                    continue;
                }

                Exchange(exchanged, Values, low, high);
                for (int k = 0; k < _order; k++)
                {
                    Exchange(exchanged, Vectors.Values.Re, Vectors.Entry(i, k) + lane, Vectors.Entry(i + 1, k) + lane);
                    Exchange(exchanged, Vectors.Values.Im, Vectors.Entry(i, k) + lane, Vectors.Entry(i + 1, k) + lane);
                }
            }
        }
    }

    private static void Exchange(Vector<long> exchanged, double[] values, int low, int high)
    {
        Vector<double> a = new(values, low), b = new(values, high);
        Vector.ConditionalSelect(exchanged, b, a).CopyTo(values, low);
        Vector.ConditionalSelect(exchanged, a, b).CopyTo(values, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(MatrixBatch target, int row, int column, int lane, Vector<double> re, Vector<double> im)
    {
        int x = target.Entry(row, column) + lane;
        re.CopyTo(target.Values.Re, x);
        im.CopyTo(target.Values.Im, x);
    }

    // Row p becomes c p - s e q and row q becomes s e^* p + c q.
    private readonly struct Turn(Vector<double> c, Vector<double> sRe, Vector<double> sIm)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector<double> ReP, Vector<double> ImP, Vector<double> ReQ, Vector<double> ImQ) Of(ref double re, ref double im, nuint p, nuint q)
        {
            Vector<double> pr = Vector.LoadUnsafe(ref re, p), pi = Vector.LoadUnsafe(ref im, p), qr = Vector.LoadUnsafe(ref re, q), qi = Vector.LoadUnsafe(ref im, q);
            return (
                (c * pr) - ((sRe * qr) - (sIm * qi)), (c * pi) - ((sRe * qi) + (sIm * qr)),
                (c * qr) + ((sRe * pr) + (sIm * pi)), (c * qi) + ((sRe * pi) - (sIm * pr)));
        }
    }
}
