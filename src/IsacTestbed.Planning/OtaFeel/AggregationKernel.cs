using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// The two steps of Algorithm 1 without the frame's intervals: the best receivers (32) and the coefficients of the precoder problem (33).
/// </summary>
/// <remarks>
/// The matrix that (32) inverts does not depend on t, since |p_k[t]| = 1. With X_k = S^-1 H_k C_k W_k the receivers are the sums of
/// p_k[t] X_k, so with orthogonal pulses (7) is the sum of tr W_k^2 - Re tr (H_k C_k W_k)^H X_k and A_k of (33) is H_k^H X X^H H_k with
/// all X_l side by side, whatever T is. With one common pulse the X_k are added first. A_k is formed from X^H H_k where X has fewer columns
/// than rows, else from (X X^H) H_k. One iteration costs of the order of N^2 (N + K I) + min(N, K I) N K M, whatever T is.
/// <para>
/// The difference loses as many digits as S has decades between its largest eigenvalue and sigma^2, some eleven at 80 dB. Where that shows,
/// (6) is summed for the receivers as they were computed: a sum of squares, in which their own errors count by the square. That
/// costs N (K I)^2 more with orthogonal pulses.
/// </para>
/// Mutable workspace, not thread safe; allocates nothing after construction.
/// </remarks>
internal sealed class AggregationKernel
{
    // Ten digits are left of a difference below these.
    private const double LargestSpread = 1e6;
    private const double LeastShare = 1e-6;
    private readonly OtaFeelCase _case;
    private readonly MatrixBatch _channels;
    private readonly MatrixBatch _received;
    private readonly double[] _weights;
    private readonly double _weightEnergy;
    private readonly ComplexMatrix _factor;
    private readonly MatrixBatch _filters;
    private readonly ComplexMatrix _filtered;
    private readonly ComplexMatrix _square;
    private readonly MatrixBatch _echoes;
    private readonly double[] _columnRe;
    private readonly double[] _columnIm;
    private readonly double[] _residualRe;
    private readonly double[] _residualIm;
    private bool _solved;

    /// <summary>Creates the workspace for one case.</summary>
    public AggregationKernel(OtaFeelCase problem, PulseSharing sharing)
    {
        _case = problem;
        (int k, int n, int m, int tasks) = (problem.Devices, problem.ServerAntennas, problem.DeviceAntennas, problem.Tasks);
        _channels = new MatrixBatch(k, n, m);
        _received = new MatrixBatch(k, n, tasks);
        _channels.Load(problem.Channels);
        _weights = new double[tasks * _received.Stride];
        for (int device = 0; device < k; device++)
        {
            for (int i = 0; i < tasks; i++)
            {
                _weights[(i * _received.Stride) + device] = problem.Weights[device][i];
            }
        }

        _weightEnergy = Kernels.Dot(_weights, _weights);
        _factor = new ComplexMatrix(n, n);
        _filters = new MatrixBatch(k, n, tasks);
        _filtered = sharing == PulseSharing.Orthogonal ? _filters.Values : new ComplexMatrix(n, tasks);
        _square = new ComplexMatrix(n, n);
        _echoes = new MatrixBatch(k, Math.Min(n, _filtered.Columns), m);
        (_columnRe, _columnIm) = (new double[n], new double[n]);
        (_residualRe, _residualIm) = (new double[tasks * _received.Stride], new double[tasks * _received.Stride]);
    }

    /// <summary>
    /// Receivers without the pulses, of the last <see cref="Receive"/>. Orthogonal pulses: X_k = S^-1 H_k C_k W_k of every device. A common
    /// pulse: the sum of these, the same for every device.
    /// </summary>
    public MatrixBatch Filters
    {
        get
        {
            if (!_solved)
            {
                SubstituteBackward();
                Spread();
                _solved = true;
            }

            return _filters;
        }
    }

    /// <summary>The error of some precoders with their best receivers.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    /// <returns>The time average (7) of the error.</returns>
    public double Receive(MatrixBatch precoders)
    {
        _received.SetProduct(_channels, precoders);
        double largest = Factorise();
        WeighStreams();
        SubstituteForward();
        _solved = false;

        // With S = L L^H and Y the weighted streams, tr Y^H S^-1 Y is the squared norm of L^-1 Y.
        double error = _weightEnergy - _filtered.SquaredFrobeniusNorm();
        return largest > LargestSpread * _case.NoiseVariance || !(error > LeastShare * _weightEnergy) ? SumOfSquares() : error;
    }

    /// <summary>Fills the precoder problem for the receivers of the last <see cref="Receive"/>.</summary>
    /// <param name="problem">Receives A_k and L_k of every device.</param>
    public void Pose(PrecoderProblem problem)
    {
        SetCoefficients(problem.Quadratic, problem.Linear);
        problem.Pose();
    }

    /// <summary>A_k and L_k of (33) for the receivers of the last <see cref="Receive"/>; A_k C_k - L_k is half the gradient of the error there.</summary>
    /// <param name="quadratic">Receives A_k, M by M.</param>
    /// <param name="linear">Receives L_k, M by I.</param>
    public void SetCoefficients(MatrixBatch quadratic, MatrixBatch linear)
    {
        MatrixBatch filters = Filters;
        if (_echoes.Rows == _filtered.Rows)
        {
            Square();
            for (int n = 0; n < _square.Rows; n++)
            {
                SetCombination(_square.Re.AsSpan(n * _square.Columns, _square.Columns), _square.Im.AsSpan(n * _square.Columns, _square.Columns), n);
            }

            quadratic.SetAdjointProduct(_channels, _echoes);
        }
        else
        {
            for (int s = 0; s < _echoes.Rows; s++)
            {
                TakeFilter(s);
                SetCombination(_columnRe, _columnIm, s);
            }

            quadratic.SetAdjointProduct(_echoes, _echoes);
        }

        linear.SetAdjointProduct(_channels, filters);
        Weigh(linear.Values, linear.Values);
    }

    /// <summary>The receivers of the last <see cref="Receive"/>; common pulse only.</summary>
    /// <param name="receivers">Receives them, N rows and a column per task.</param>
    public void CopyReceivers(ComplexMatrix receivers)
    {
        _ = Filters;
        _filtered.Re.CopyTo(receivers.Re, 0);
        _filtered.Im.CopyTo(receivers.Im, 0);
    }

    /// <summary>Takes receivers that need not be the best for any precoders; common pulse only.</summary>
    /// <param name="receivers">N rows and a column per task.</param>
    public void Use(ComplexMatrix receivers)
    {
        receivers.Re.CopyTo(_filtered.Re, 0);
        receivers.Im.CopyTo(_filtered.Im, 0);
        Spread();
        _solved = true;
    }

    /// <summary>The error of some precoders with the receivers of the last <see cref="Use"/>.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    /// <param name="slopes">Receives half the gradient with respect to the receivers, N rows and a column per task.</param>
    public double Evaluate(MatrixBatch precoders, ComplexMatrix slopes)
    {
        _received.SetProduct(_channels, precoders);
        return SumOfSquares(slopes);
    }

    // Row n of the echoes: the channels' rows, all devices side by side, times the coefficients.
    private void SetCombination(ReadOnlySpan<double> re, ReadOnlySpan<double> im, int row)
    {
        ComplexMatrix target = _echoes.Values;
        Span<double> targetRe = target.Re.AsSpan(row * target.Columns, target.Columns), targetIm = target.Im.AsSpan(row * target.Columns, target.Columns);
        targetRe.Clear();
        targetIm.Clear();
        ComplexRows.AddCombination(1, re, im, _channels.Values.Re, _channels.Values.Im, targetRe, targetIm);
    }

    // The average of (6) over the frame: what each filter makes of each stream, less the weight where the stream is wanted, and the noise.
    private double SumOfSquares(ComplexMatrix? slopes = null)
    {
        _ = Filters;
        int stride = _received.Stride, devices = _received.Count;
        bool common = !ReferenceEquals(_filtered, _filters.Values);
        double sum = _case.NoiseVariance * _filtered.SquaredFrobeniusNorm();
        for (int s = 0; s < _filtered.Columns; s++)
        {
            int device = s % stride;
            if (!common && device >= devices)
            {
                continue;
            }

            TakeFilter(s);
            Array.Clear(_residualRe);
            Array.Clear(_residualIm);
            ComplexRows.AddCombination(1, _columnRe, _columnIm, _received.Values.Re, _received.Values.Im, _residualRe, _residualIm);
            if (common)
            {
                Kernels.Accumulate(-1, _weights.AsSpan(s * stride, stride), _residualRe.AsSpan(s * stride, stride));
            }
            else
            {
                _residualRe[s] -= _weights[s];
            }

            sum += Kernels.Dot(_residualRe, _residualRe) + Kernels.Dot(_residualIm, _residualIm);
            if (slopes is not null)
            {
                SetSlopes(slopes, s);
            }
        }

        return sum;
    }

    // Half the gradient of (6) with respect to one filter: the streams times the conjugates of its residuals, and the noise.
    private void SetSlopes(ComplexMatrix slopes, int index)
    {
        int width = _residualRe.Length;
        for (int n = 0; n < _filtered.Rows; n++)
        {
            ReadOnlySpan<double> re = _received.Values.Re.AsSpan(n * width, width), im = _received.Values.Im.AsSpan(n * width, width);
            int x = (n * _filtered.Columns) + index;
            slopes.Re[x] = Kernels.Dot(re, _residualRe) + Kernels.Dot(im, _residualIm) + (_case.NoiseVariance * _filtered.Re[x]);
            slopes.Im[x] = Kernels.Dot(im, _residualRe) - Kernels.Dot(re, _residualIm) + (_case.NoiseVariance * _filtered.Im[x]);
        }
    }

    // One filter, conjugated.
    private void TakeFilter(int index)
    {
        for (int n = 0; n < _filtered.Rows; n++)
        {
            _columnRe[n] = _filtered.Re[(n * _filtered.Columns) + index];
            _columnIm[n] = -_filtered.Im[(n * _filtered.Columns) + index];
        }
    }

    // S = sum of H_k C_k C_k^H H_k^H + sigma^2 I = U^H U: U in the upper triangle of the factor, row by row, and its adjoint in the lower.
    // Returns the largest squared pivot.
    private double Factorise()
    {
        int n = _factor.Rows;
        double largest = 0;
        ComplexRows.Gram(_received.Values, _factor);
        for (int p = 0; p < n; p++)
        {
            Span<double> re = _factor.Re.AsSpan(p * n, n), im = _factor.Im.AsSpan(p * n, n);

            // Every pivot of sigma^2 I plus a semidefinite matrix is at least sigma^2; rounding alone can say otherwise.
            double squared = Math.Max(re[p], 0) + _case.NoiseVariance;
            double pivot = Math.Sqrt(squared);
            largest = Math.Max(largest, squared);
            ComplexRows.Scale(1 / pivot, re[(p + 1)..], im[(p + 1)..]);
            (re[p], im[p]) = (pivot, 0);
            for (int i = p + 1; i < n; i++)
            {
                _factor.Re[(i * n) + p] = re[i];
                _factor.Im[(i * n) + p] = -im[i];
                ComplexRows.AddMultiple(-re[i], im[i], re[i..], im[i..], _factor.Re.AsSpan((i * n) + i, n - i), _factor.Im.AsSpan((i * n) + i, n - i));
            }
        }

        return largest;
    }

    // X X^H, both triangles.
    private void Square()
    {
        int n = _square.Rows;
        ComplexRows.Gram(_filtered, _square);
        for (int i = 1; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (_square.Re[(i * n) + j], _square.Im[(i * n) + j]) = (_square.Re[(j * n) + i], -_square.Im[(j * n) + i]);
            }
        }
    }

    // The weighted streams; under a common pulse those of one task are one stream.
    private void WeighStreams()
    {
        if (ReferenceEquals(_filtered, _filters.Values))
        {
            Weigh(_received.Values, _filtered);
            return;
        }

        int stride = _received.Stride;
        for (int x = 0; x < _filtered.Re.Length; x++)
        {
            ReadOnlySpan<double> weights = _weights.AsSpan(x % _filtered.Columns * stride, stride);
            _filtered.Re[x] = Kernels.Dot(weights, _received.Values.Re.AsSpan(x * stride, stride));
            _filtered.Im[x] = Kernels.Dot(weights, _received.Values.Im.AsSpan(x * stride, stride));
        }
    }

    // Multiplies every row of streams by the weights.
    private void Weigh(ComplexMatrix source, ComplexMatrix target)
    {
        for (int first = 0; first < source.Re.Length; first += _weights.Length)
        {
            ComplexRows.Multiply(_weights, source.Re.AsSpan(first, _weights.Length), target.Re.AsSpan(first, _weights.Length));
            ComplexRows.Multiply(_weights, source.Im.AsSpan(first, _weights.Length), target.Im.AsSpan(first, _weights.Length));
        }
    }

    private void SubstituteForward()
    {
        for (int i = 0; i < _factor.Rows; i++)
        {
            Substitute(i, 0, i);
        }
    }

    private void SubstituteBackward()
    {
        for (int i = _factor.Rows - 1; i >= 0; i--)
        {
            Substitute(i, i + 1, _factor.Rows);
        }
    }

    // Solves for row i, given those from one index up to another.
    private void Substitute(int i, int from, int to)
    {
        int n = _factor.Rows, width = _filtered.Columns;
        Span<double> re = _filtered.Re.AsSpan(i * width, width), im = _filtered.Im.AsSpan(i * width, width);
        ComplexRows.AddCombination(
            -1, _factor.Re.AsSpan((i * n) + from, to - from), _factor.Im.AsSpan((i * n) + from, to - from),
            _filtered.Re.AsSpan(from * width), _filtered.Im.AsSpan(from * width), re, im);
        ComplexRows.Scale(1 / _factor.Re[(i * n) + i], re, im);
    }

    // Under a common pulse every device's streams are received by the same filters.
    private void Spread()
    {
        if (ReferenceEquals(_filtered, _filters.Values))
        {
            return;
        }

        for (int x = 0; x < _filtered.Re.Length; x++)
        {
            _filters.Values.Re.AsSpan(x * _filters.Stride, _filters.Count).Fill(_filtered.Re[x]);
            _filters.Values.Im.AsSpan(x * _filters.Stride, _filters.Count).Fill(_filtered.Im[x]);
        }
    }
}
