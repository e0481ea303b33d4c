namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Eigenvalues and eigenvectors of small Hermitian matrices by cyclic Jacobi rotations, in its own workspace.</summary>
/// <remarks>Mutable and not thread safe; nothing is allocated after construction. Costs some ten times n^3.</remarks>
internal sealed class JacobiWorkspace
{
    private const int MaxSweeps = 40;
    private readonly double[] _re;
    private readonly double[] _im;

    /// <summary>Creates the workspace.</summary>
    /// <param name="order">Number of rows, n.</param>
    public JacobiWorkspace(int order)
    {
        Order = order;
        _re = new double[order * order];
        _im = new double[order * order];
        Values = new double[order];
        Vectors = new ComplexMatrix(order, order);
    }

    /// <summary>Number of rows, n.</summary>
    public int Order { get; }

    /// <summary>The eigenvalues, ascending.</summary>
    public double[] Values { get; }

    /// <summary>Orthonormal eigenvectors: row j, conjugated, belongs to value j, so that Vectors A Vectors^H is diagonal.</summary>
    public ComplexMatrix Vectors { get; }

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Hermitian, n by n; only the lower triangle is read.</param>
    public void Decompose(ComplexMatrix matrix)
    {
        int n = Order;
        double scale = 0;
        Array.Clear(Vectors.Re);
        Array.Clear(Vectors.Im);
        for (int i = 0; i < n; i++)
        {
            Vectors.Re[(i * n) + i] = 1;
            for (int j = 0; j <= i; j++)
            {
                double re = matrix.Re[(i * n) + j], im = i == j ? 0 : matrix.Im[(i * n) + j];
                (_re[(i * n) + j], _im[(i * n) + j]) = (re, im);
                (_re[(j * n) + i], _im[(j * n) + i]) = (re, -im);
                scale += (i == j ? 1 : 2) * ((re * re) + (im * im));
            }
        }

        for (int sweep = 0; sweep < MaxSweeps && OffDiagonal() > 1e-32 * scale; sweep++)
        {
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Rotate(p, q, scale);
                }
            }
        }

        for (int i = 0; i < n; i++)
        {
            Values[i] = _re[(i * n) + i];
        }

        Sort();
    }

    private double OffDiagonal()
    {
        double sum = 0;
        for (int i = 1; i < Order; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double re = _re[(i * Order) + j], im = _im[(i * Order) + j];
                sum += (re * re) + (im * im);
            }
        }

        return 2 * sum;
    }

    // Makes entry (p, q) zero. Rows p and q of the matrix and of the vectors turn by [c, s e; -s e^*, c]; the columns follow by symmetry.
    private void Rotate(int p, int q, double scale)
    {
        int n = Order;
        double re = _re[(p * n) + q], im = _im[(p * n) + q];
        double squared = (re * re) + (im * im);
        if (squared <= 1e-36 * scale)
        {
            return;
        }

        double modulus = Math.Sqrt(squared);
        double phaseRe = re / modulus, phaseIm = im / modulus;
        double a = _re[(p * n) + p], b = _re[(q * n) + q];
        double tau = (b - a) / (2 * modulus);
        double tangent = Math.CopySign(1, tau) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        double c = 1 / Math.Sqrt(1 + (tangent * tangent)), s = tangent * c;
        double sRe = s * phaseRe, sIm = s * phaseIm;
        TurnRows(_re, _im, p, q, c, sRe, sIm);
        TurnRows(Vectors.Re, Vectors.Im, p, q, c, sRe, sIm);
        for (int k = 0; k < n; k++)
        {
            if (k != p && k != q)
            {
                (_re[(k * n) + p], _im[(k * n) + p]) = (_re[(p * n) + k], -_im[(p * n) + k]);
                (_re[(k * n) + q], _im[(k * n) + q]) = (_re[(q * n) + k], -_im[(q * n) + k]);
            }
        }

        _re[(p * n) + p] = a - (tangent * modulus);
        _re[(q * n) + q] = b + (tangent * modulus);
        _im[(p * n) + p] = _im[(q * n) + q] = 0;
        _re[(p * n) + q] = _im[(p * n) + q] = _re[(q * n) + p] = _im[(q * n) + p] = 0;
    }

    // Row p becomes c p - s e q, row q becomes s e^* p + c q.
    private void TurnRows(double[] re, double[] im, int p, int q, double c, double sRe, double sIm)
    {
        Span<double> reP = re.AsSpan(p * Order, Order), imP = im.AsSpan(p * Order, Order);
        Span<double> reQ = re.AsSpan(q * Order, Order), imQ = im.AsSpan(q * Order, Order);
        for (int k = 0; k < reP.Length; k++)
        {
            (double pr, double pi, double qr, double qi) = (reP[k], imP[k], reQ[k], imQ[k]);
            reP[k] = (c * pr) - ((sRe * qr) - (sIm * qi));
            imP[k] = (c * pi) - ((sRe * qi) + (sIm * qr));
            reQ[k] = (c * qr) + ((sRe * pr) + (sIm * pi));
            imQ[k] = (c * qi) + ((sRe * pi) - (sIm * pr));
        }
    }

    private void Sort()
    {
        int n = Order;
        for (int i = 0; i < n - 1; i++)
        {
            int least = i;
            for (int j = i + 1; j < n; j++)
            {
                least = Values[j] < Values[least] ? j : least;
            }

            if (least == i)
            {
                continue;
            }

            (Values[i], Values[least]) = (Values[least], Values[i]);
            for (int k = 0; k < n; k++)
            {
                int x = (i * n) + k, y = (least * n) + k;
                (Vectors.Re[x], Vectors.Re[y]) = (Vectors.Re[y], Vectors.Re[x]);
                (Vectors.Im[x], Vectors.Im[y]) = (Vectors.Im[y], Vectors.Im[x]);
            }
        }
    }
}
